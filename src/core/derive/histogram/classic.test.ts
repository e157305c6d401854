import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassicHistogram } from './classic.ts';
import {
  addDelta,
  deltaOnCommonBounds,
  haveSameBounds,
  onCommonBounds,
  sumOnCommonBounds,
} from './classic.ts';

const of = (buckets: Record<string, number>): ClassicHistogram => {
  const entries = Object.entries(buckets).map(([bound, count]) => [Number(bound), count] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { bounds: entries.map(([bound]) => bound), cumulative: entries.map(([, count]) => count) };
};
const plain = (histogram: ClassicHistogram | null) =>
  histogram && {
    bounds: Array.from(histogram.bounds),
    cumulative: Array.from(histogram.cumulative),
  };

describe('two layouts', () => {
  const a = of({ '1': 2, '2': 4, Infinity: 8 });

  it.each<[string, ClassicHistogram, boolean]>([
    ['are one where the bounds are equal', of({ '1': 0, '2': 0, Infinity: 0 }), true],
    ['are one where the bounds are the same array', { bounds: a.bounds, cumulative: [0, 0, 0] }, true],
    ['differ in a bound', of({ '1': 0, '3': 0, Infinity: 0 }), false],
    ['differ where one has more', of({ '1': 0, '2': 0, '3': 0, Infinity: 0 }), false],
  ])('%s', (_name, b, same) => {
    expect(haveSameBounds(a, b)).toBe(same);
  });

  it('share the very counts where they are one', () => {
    const b = { bounds: [1, 2, Infinity], cumulative: [1, 1, 1] };
    const common = onCommonBounds(a, b);
    expect(common.a).toBe(a.cumulative);
    expect(common.b).toBe(b.cumulative);
  });
});

describe('a delta', () => {
  const before = of({ '1': 2, '2': 4, '5': 6, Infinity: 8 });

  it.each<[string, Record<string, number>, Record<string, number> | null]>([
    [
      'is taken bound by bound',
      { '1': 3, '2': 6, '5': 9, Infinity: 12 },
      { '1': 1, '2': 2, '5': 3, Infinity: 4 },
    ],
    ['is taken on the bounds of both', { '2': 6, '3': 7, Infinity: 9 }, { '2': 2, Infinity: 1 }],
    ['of layouts with nothing in common is empty', { '3': 7 }, {}],
    ['is none after a reset: a bucket fell', { '1': 1, '2': 6, '5': 9, Infinity: 12 }, null],
    ['is none after a reset: the count fell', { '1': 2, '2': 4, '5': 6, Infinity: 7 }, null],
    ['is none after a reset under another layout', { '2': 3, '3': 9, Infinity: 9 }, null],
    ['minds no fall where only one has a bound', { '3': 1, Infinity: 9 }, { Infinity: 1 }],
  ])('%s', (_name, now, delta) => {
    expect(plain(deltaOnCommonBounds(before, of(now)))).toEqual(delta && plain(of(delta)));
  });

  it('is added in place, whole or not at all', () => {
    const total = Float64Array.of(10, 20, 30);
    expect(addDelta(total, { before: [1, 2, 3], now: [2, 4, 6] })).toBe(true);
    expect([...total]).toEqual([11, 22, 33]);
    expect(addDelta(total, { before: [1, 2, 3], now: [9, 9, 2] })).toBe(false);
    expect([...total]).toEqual([11, 22, 33]);
  });
});

describe('a sum', () => {
  it.each<[string, Record<string, number>, Record<string, number>]>([
    ['is taken bound by bound', { '1': 1, '2': 2, Infinity: 3 }, { '1': 3, '2': 6, Infinity: 11 }],
    ['is taken on the bounds of both', { '0.5': 1, '2': 2, '9': 3, Infinity: 4 }, { '2': 6, Infinity: 12 }],
  ])('%s', (_name, b, sum) => {
    expect(plain(sumOnCommonBounds(of({ '1': 2, '2': 4, Infinity: 8 }), of(b)))).toEqual(plain(of(sum)));
  });
});

describe('properties', () => {
  /** Some of six bounds, +Inf always; counts are whole, so that they add up exactly. */
  const layout = fc.subarray([-1, 0, 0.5, 1, 2, 10]).map((bounds) => [...bounds, Infinity]);
  const on = (bounds: readonly number[]): fc.Arbitrary<ClassicHistogram> =>
    fc
      .array(fc.nat(1000), { minLength: bounds.length, maxLength: bounds.length })
      .map((counts) => ({ bounds, cumulative: counts.sort((a, b) => a - b) }));
  const grown = layout.chain((bounds) => fc.tuple(on(bounds), on(bounds)));
  const anyLayout = layout.chain(on);

  it('the delta of a sum is the sum of the deltas', () => {
    fc.assert(
      fc.property(grown, grown, ([a, moreA], [b, moreB]) => {
        const [nowA, nowB] = [sumOnCommonBounds(a, moreA), sumOnCommonBounds(b, moreB)];
        const deltas = [deltaOnCommonBounds(a, nowA)!, deltaOnCommonBounds(b, nowB)!] as const;
        expect(plain(deltaOnCommonBounds(sumOnCommonBounds(a, b), sumOnCommonBounds(nowA, nowB)))).toEqual(
          plain(sumOnCommonBounds(...deltas)),
        );
      }),
    );
  });

  it('a sum depends on no order, and no grouping', () => {
    fc.assert(
      fc.property(anyLayout, anyLayout, anyLayout, (a, b, c) => {
        expect(plain(sumOnCommonBounds(a, b))).toEqual(plain(sumOnCommonBounds(b, a)));
        expect(plain(sumOnCommonBounds(sumOnCommonBounds(a, b), c))).toEqual(
          plain(sumOnCommonBounds(a, sumOnCommonBounds(b, c))),
        );
      }),
    );
  });
});
