/** A drift that nobody has seen lately is not acted on: some breaching signal must be fresh. */
import { driftingSignals, isStale } from '../signals.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const stale: Gate = {
  name: 'stale',
  judge({ version, episode, at }) {
    if (!episode) return pass('no episode is open');
    const drifting = driftingSignals(version);
    const fresh = drifting.filter((signal) => !isStale(signal, at));
    if (fresh.length === 0)
      return wait(null, `no fresh sample of ${drifting.map(({ metric }) => metric).join(', ')}`);
    return pass(`fresh samples of ${fresh.map(({ metric }) => metric).join(', ')}`);
  },
};
