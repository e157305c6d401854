import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassicHistogram } from './classic.ts';
import { onCommonBounds, sumOnCommonBounds } from './classic.ts';

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

  it('share the very counts where they are one', () => {
    const b = { bounds: [1, 2, Infinity], cumulative: [1, 1, 1] };
    const common = onCommonBounds(a, b);
    expect(common.a).toBe(a.cumulative);
    expect(common.b).toBe(b.cumulative);
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
  const anyLayout = layout.chain(on);

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
