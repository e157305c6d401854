/** The bins that two histograms have in common, with what each has in them. */
import type { ClassicHistogram } from './classic.ts';
import { onCommonBounds } from './classic.ts';
import type { NativeBuckets, NativeHistogram } from './native.ts';
import { onCommonBuckets } from './native.ts';

export type Histogram =
  | ({ readonly kind: 'classic' } & ClassicHistogram)
  | ({ readonly kind: 'native' } & NativeHistogram);

/** How many observations of each lie in each bin; bins are in order of value. */
export interface Bins {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** The bins that both know; null where they have fewer than two in common, or are of different kinds. */
export function commonBins(reference: Histogram, current: Histogram): Bins | null {
  if (reference.kind === 'native')
    return current.kind === 'native' ? nativeBins(...onCommonBuckets(reference, current)) : null;
  if (current.kind === 'native') return null;
  const { bounds, a, b } = onCommonBounds(reference, current);
  // Without +Inf nobody knows how many observations there are.
  if (bounds.length < 2 || bounds[bounds.length - 1] !== Infinity) return null;
  return { reference: countsOf(a), current: countsOf(b) };
}

/** Counts per bucket; a cumulative count below the one before it is raised to it. */
function countsOf(cumulative: ArrayLike<number>): number[] {
  let below = 0;
  return Array.from(cumulative, (count) => {
    const inside = Math.max(0, count - below);
    below += inside;
    return inside;
  });
}

/** Every bucket that either has, and last the observations that are NaN: Prometheus takes them as above all others. */
function nativeBins(reference: NativeHistogram, current: NativeHistogram): Bins {
  const negative = side(reference.negative, current.negative);
  const positive = side(reference.positive, current.positive);
  const all = (of: keyof Bins, histogram: NativeHistogram) => {
    const counts = [...negative[of].toReversed(), histogram.zeroCount, ...positive[of]];
    const strays = Number.isNaN(histogram.sum) ? Math.max(0, histogram.count - total(counts)) : 0;
    return [...counts, strays];
  };
  return { reference: all('reference', reference), current: all('current', current) };
}

function side(reference: NativeBuckets, current: NativeBuckets): Bins {
  const bins = { reference: [] as number[], current: [] as number[] };
  for (let left = 0, right = 0; left < reference.indexes.length || right < current.indexes.length; ) {
    const index = reference.indexes[left] ?? Infinity;
    const other = current.indexes[right] ?? Infinity;
    bins.reference.push(index <= other ? reference.counts[left++]! : 0);
    bins.current.push(other <= index ? current.counts[right++]! : 0);
  }
  return bins;
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
