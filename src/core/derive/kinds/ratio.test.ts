import { describe, expect, it } from 'vitest';
import type { Row, Scrape } from '../pages.testing.ts';
import { derived, every, interleaved, Pages, windowed } from '../pages.testing.ts';
import type { RatioSettings } from '../settings.ts';

const ratio = (settings: Partial<RatioSettings> = {}): RatioSettings => ({
  kind: 'ratio',
  ...windowed,
  ...settings,
});

/** A page with errors and requests; without errors where they are null. */
const served = (errors: number | null, requests: number, labels = ''): readonly Row[] => [
  ...(errors === null ? [] : [['numerator', labels, errors] as const]),
  ['denominator', labels, requests],
];

describe('a ratio', () => {
  const lives: Record<
    string,
    {
      pages: (readonly Row[] | 'fails')[];
      events: readonly (readonly number[])[];
      settings?: Partial<RatioSettings>;
    }
  > = {
    'is what both have counted in the same window': {
      pages: [served(5, 100), served(6, 110), served(11, 120)],
      events: [
        [10, 0.1, 10],
        [20, 0.5, 10],
      ],
    },
    'is 0 where there is no numerator beside the denominator': {
      pages: [served(null, 100), served(null, 110)],
      events: [[10, 0, 10]],
    },
    'counts a numerator that appears later from 0': {
      pages: [served(null, 100), served(3, 110), served(4, 120)],
      events: [
        [10, 0.3, 10],
        [20, 0.1, 10],
      ],
    },
    'does not know what a numerator had that is there from the start': {
      pages: [served(90, 100), served(90, 110)],
      events: [[10, 0, 10]],
    },
    'counts a denominator that appears later from 0': {
      pages: [
        served(0, 100, 'x'),
        [...served(1, 110, 'x'), ...served(9, 10, 'y')],
        [...served(1, 120, 'x'), ...served(9, 20, 'y')],
      ],
      events: [
        [10, 0.5, 20],
        [20, 0, 20],
      ],
    },
    'sums what was counted before it divides': {
      // 90 of 100 and 0 of 900 are 90 of 1000, and not 45 %.
      pages: [
        [...served(0, 0, 'x'), ...served(0, 0, 'y')],
        [...served(90, 100, 'x'), ...served(0, 900, 'y')],
      ],
      events: [[10, 0.09, 1000]],
    },
    'waits for traffic': {
      settings: { minCount: 100 },
      pages: [served(0, 0), served(1, 30), served(2, 60), served(10, 90), served(20, 120), served(20, 220)],
      events: [
        [40, 20 / 120, 120],
        [50, 0, 100],
      ],
    },
    'waits for its window': {
      settings: { windowMs: 30_000 },
      pages: [served(0, 0), served(1, 10), served(2, 20), served(6, 30), served(6, 40)],
      events: [[30, 0.2, 30]],
    },
    'is none without requests': {
      pages: [served(0, 10), served(0, 10), served(1, 12)],
      events: [[20, 0.5, 2]],
    },
    'is none without requests, whatever count is asked for': {
      settings: { minCount: 0 },
      pages: [served(0, 10), served(0, 10), served(1, 12)],
      events: [[20, 0.5, 2]],
    },
    'may be above 1, where what is divided is no part of what it is divided by': {
      pages: [served(0, 0), served(30, 10)],
      events: [[10, 3, 10]],
    },
    'after a restart counts both from 0': {
      pages: [served(50, 100), served(1, 10), served(2, 20)],
      events: [
        [10, 0.1, 10],
        [20, 0.1, 10],
      ],
    },
    'after a restart counts a numerator that appears again from 0': {
      pages: [served(50, 100), served(null, 10), served(2, 20)],
      events: [
        [10, 0, 10],
        [20, 0.2, 10],
      ],
    },
    'takes no lifetime for what was counted since the last page: more than was observed can not have been': {
      pages: [served(null, 100), served(5000, 110), served(5001, 120)],
      events: [
        [10, 0, 10],
        [20, 0.1, 10],
      ],
    },
    'counts new labels whole: their requests, and their errors with them': {
      pages: [
        served(0, 100, 'a'),
        [...served(0, 110, 'a'), ...served(8, 1000, 'b')],
        [...served(0, 110, 'a'), ...served(9, 1010, 'b')],
      ],
      events: [
        [10, 8 / 1010, 1010],
        [20, 0.1, 10],
      ],
    },
    'multiplies by its scale': {
      settings: { scale: 100 },
      pages: [served(0, 0), served(1, 10)],
      events: [[10, 10, 10]],
    },
  };
  it.each(Object.entries(lives))('%s', (_, { pages, events, settings }) => {
    expect(derived(ratio(settings), every(10, pages))).toEqual(events);
  });
});

describe('the ratio of two replicas', () => {
  it('after a restart of one goes on with the other', () => {
    const scrapes = interleaved(
      every(10, [served(10, 100), served(11, 110), served(12, 120)], 'a'),
      every(10, [served(80, 800), served(1, 5), served(2, 15)], 'b'),
    );
    expect(derived(ratio(), scrapes)).toEqual([
      [10, 2 / 15, 15],
      [20, 0.1, 20],
    ]);
  });

  it('counts the first numerator of one from 0, however long the other has had one', () => {
    const scrapes = interleaved(
      every(10, [served(10, 100), served(10, 110)], 'a'),
      every(10, [served(null, 800), served(5, 810)], 'b'),
    );
    expect(derived(ratio(), scrapes)).toEqual([[10, 0.25, 20]]);
  });

  it('does not know what a replica had that comes later', () => {
    const late: Scrape[] = [
      [0, 'b', []],
      [20, 'b', served(500, 1000)],
      [30, 'b', served(500, 1010)],
    ];
    const scrapes = interleaved(late, every(10, [served(0, 0), served(1, 10), served(2, 20), served(3, 30)]));
    expect(derived(ratio(), scrapes)).toEqual([
      [10, 0.1, 10],
      [20, 0.1, 10],
      [30, 0.05, 20],
    ]);
  });
});

describe('a numerator that is away', () => {
  it('and comes back goes on where it was', () => {
    const pages = [served(50, 100), served(null, 110), served(52, 120)];
    expect(derived(ratio(), every(10, pages))).toEqual([
      [10, 0, 10],
      [20, 0.2, 10],
    ]);
  });

  it('longer than an hour is forgotten', () => {
    const pages = new Pages(ratio());
    pages.scrape(every(10, [served(50, 100), served(null, 110)]));
    expect(pages.cells).toEqual(['', 'a ', 'a denominator ', 'a numerator ']);
    pages.scrape([[3601, 'a', served(null, 120)]]);
    expect(pages.cells).toEqual(['', 'a ', 'a denominator ']);
  });
});
