/**
 * Differences and sums of native histograms. Counter resets are found, and resolutions and zero buckets reconciled, by
 * the rules of Prometheus (model/histogram: DetectReset and Add).
 */
import type { NativeBuckets, NativeHistogram } from './native.ts';
import { appendBucket, onCommonBuckets, reducedTo, widenedTo } from './native.ts';

/**
 * What was observed from `before` to `now`, two states of one histogram's counters, in the layout of `now`; null where
 * they were reset in between. They were where the count, the zero count or any bucket fell, where the resolution rose,
 * where the zero bucket shrank, or where its new end cuts through a bucket that was populated before: clients only
 * ever make a histogram coarser, and absorb whole buckets.
 */
export function deltaOfNative(before: NativeHistogram, now: NativeHistogram): NativeHistogram | null {
  if (now.count < before.count || now.schema > before.schema || now.zeroThreshold < before.zeroThreshold)
    return null;
  const wide = widenedTo(before, now.zeroThreshold);
  if (wide.zeroThreshold !== now.zeroThreshold || now.zeroCount < wide.zeroCount) return null;
  const old = reducedTo(wide, now.schema);
  const positive = differenceOf(old.positive, now.positive);
  const negative = differenceOf(old.negative, now.negative);
  if (positive === null || negative === null) return null;
  return {
    schema: now.schema,
    zeroThreshold: now.zeroThreshold,
    zeroCount: now.zeroCount - old.zeroCount,
    count: now.count - old.count,
    sum: now.sum - old.sum,
    positive,
    negative,
  };
}

/**
 * The observations of both, at the lower schema of the two. The narrower zero bucket is widened to the other's; where
 * that cuts through a populated bucket, both are widened to the far end of it.
 */
export function sumOfNative(a: NativeHistogram, b: NativeHistogram): NativeHistogram {
  const [left, right] = onCommonBuckets(a, b);
  return {
    schema: left.schema,
    zeroThreshold: left.zeroThreshold,
    zeroCount: left.zeroCount + right.zeroCount,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    positive: unionOf(left.positive, right.positive),
    negative: unionOf(left.negative, right.negative),
  };
}

/** `now` less `before`, bucket by bucket; null where one fell. */
function differenceOf(before: NativeBuckets, now: NativeBuckets): NativeBuckets | null {
  const into = { indexes: [] as number[], counts: [] as number[] };
  let old = 0;
  for (let at = 0; at < now.indexes.length; at++) {
    const index = now.indexes[at]!;
    let count = now.counts[at]!;
    for (; old < before.indexes.length && before.indexes[old]! <= index; old++) {
      if (before.indexes[old] === index) count -= before.counts[old]!;
      else if (before.counts[old]! > 0) return null;
    }
    if (count < 0) return null;
    appendBucket(into, index, count);
  }
  for (; old < before.indexes.length; old++) if (before.counts[old]! > 0) return null;
  return into;
}

function unionOf(a: NativeBuckets, b: NativeBuckets): NativeBuckets {
  const into = { indexes: [] as number[], counts: [] as number[] };
  let right = 0;
  for (let left = 0; left < a.indexes.length; left++) {
    const index = a.indexes[left]!;
    for (; right < b.indexes.length && b.indexes[right]! <= index; right++)
      appendBucket(into, b.indexes[right]!, b.counts[right]!);
    appendBucket(into, index, a.counts[left]!);
  }
  for (; right < b.indexes.length; right++) appendBucket(into, b.indexes[right]!, b.counts[right]!);
  return into;
}
