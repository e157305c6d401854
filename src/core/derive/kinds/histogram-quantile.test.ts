import { describe, expect, it } from 'vitest';
import { aNative } from '../histogram/native.testing.ts';
import { nativeQuantile } from '../histogram/native-quantile.ts';
import type { Row } from '../pages.testing.ts';
import { buckets, derived, every, interleaved, windowed } from '../pages.testing.ts';
import type { QuantileSettings } from '../settings.ts';

const quantile = (of: number, settings: Partial<QuantileSettings> = {}): QuantileSettings => ({
  kind: 'histogram_quantile',
  ...windowed,
  quantile: of,
  ...settings,
});

type Counts = Readonly<Record<string, number>>;

/** From nothing to these counts. */
const fromZero = (counts: Counts) =>
  every(10, [buckets(Object.fromEntries(Object.keys(counts).map((bound) => [bound, 0]))), buckets(counts)]);

describe('a quantile of classic histograms', () => {
  // The figures of Prometheus' own tests (promql/promqltest/testdata/histograms.test).
  const LATENCY = { '0.1': 50, '0.2': 70, '1': 110, '+Inf': 120 };
  const SIZES = { '0': 0, '2': 1, '4': 2, '6': 3, '+Inf': 3 };
  it.each<[of: number, counts: Counts, value: number]>([
    [0, LATENCY, 0],
    [0.2, LATENCY, 0.048],
    [0.5, LATENCY, 0.15],
    [0.8, LATENCY, 0.72],
    [1, LATENCY, 1],
    [1 / 6, SIZES, 1],
    [0.5, SIZES, 3],
    [5 / 6, SIZES, 5],
  ])('%d of %j is %d', (of, counts, value) => {
    const [event] = derived(quantile(of), fromZero(counts));
    expect(event![1]).toBeCloseTo(value, 12);
    expect(event![2]).toBe(counts['+Inf']);
  });

  it('is taken of what was counted since the last window, not of all', () => {
    const pages = [
      { '1': 1000, '2': 1000, '+Inf': 1000 },
      { '1': 1000, '2': 1010, '+Inf': 1010 },
      { '1': 1010, '2': 1020, '+Inf': 1020 },
    ];
    expect(
      derived(
        quantile(0.5),
        every(
          10,
          pages.map((counts) => buckets(counts)),
        ),
      ),
    ).toEqual([
      [10, 1.5, 10],
      [20, 0.5, 10],
    ]);
  });

  it('is taken of the sum of several series, not of one of them', () => {
    const page = (x: Counts, y: Counts): Row[] => [...buckets(x, 'x'), ...buckets(y, 'y')];
    const nothing = { '0.1': 0, '0.2': 0, '+Inf': 0 };
    const scrapes = every(10, [
      page(nothing, nothing),
      page({ '0.1': 10, '0.2': 40, '+Inf': 40 }, { '0.1': 40, '0.2': 50, '+Inf': 60 }),
    ]);
    const together = fromZero({ '0.1': 50, '0.2': 90, '+Inf': 100 });
    expect(derived(quantile(0.7), scrapes)).toEqual(derived(quantile(0.7), together));
  });

  it('is taken of the sum of two targets', () => {
    const nothing = buckets({ '1': 0, '2': 0, '+Inf': 0 });
    const scrapes = interleaved(
      every(10, [nothing, buckets({ '1': 10, '2': 10, '+Inf': 10 })], 'a'),
      every(10, [nothing, buckets({ '1': 0, '2': 30, '+Inf': 30 })], 'b'),
    );
    expect(derived(quantile(0.5), scrapes)).toEqual(
      derived(quantile(0.5), fromZero({ '1': 10, '2': 40, '+Inf': 40 })),
    );
  });

  const lives: Record<string, { pages: readonly Counts[]; events: readonly (readonly number[])[] }> = {
    'is none without observations': {
      pages: [
        { '1': 5, '2': 5, '+Inf': 5 },
        { '1': 5, '2': 5, '+Inf': 5 },
      ],
      events: [],
    },
    'is none without the bucket for everything': {
      pages: [
        { '1': 0, '2': 0 },
        { '1': 5, '2': 10 },
      ],
      events: [],
    },
    'after a reset is taken of what was counted from 0': {
      pages: [
        { '1': 100, '2': 200, '+Inf': 200 },
        { '1': 0, '2': 10, '+Inf': 10 },
      ],
      events: [[10, 1.5, 10]],
    },
    'is taken from 0 for all buckets where one alone tells the reset': {
      pages: [
        { '1': 5, '2': 5, '+Inf': 5 },
        { '1': 4, '2': 20, '+Inf': 20 },
      ],
      // 4 of 20 are at most 1: half of them lie 6 of 16 into the second bucket.
      events: [[10, 1.375, 20]],
    },
    'is taken on the bounds that both pages have where the layout changes': {
      pages: [
        { '1': 10, '2': 20, '4': 30, '+Inf': 30 },
        { '2': 25, '3': 30, '4': 40, '+Inf': 40 },
      ],
      // 5 more are at most 2, 10 more at most 4.
      events: [[10, 2, 10]],
    },
    'goes on in the new layout': {
      pages: [
        { '1': 10, '2': 20, '+Inf': 20 },
        { '2': 30, '3': 30, '+Inf': 30 },
        { '2': 30, '3': 40, '+Inf': 40 },
      ],
      events: [
        [10, 1, 10],
        [20, 2.5, 10],
      ],
    },
    'is none where the layouts have only the bucket for everything in common': {
      pages: [
        { '1': 10, '+Inf': 20 },
        { '2': 20, '+Inf': 30 },
        { '2': 25, '+Inf': 40 },
      ],
      events: [[20, 2, 10]],
    },
    'is the highest bound where it lies above it': {
      pages: [
        { '1': 0, '2': 0, '+Inf': 0 },
        { '1': 1, '2': 2, '+Inf': 10 },
      ],
      events: [[10, 2, 10]],
    },
  };
  it.each(Object.entries(lives))('%s', (_, { pages, events }) => {
    expect(
      derived(
        quantile(0.5),
        every(
          10,
          pages.map((counts) => buckets(counts)),
        ),
      ),
    ).toEqual(events);
  });

  it('is taken of the others where one series changes to another layout', () => {
    const page = (count: number, y: Counts): Row[] => [
      ...buckets({ '1': count, '2': count, '+Inf': count }, 'x'),
      ...buckets(y, 'y'),
    ];
    const pages = [
      page(0, { '5': 1, '+Inf': 1 }),
      page(10, { '6': 9, '+Inf': 9 }),
      page(20, { '7': 90, '8': 90 }),
    ];
    expect(derived(quantile(0.5), every(10, pages))).toEqual([
      [10, 0.5, 10],
      [20, 0.5, 10],
    ]);
  });

  it('multiplies by its scale, and waits for observations', () => {
    const pages = [0, 10, 20].map((count) => buckets({ '1': count, '2': count, '+Inf': count }));
    expect(derived(quantile(1, { scale: 1000, minCount: 15 }), every(10, pages))).toEqual([[20, 1000, 20]]);
  });

  it('takes a bucket once, however its bound is spelled', () => {
    const pages = [0, 10].map((count): Row[] => [
      ['le=1', '', count],
      ['le=1.0', '', count],
      ['le=2', '', count],
      ['le=+Inf', '', count],
    ]);
    expect(derived(quantile(0.5), every(10, pages))).toEqual([[10, 0.5, 10]]);
  });

  it('takes histograms of hundreds of buckets', () => {
    const counts = (each: number) =>
      buckets({
        ...Object.fromEntries(
          Array.from({ length: 700 }, (_, index) => [`${(index + 1) / 100}`, each * (index + 1)]),
        ),
        '+Inf': each * 700,
      });
    const [event] = derived(quantile(0.5), every(10, [counts(0), counts(2)]));
    expect(event![1]).toBeCloseTo(3.5, 12);
  });
});

describe('a quantile of native histograms', () => {
  const native = (positive: Counts, labels = ''): Row => ['native', labels, aNative({ positive })];

  it('is taken of what was counted since the last window', () => {
    const pages = [[native({ 1: 1000 })], [native({ 1: 1000, 3: 10 })]];
    expect(derived(quantile(0.5), every(10, pages))).toEqual([
      [10, nativeQuantile(0.5, aNative({ positive: { 3: 10 } })), 10],
    ]);
  });

  it('is taken of the sum of several series and targets', () => {
    const scrapes = interleaved(
      every(
        10,
        [
          [native({}, 'x'), native({}, 'y')],
          [native({ 1: 5 }, 'x'), native({ 4: 2 }, 'y')],
        ],
        'a',
      ),
      every(10, [[native({})], [native({ 7: 3 })]], 'b'),
    );
    expect(derived(quantile(0.9), scrapes)).toEqual([
      [10, nativeQuantile(0.9, aNative({ positive: { 1: 5, 4: 2, 7: 3 } })), 10],
    ]);
  });

  it('after a reset is taken of what was counted from 0', () => {
    const pages = [[native({ 1: 10, 3: 10 })], [native({ 1: 30, 3: 4 })]];
    expect(derived(quantile(0.9), every(10, pages))).toEqual([
      [10, nativeQuantile(0.9, aNative({ positive: { 1: 30, 3: 4 } })), 34],
    ]);
  });

  it('wins where both forms are there', () => {
    const both = (count: number) => [
      native({ 3: count }),
      ...buckets({ '1': count, '2': count, '+Inf': count }),
    ];
    expect(derived(quantile(0.5), every(10, [both(0), both(10)]))).toEqual([
      [10, nativeQuantile(0.5, aNative({ positive: { 3: 10 } })), 10],
    ]);
  });

  it('stands back in a window of which the other form has more', () => {
    const classic = (count: number) => buckets({ '1': count, '2': count, '+Inf': count });
    const scrapes = interleaved(
      every(10, [classic(0), classic(30)], 'a'),
      every(10, [[native({})], [native({ 3: 10 })]], 'b'),
    );
    expect(derived(quantile(0.5), scrapes)).toEqual([[10, 0.5, 30]]);
  });
});
