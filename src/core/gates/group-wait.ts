/** Signals of one model version that drift together make one request. */
import { durationText } from '../text.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const groupWait: Gate = {
  name: 'group_wait',
  judge({ episode, policy, at }) {
    if (!episode) return pass('no episode is open');
    const until = episode.startedAt + policy.groupWaitMs;
    if (at < until) return wait(until, `collecting signals for ${durationText(policy.groupWaitMs)}`);
    return pass(
      `${episode.metrics.length === 1 ? '1 signal' : `${episode.metrics.length} signals`} in the episode`,
    );
  },
};
