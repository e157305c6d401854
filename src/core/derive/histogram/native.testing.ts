/** Native histograms for tests: by hand, and any at all. */
import fc from 'fast-check';
import type { NativeBuckets, NativeHistogram } from './native.ts';

type Counts = Readonly<Record<string, number>>;

interface Described extends Partial<Omit<NativeHistogram, 'positive' | 'negative'>> {
  /** Counts by index. */
  readonly positive?: Counts;
  readonly negative?: Counts;
}

/** What is not described is empty; the count is that of the buckets. */
export function aNative({ positive = {}, negative = {}, ...rest }: Described): NativeHistogram {
  const zeroCount = rest.zeroCount ?? 0;
  const counts = [...Object.values(positive), ...Object.values(negative)];
  return {
    schema: 0,
    zeroThreshold: 0,
    zeroCount,
    count: counts.reduce((sum, count) => sum + count, zeroCount),
    sum: 0,
    ...rest,
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
  };
}

function bucketsOf(counts: Counts): NativeBuckets {
  const sorted = Object.entries(counts)
    .map(([index, count]) => [Number(index), count] as const)
    .sort(([a], [b]) => a - b);
  return { indexes: sorted.map(([index]) => index), counts: sorted.map(([, count]) => count) };
}

/** Any histogram whose zero bucket overlaps no other; counts and sums are whole numbers, so that they add up exactly. */
export function anyNative(
  fixed: { schema?: number; zeroThreshold?: number } = {},
): fc.Arbitrary<NativeHistogram> {
  const counts = fc.dictionary(
    fc.integer({ min: -12, max: 40 }).map(String),
    fc.integer({ min: 1, max: 50 }),
    {
      maxKeys: 12,
    },
  );
  const near = ({ schema, zeroThreshold }: { schema: number; zeroThreshold: number }) => {
    // The lowest index that begins at or above the zero bucket.
    const first = zeroThreshold === 0 ? -12 : Math.ceil(Math.log2(zeroThreshold) * 2 ** schema) + 1;
    return (of: Counts): Counts =>
      Object.fromEntries(Object.entries(of).map(([index, count]) => [Number(index) + 12 + first, count]));
  };
  return fc
    .record({
      schema: fixed.schema === undefined ? fc.integer({ min: -2, max: 4 }) : fc.constant(fixed.schema),
      zeroThreshold:
        fixed.zeroThreshold === undefined
          ? fc.constantFrom(0, 2 ** -20, 0.1, 0.75, 1, 1.5)
          : fc.constant(fixed.zeroThreshold),
      zeroCount: fc.integer({ min: 0, max: 50 }),
      sum: fc.integer({ min: -1000, max: 1000 }),
      positive: counts,
      negative: counts,
    })
    .map((any) => aNative({ ...any, positive: near(any)(any.positive), negative: near(any)(any.negative) }));
}
