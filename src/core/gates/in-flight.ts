/** One request in flight per model, whatever the version, from `requested` to its final status, parked included. */
import { requestDeadline } from '../wake.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const inFlight: Gate = {
  name: 'in_flight',
  judge({ world, version }) {
    const request = version.model.inFlight;
    if (!request) return pass('no request is in flight');
    const deadline = requestDeadline(world, request);
    return wait(Number.isFinite(deadline) ? deadline : null, `${request.id} is ${request.status}`);
  },
};
