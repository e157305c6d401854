/**
 * Quantiles of native histograms, by the rules of Prometheus 3's `histogram_quantile`. Prometheus 2 went through every
 * bucket in a straight line; the figures of the two differ.
 */
import type { NativeBuckets, NativeHistogram } from './native.ts';
import { boundOf } from './native.ts';

interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * The value that a share `quantile` of the observations does not exceed: log-linear within a bucket, linear within the
 * zero bucket, which ends at 0 where only one sign is populated.
 *
 * NaN without observations, and where the quantile lies above all buckets, among observations that are NaN; -Inf for a
 * quantile below 0, +Inf for one above 1.
 */
export function nativeQuantile(quantile: number, histogram: NativeHistogram): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  if (!(histogram.count > 0)) return NaN;

  const buckets = bucketsOf(histogram);
  // From the nearer end, which loses fewer digits; but NaN observations, which make the sum NaN, are at the upper one.
  const forward = Number.isNaN(histogram.sum) || quantile < 0.5;
  if (!forward) buckets.reverse();
  const rank = (forward ? quantile : 1 - quantile) * histogram.count;
  let seen = 0;
  for (const bucket of buckets) {
    const before = seen;
    seen += bucket.count;
    if (seen < rank) continue;
    const part = (rank - before) / bucket.count;
    return interpolated(bucket, forward ? part : 1 - part);
  }
  return NaN;
}

/** What lies `part` of the way through the bucket, in 0 to 1. */
function interpolated({ lower, upper }: Bucket, part: number): number {
  if (lower <= 0 && upper >= 0) return lower + (upper - lower) * part;
  // lower · (upper / lower)^part is 2^(log2 lower + (log2 upper - log2 lower) · part), for either sign.
  return lower * (upper / lower) ** part;
}

/** The populated buckets in order of value. A bucket that overlaps the zero bucket begins where that ends. */
function bucketsOf(histogram: NativeHistogram): Bucket[] {
  const { schema, zeroThreshold, zeroCount } = histogram;
  const ofSign = ({ indexes, counts }: NativeBuckets): Bucket[] => {
    const populated: Bucket[] = [];
    for (let at = 0; at < indexes.length; at++) {
      const index = indexes[at]!;
      const count = counts[at]!;
      if (!(count > 0)) continue;
      const lower = Math.max(boundOf(index - 1, schema), zeroThreshold);
      populated.push({ lower, upper: boundOf(index, schema), count });
    }
    return populated;
  };
  const positive = ofSign(histogram.positive);
  const negative = ofSign(histogram.negative)
    .reverse()
    .map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count }));
  if (!(zeroCount > 0)) return [...negative, ...positive];
  const zero = {
    lower: negative.length === 0 && positive.length > 0 ? 0 : -zeroThreshold,
    upper: positive.length === 0 && negative.length > 0 ? 0 : zeroThreshold,
    count: zeroCount,
  };
  return [...negative, zero, ...positive];
}
