import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassicHistogram } from './classic.ts';
import { sumOnCommonBounds } from './classic.ts';
import { classicQuantile } from './classic-quantile.ts';

type Case = [name: string, quantile: number, bounds: number[], cumulative: number[], value: number];

const close = (actual: number, expected: number) =>
  Number.isFinite(expected)
    ? expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12)
    : expect(actual).toBe(expected);

describe("Prometheus' own figures", () => {
  const POSITIVE: [number[], number[]] = [
    [0.1, 0.2, 1, Infinity],
    [50, 70, 110, 120],
  ];
  const EVEN: [number[], number[]] = [
    [0, 2, 4, 6, Infinity],
    [0, 1, 2, 3, 3],
  ];
  it.each<[number, [number[], number[]], number]>([
    [0, POSITIVE, 0],
    [0.2, POSITIVE, 0.048],
    [0.5, POSITIVE, 0.15],
    [0.8, POSITIVE, 0.72],
    [1, POSITIVE, 1],
    [1 / 6, EVEN, 1],
    [0.5, EVEN, 3],
    [5 / 6, EVEN, 5],
  ])('the %d quantile', (quantile, [bounds, cumulative], value) => {
    close(classicQuantile(quantile, bounds, cumulative), value);
  });

  it.each([
    [0.3, 0.075],
    [0.5, 0.1277777777777777],
  ])('the %d quantile of the sum of four series', (quantile, value) => {
    const bounds = [0.1, 0.2, Infinity];
    const sum = [
      [1, 3, 4],
      [2, 5, 6],
      [3, 4, 6],
      [4, 7, 9],
    ]
      .map((cumulative): ClassicHistogram => ({ bounds, cumulative }))
      .reduce(sumOnCommonBounds);
    close(classicQuantile(quantile, sum.bounds, sum.cumulative), value);
  });
});

describe('rules', () => {
  it.each<Case>([
    ['a quantile below 0 is -Inf', -0.1, [1, Infinity], [1, 1], -Infinity],
    ['a quantile above 1 is +Inf', 1.1, [1, Infinity], [1, 1], Infinity],
    ['a quantile that is NaN is NaN', NaN, [1, Infinity], [1, 1], NaN],
    ['no observations: NaN', 0.5, [1, Infinity], [0, 0], NaN],
    ['no buckets: NaN', 0.5, [], [], NaN],
    ['only +Inf: NaN', 0.5, [Infinity], [3], NaN],
    ['no +Inf: NaN', 0.5, [1, 2], [1, 2], NaN],
    ['in the +Inf bucket: the bound before it', 0.9, [1, 2, Infinity], [1, 2, 10], 2],
    ['a lowest bound above 0: its bucket begins at 0', 0.25, [2, Infinity], [4, 4], 0.5],
    ['a lowest bound of 0: that', 0.25, [0, 2, Infinity], [4, 4, 4], 0],
    ['a lowest bound below 0: that', 0.25, [-3, 2, Infinity], [4, 4, 4], -3],
    ['a bucket that spans 0 is linear too', 0.5, [-2, 2, Infinity], [0, 4, 4], 0],
    ['the quantile 0 within an empty lowest bucket: NaN', 0, [1, 2, Infinity], [0, 4, 4], NaN],
    ['a count below the one before is raised to it', 0.5, [1, 2, 3, Infinity], [4, 2, 8, 8], 1],
    ['a total below the one before is raised to it', 1, [1, 2, Infinity], [4, 8, 6], 2],
    ['counts that differ by rounding are equal', 0.5, [1, 2, 3, Infinity], [4, 4 + 4e-13, 8, 8], 1],
    ['a total above the last bound by rounding: the last bound', 1, [1, 2, Infinity], [4, 8, 8 + 8e-13], 2],
    [
      'rounding does not add up over many bounds',
      1,
      [1, 2, 3, 4, Infinity],
      [1, 1 + 8e-13, 1 + 16e-13, 2, 2],
      4,
    ],
    ['bounds in any order', 0.5, [Infinity, 1, 0.2, 0.1], [120, 110, 70, 50], 0.15],
    ['bounds that come twice are added', 0.5, [0.1, 0.2, 0.2, 1, Infinity], [50, 30, 40, 110, 120], 0.15],
    ['a bound that is NaN is left out', 0.5, [0.1, NaN, 0.2, 1, Infinity], [50, 7, 70, 110, 120], 0.15],
    ['a count that is NaN is left out', 0.5, [0.1, 0.15, 0.2, 1, Infinity], [50, NaN, 70, 110, 120], 0.175],
    ['a total that is NaN is the last count', 0.5, [1, 2, Infinity], [4, 8, NaN], 1],
  ])('%s', (_name, quantile, bounds, cumulative, value) => {
    close(classicQuantile(quantile, bounds, cumulative), value);
  });

  it('takes typed arrays', () => {
    close(
      classicQuantile(0.5, Float64Array.of(0.1, 0.2, 1, Infinity), Float64Array.of(50, 70, 110, 120)),
      0.15,
    );
  });
});

describe('properties', () => {
  const histogram = fc
    .array(fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.nat(50)), {
      minLength: 1,
      maxLength: 20,
    })
    .map((buckets) => {
      const bounds = [...new Set(buckets.map(([bound]) => bound + 0))].sort((a, b) => a - b);
      let below = 0;
      const cumulative = bounds.map((_, at) => (below += buckets[at]![1]));
      return { bounds: [...bounds, Infinity], cumulative: [...cumulative, below + 1] };
    });
  const share = fc.double({ min: 1e-9, max: 1, noNaN: true });

  it('a quantile lies within the bounds, or 0', () => {
    fc.assert(
      fc.property(histogram, share, ({ bounds, cumulative }, quantile) => {
        const value = classicQuantile(quantile, bounds, cumulative);
        expect(value).toBeGreaterThanOrEqual(Math.min(0, bounds[0]!));
        expect(value).toBeLessThanOrEqual(bounds.at(-2)!);
      }),
    );
  });

  it('a higher quantile is no lower value', () => {
    fc.assert(
      fc.property(histogram, share, share, ({ bounds, cumulative }, a, b) => {
        const lower = classicQuantile(Math.min(a, b), bounds, cumulative);
        const higher = classicQuantile(Math.max(a, b), bounds, cumulative);
        expect(higher).toBeGreaterThanOrEqual(lower - 1e-12 * Math.abs(lower));
      }),
    );
  });
});
