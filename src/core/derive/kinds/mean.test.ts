import { describe, expect, it } from 'vitest';
import { aNative } from '../histogram/native.testing.ts';
import type { Row } from '../pages.testing.ts';
import { derived, every, interleaved, windowed } from '../pages.testing.ts';
import type { MeanSettings } from '../settings.ts';

const mean = (settings: Partial<MeanSettings> = {}): MeanSettings => ({
  kind: 'mean',
  ...windowed,
  ...settings,
});

const summed = (sum: number, count: number, labels = ''): readonly Row[] => [
  ['sum', labels, sum],
  ['count', labels, count],
];
const native = (sum: number, count: number, labels = ''): readonly Row[] => [
  ['native', labels, aNative({ positive: { 1: count }, sum })],
];
const both = (sum: number, count: number): readonly Row[] => [...summed(sum, count), ...native(sum, count)];

describe('a mean', () => {
  const lives: Record<
    string,
    {
      pages: (readonly Row[] | 'fails')[];
      events: readonly (readonly number[])[];
      settings?: Partial<MeanSettings>;
    }
  > = {
    'is the sum of what was observed in a window by how often': {
      pages: [summed(100, 10), summed(130, 20), summed(190, 40)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
      ],
    },
    'weighs series by their observations': {
      pages: [
        [...summed(0, 0, 'x'), ...summed(0, 0, 'y')],
        [...summed(10, 1, 'x'), ...summed(99, 99, 'y')],
      ],
      events: [[10, 1.09, 100]],
    },
    'takes negative observations, and a sum that falls by them': {
      pages: [summed(10, 5), summed(-20, 15)],
      events: [[10, -3, 10]],
    },
    'after a reset counts both from 0': {
      pages: [summed(100, 10), summed(8, 2), summed(10, 4)],
      events: [
        [10, 4, 2],
        [20, 1, 2],
      ],
    },
    'after a reset that only the count tells counts the sum from 0 too': {
      pages: [summed(10, 10), summed(12, 6)],
      events: [[10, 2, 6]],
    },
    'is none without observations': {
      pages: [summed(10, 5), summed(10, 5), summed(16, 7)],
      events: [[20, 3, 2]],
    },
    'takes no sum without its count, and goes on when both are there': {
      pages: [summed(10, 5), [['sum', '', 50]], [['count', '', 50]], summed(30, 9)],
      events: [[30, 5, 4]],
    },
    'is taken of native histograms': {
      pages: [native(100, 10), native(130, 20)],
      events: [[10, 3, 10]],
    },
    'after a reset of a native histogram counts it from 0': {
      pages: [native(100, 10), native(12, 4)],
      events: [[10, 3, 4]],
    },
    'counts observations that come in both forms once': {
      pages: [both(100, 10), both(130, 20), both(190, 40)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
      ],
    },
    'goes on where the native form comes later': {
      pages: [summed(100, 10), both(130, 20), both(190, 40), both(200, 42)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
        [30, 5, 2],
      ],
    },
    'goes on where the native form goes': {
      pages: [both(100, 10), both(130, 20), summed(190, 40), summed(200, 42)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
        [30, 5, 2],
      ],
    },
    'does not count again what the native form alone has counted in between': {
      pages: [both(100, 10), native(130, 20), native(190, 40), summed(200, 42), summed(230, 48)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
        [40, 5, 6],
      ],
    },
    'does not count again what the classic form alone has counted in between': {
      pages: [both(100, 10), summed(130, 20), both(190, 40), both(200, 42)],
      events: [
        [10, 3, 10],
        [20, 3, 20],
        [30, 5, 2],
      ],
    },
    'adds series of one form to series of the other': {
      pages: [
        [...summed(0, 0, 'x'), ...native(0, 0, 'y')],
        [...summed(10, 5, 'x'), ...native(20, 5, 'y')],
      ],
      events: [[10, 3, 10]],
    },
    'waits for observations': {
      settings: { minCount: 10 },
      pages: [summed(0, 0), summed(10, 5), summed(40, 10)],
      events: [[20, 4, 10]],
    },
    'multiplies by its scale': {
      settings: { scale: 1000 },
      pages: [summed(0, 0), summed(0.5, 2)],
      events: [[10, 250, 2]],
    },
    'is none where the sum of a native histogram is no number': {
      pages: [native(100, 10), native(NaN, 20), native(NaN, 30)],
      events: [],
    },
  };
  it.each(Object.entries(lives))('%s', (_, { pages, events, settings }) => {
    expect(derived(mean(settings), every(10, pages))).toEqual(events);
  });

  it('of two replicas weighs them by their observations', () => {
    const scrapes = interleaved(
      every(10, [summed(0, 0), summed(10, 1)], 'a'),
      every(10, [native(0, 0), native(99, 99)], 'b'),
    );
    expect(derived(mean(), scrapes)).toEqual([[10, 1.09, 100]]);
  });
});
