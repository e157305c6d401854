import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aNative, anyNative } from './native.testing.ts';
import { boundOf } from './native.ts';
import { nativeQuantile } from './native-quantile.ts';

type Case = [name: string, quantile: number, histogram: Parameters<typeof aNative>[0], value: number];

const close = (actual: number, expected: number) =>
  Number.isFinite(expected)
    ? expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)))
    : expect(actual).toBe(expected);

/** Two in (1, 2], six in (4, 8]. */
const POSITIVE = { positive: { '1': 2, '3': 6 } };
const NEGATIVE = { negative: { '1': 2, '3': 6 } };

describe('rules', () => {
  it.each<Case>([
    ['a quantile below 0 is -Inf', -0.1, POSITIVE, -Infinity],
    ['a quantile above 1 is +Inf', 1.1, POSITIVE, Infinity],
    ['a quantile that is NaN is NaN', NaN, POSITIVE, NaN],
    ['no observations: NaN', 0.5, {}, NaN],
    ['the quantile 0 is where the lowest bucket begins', 0, POSITIVE, 1],
    ['the quantile 1 is where the highest bucket ends', 1, POSITIVE, 8],
    ['half-way through (1, 2] is 2^0.5', 0.125, POSITIVE, 2 ** 0.5],
    ['a sixth of (4, 8] is 2^(2 + 1/6)', 0.375, POSITIVE, 2 ** (2 + 1 / 6)],
    ['from the upper end: half of (4, 8] is 2^2.5', 0.625, POSITIVE, 2 ** 2.5],
    ['mirrored: half of [-8, -4) is -2^2.5', 0.375, NEGATIVE, -(2 ** 2.5)],
    ['mirrored: a sixth from the top of [-8, -4) is -2^(2 + 1/6)', 0.625, NEGATIVE, -(2 ** (2 + 1 / 6))],
    ['mirrored: a quarter from the top of [-2, -1) is -2^0.25', 1 - 0.25 / 4, NEGATIVE, -(2 ** 0.25)],
    ['schema 2 has a fourth of the octave', 0.25, { schema: 2, positive: { '1': 1 } }, 2 ** (1 / 16)],
    ['schema -1 has two octaves', 0.25, { schema: -1, positive: { '1': 1 } }, 2 ** 0.5],
    [
      'the zero bucket is linear, from end to end where nothing else is populated',
      0.25,
      { zeroThreshold: 0.5, zeroCount: 4 },
      -0.25,
    ],
    [
      'the zero bucket is linear, from end to end where both signs are populated',
      0.5,
      { zeroThreshold: 0.5, zeroCount: 4, positive: { '1': 3 }, negative: { '1': 1 } },
      0.25,
    ],
    [
      'the zero bucket begins at 0 where only positive buckets are populated',
      0.25,
      { zeroThreshold: 0.5, zeroCount: 4, positive: { '1': 4 }, negative: { '1': 0 } },
      0.25,
    ],
    [
      'the zero bucket ends at 0 where only negative buckets are populated',
      0.75,
      { zeroThreshold: 0.5, zeroCount: 4, negative: { '1': 4 } },
      -0.25,
    ],
    [
      'a bucket that overlaps the zero bucket begins where that ends',
      0.75,
      { zeroThreshold: 1.25, zeroCount: 1, positive: { '1': 1 } },
      (1.25 * 2) ** 0.5,
    ],
    ['NaN observations are above all buckets: they count', 0.5, { ...POSITIVE, count: 16, sum: NaN }, 8],
    ['NaN observations: above all buckets there is only NaN', 0.6, { ...POSITIVE, count: 16, sum: NaN }, NaN],
    [
      'NaN observations: the upper half is counted from below',
      0.5,
      { ...POSITIVE, count: 10, sum: NaN },
      2 ** 2.5,
    ],
    ['nothing but NaN observations: NaN', 0, { count: 3, sum: NaN }, NaN],
    ['a bucket without a lower end is linear', 0.5, { schema: -4, positive: { '-68': 1 } }, 0],
    ['a bucket of infinite observations ends at +Inf', 0.5, { positive: { '1025': 1 } }, Infinity],
  ])('%s', (_name, quantile, described, value) => {
    close(nativeQuantile(quantile, aNative(described)), value);
  });
});

describe('properties', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const populated = anyNative().filter(({ count }) => count > 0);

  it('is 2^(log2 lower + (log2 upper - log2 lower) · part)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: -4, max: 8 }),
        share,
        (index, schema, part) => {
          const low = Math.log2(boundOf(index - 1, schema));
          const high = Math.log2(boundOf(index, schema));
          fc.pre(Number.isFinite(low) && high < 1024);
          const found = nativeQuantile(part, aNative({ schema, positive: { [index]: 1 } }));
          expect(Math.abs(found / 2 ** (low + (high - low) * part) - 1)).toBeLessThanOrEqual(1e-12);
        },
      ),
    );
  });

  it('a quantile lies within the buckets, and a higher one is no lower value', () => {
    fc.assert(
      fc.property(populated, share, share, (histogram, a, b) => {
        const [least, lower, higher, most] = [0, Math.min(a, b), Math.max(a, b), 1].map((quantile) =>
          nativeQuantile(quantile, histogram),
        );
        const slack = 1e-12 * Math.max(Math.abs(least!), Math.abs(most!));
        expect(lower).toBeGreaterThanOrEqual(least! - slack);
        expect(higher).toBeGreaterThanOrEqual(lower! - slack);
        expect(most).toBeGreaterThanOrEqual(higher! - slack);
      }),
    );
  });

  it('mirrored observations have mirrored quantiles', () => {
    fc.assert(
      fc.property(populated, share, (histogram, quantile) => {
        const { positive, negative } = histogram;
        const mirrored = { ...histogram, positive: negative, negative: positive };
        const [there, here] = [nativeQuantile(quantile, mirrored), nativeQuantile(1 - quantile, histogram)];
        // At the edge of a bucket, rounding may choose either side of a gap.
        fc.pre(!isAtEdge(quantile, histogram));
        expect(Math.abs(there + here)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(here)));
      }),
    );
  });
});

function isAtEdge(
  quantile: number,
  { count, positive, negative, zeroCount }: ReturnType<typeof aNative>,
): boolean {
  let seen = 0;
  const counts = [...Array.from(negative.counts).reverse(), zeroCount, ...Array.from(positive.counts)];
  return counts.some((inside) => {
    seen += inside;
    return Math.abs(seen - (1 - quantile) * count) < 1e-6;
  });
}
