/** With an empty store nobody knows what was asked before: requests are held for `initial_hold` after its creation. */
import { durationText } from '../text.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const stateUnknown: Gate = {
  name: 'state_unknown',
  judge({ world, policy, at }) {
    const until = world.createdAt + policy.initialHoldMs;
    if (at < until)
      return wait(
        until,
        `the store is new; what was asked before it is unknown for ${durationText(policy.initialHoldMs)}`,
      );
    return pass(`the store is ${durationText(at - world.createdAt)} old`);
  },
};
