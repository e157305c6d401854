/**
 * Native (exponential) histograms, as Prometheus' native histogram specification has them: what they are, where their
 * buckets lie, and how they are brought to a coarser resolution or a wider zero bucket. Nothing here changes its input.
 */

/** A native histogram with standard exponential buckets (schemas -4 to 8); counts may be fractions. */
export interface NativeHistogram {
  /** Each power of two is cut into 2^schema buckets; below 0, 2^-schema powers of two share a bucket. */
  readonly schema: number;
  /** The zero bucket holds what lies within ±zeroThreshold, both ends included. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** All observations; those that are NaN count here and lie in no bucket. */
  readonly count: number;
  readonly sum: number;
  /** Bucket i holds base^(i-1) < x <= base^i, where base = 2^(2^-schema). */
  readonly positive: NativeBuckets;
  /** The same, mirrored: -base^i <= x < -base^(i-1). */
  readonly negative: NativeBuckets;
}

/** Populated buckets by ascending index; absolute counts. */
export interface NativeBuckets {
  readonly indexes: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/**
 * base^index for base = 2^(2^-schema): the upper bound of a positive bucket; its lower one is that of index - 1. The
 * bucket whose bound would be 2^1024 ends at the largest double, the one after it at +Inf.
 */
export function boundOf(index: number, schema: number): number {
  const octaves = index / 2 ** schema;
  if (octaves === 1024) return Number.MAX_VALUE;
  const whole = Math.floor(octaves);
  return 2 ** (octaves - whole) * 2 ** whole;
}

/** The histogram at a coarser schema. Throws a RangeError where that would be a finer one. */
export function reducedTo(histogram: NativeHistogram, schema: number): NativeHistogram {
  if (schema === histogram.schema) return histogram;
  if (!(schema < histogram.schema))
    throw new RangeError(`schema: expected at most ${histogram.schema}, found ${schema}`);
  const step = 2 ** (histogram.schema - schema);
  return {
    ...histogram,
    schema,
    positive: coarser(histogram.positive, step),
    negative: coarser(histogram.negative, step),
  };
}

/** `step` neighbours become one bucket. */
function coarser({ indexes, counts }: NativeBuckets, step: number): NativeBuckets {
  const into = { indexes: [] as number[], counts: [] as number[] };
  for (let at = 0; at < indexes.length; at++) appendBucket(into, Math.ceil(indexes[at]! / step), counts[at]!);
  return into;
}

/** Adds to the last bucket where that has the index already. Buckets that nobody fell into are left out. */
export function appendBucket(
  { indexes, counts }: { indexes: number[]; counts: number[] },
  index: number,
  count: number,
) {
  if (count === 0) return;
  if (indexes.length > 0 && indexes.at(-1) === index) counts[counts.length - 1]! += count;
  else {
    // -0 stands for no other bucket than 0 does, but is another number once it is stored.
    indexes.push(index + 0);
    counts.push(count);
  }
}

/**
 * The histogram with a zero bucket at least so wide. Where `zeroThreshold` cuts through a populated bucket, it grows to
 * that bucket's far end: a bucket is absorbed whole or not at all.
 */
export function widenedTo(histogram: NativeHistogram, zeroThreshold: number): NativeHistogram {
  if (zeroThreshold <= histogram.zeroThreshold) return histogram;
  const { schema, positive, negative } = histogram;
  // Both signs have the same bounds, so the far end of a bucket of one sign cuts through none of the other.
  const reach = Math.max(
    farEnd(positive, schema, zeroThreshold),
    farEnd(negative, schema, zeroThreshold),
    zeroThreshold,
  );
  const above = absorbed(positive, schema, reach);
  const below = absorbed(negative, schema, reach);
  return {
    ...histogram,
    zeroThreshold: reach,
    zeroCount: histogram.zeroCount + above.count + below.count,
    positive: above.left,
    negative: below.left,
  };
}

/** The far end of the populated bucket that the value lies in, its ends excluded; 0 where there is none. */
function farEnd({ indexes, counts }: NativeBuckets, schema: number, value: number): number {
  for (let at = 0; at < indexes.length; at++) {
    const far = boundOf(indexes[at]!, schema);
    if (far > value && counts[at]! > 0) return boundOf(indexes[at]! - 1, schema) < value ? far : 0;
  }
  return 0;
}

/** How many observations lie in buckets that end within `reach`, and the buckets that are left. */
function absorbed({ indexes, counts }: NativeBuckets, schema: number, reach: number) {
  const left = { indexes: [] as number[], counts: [] as number[] };
  let count = 0;
  for (let at = 0; at < indexes.length; at++) {
    if (boundOf(indexes[at]!, schema) <= reach) count += counts[at]!;
    else appendBucket(left, indexes[at]!, counts[at]!);
  }
  return { count, left };
}

/** Both with the lower schema and with one zero bucket, so that equal indexes are equal buckets. */
export function onCommonBuckets(a: NativeHistogram, b: NativeHistogram): [NativeHistogram, NativeHistogram] {
  let [left, right] = [a, b];
  // Widening one to a bucket's end may cut through a bucket of the other's schema, and so on; each time one is absorbed.
  while (left.zeroThreshold !== right.zeroThreshold) {
    left = widenedTo(left, right.zeroThreshold);
    right = widenedTo(right, left.zeroThreshold);
  }
  const schema = Math.min(a.schema, b.schema);
  return [reducedTo(left, schema), reducedTo(right, schema)];
}
