/** A drift that nobody has seen lately is not acted on: some breaching signal must be fresh. */
import { breachingSignals, isStale } from '../signals.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const stale: Gate = {
  name: 'stale',
  judge({ version, episode, at }) {
    if (!episode) return pass('no episode is open');
    const breaching = breachingSignals(version);
    if (breaching.length === 0)
      return wait(null, `nothing breaches now, ${episode.metrics.join(', ')} may recover`);
    const fresh = breaching.filter((signal) => !isStale(signal, at));
    if (fresh.length === 0) return wait(null, `no fresh sample of ${named(breaching)}`);
    return pass(`fresh samples of ${named(fresh)}`);
  },
};

function named(signals: readonly { readonly metric: string }[]): string {
  return signals.map(({ metric }) => metric).join(', ');
}
