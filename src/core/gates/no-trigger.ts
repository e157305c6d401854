/** Somebody must be there to be asked. */
import { triggerFor } from '../signals.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const noTrigger: Gate = {
  name: 'no_trigger',
  judge({ world, version }) {
    const trigger = triggerFor(world.config, version.model.name);
    return trigger ? pass(`through trigger ${trigger.name}`) : wait(null, 'no trigger is for this model');
  },
};
