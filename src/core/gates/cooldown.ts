/** Time for a retrain to show what it did, per model name, from the end of its last request. */
import { durationText } from '../text.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const cooldown: Gate = {
  name: 'cooldown',
  judge({ version, policy, at }) {
    const ended = version.model.lastEndedAt;
    if (ended === null) return pass('no delivered request before');
    const until = ended + policy.cooldownMs;
    const detail = `last request ended ${durationText(at - ended)} ago`;
    return at < until ? wait(until, detail) : pass(detail);
  },
};
