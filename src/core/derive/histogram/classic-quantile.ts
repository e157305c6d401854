/** Quantiles of classic histograms, by the rules of Prometheus' `histogram_quantile` (promql: bucketQuantile). */

/** Counts that differ by no more, relatively, are taken as equal: they differ by how floats were added up. */
const PRECISION = 1e-12;

/**
 * The value that a share `quantile` of the observations does not exceed, linear within its bucket. The lowest bucket
 * begins at 0 where its bound is positive, and is its bound otherwise; the +Inf bucket is the bound before it. A count
 * below that of a lower bound is raised to it.
 *
 * NaN without observations, with fewer than two buckets, or where the highest bound is not +Inf; -Inf for a quantile
 * below 0, +Inf for one above 1.
 */
export function classicQuantile(
  quantile: number,
  bounds: ArrayLike<number>,
  cumulative: ArrayLike<number>,
): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  if (!areAscending(bounds)) {
    const tidy = tidied(bounds, cumulative);
    return classicQuantile(quantile, tidy.bounds, tidy.cumulative);
  }
  const last = bounds.length - 1;
  if (last < 1 || bounds[last] !== Infinity) return NaN;

  // Twice the same walk over the counts, mended as it goes: once for how many there are, once for the bucket.
  const observations = walk(cumulative, last, Infinity).count;
  if (!(observations > 0)) return NaN;
  const rank = quantile * observations;
  const { at, count, below } = walk(cumulative, last, rank);
  if (at === last) return bounds[last - 1]!;
  const upper = bounds[at]!;
  if (at === 0 && upper <= 0) return upper;
  const lower = at === 0 ? 0 : bounds[at - 1]!;
  return lower + (upper - lower) * ((rank - below) / (count - below));
}

/** The first bucket before the last whose mended count reaches the rank, or else the last one. */
function walk(cumulative: ArrayLike<number>, last: number, rank: number) {
  let trusted = cumulative[0]!;
  let count = trusted;
  let below = 0;
  let at = 0;
  while (at < last && !(count >= rank)) {
    below = count;
    const next = cumulative[++at]!;
    if (Math.abs(next - trusted) / next > PRECISION) trusted = next;
    if (trusted > count) count = trusted;
  }
  return { at, count, below };
}

function areAscending(bounds: ArrayLike<number>): boolean {
  for (let at = 1; at < bounds.length; at++) if (!(bounds[at - 1]! < bounds[at]!)) return false;
  return true;
}

/** By bound; the counts of equal bounds are added; bounds that are NaN are left out. */
function tidied(bounds: ArrayLike<number>, cumulative: ArrayLike<number>) {
  const at = new Map<number, number>();
  for (let index = 0; index < bounds.length; index++) {
    const bound = bounds[index]!;
    if (!Number.isNaN(bound)) at.set(bound, (at.get(bound) ?? 0) + cumulative[index]!);
  }
  const sorted = [...at].sort(([a], [b]) => (a < b ? -1 : 1));
  return { bounds: sorted.map(([bound]) => bound), cumulative: sorted.map(([, count]) => count) };
}
