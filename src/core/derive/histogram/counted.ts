/** What a window has counted, as one histogram. */
import type { Counted } from '../counting-kind.ts';
import type { Histogram } from './bins.ts';

/** How many observations there are, in whichever form holds more. */
export function observationsOf(counted: Counted): number {
  return Math.max(counted.counts.at(-1) ?? 0, counted.native?.count ?? 0);
}

/**
 * A window holds both forms only where a target has changed its format in the middle of it; then the one with more
 * observations stands for all.
 */
export function histogramOf({ keys, counts, native }: Counted): Histogram {
  return native !== null && native.count >= (counts.at(-1) ?? 0)
    ? { kind: 'native', ...native }
    : { kind: 'classic', bounds: keys, cumulative: counts };
}
