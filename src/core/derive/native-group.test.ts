import { describe, expect, it } from 'vitest';
import { START } from '../scenario.testing.ts';
import { aNative } from './histogram/native.testing.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { decodeNative } from './histogram/native-row.ts';
import type { Row } from './pages.testing.ts';
import { buckets, derived, every, Pages, windowed } from './pages.testing.ts';
import type { CountingSettings } from './settings.ts';

const MEAN: CountingSettings = { kind: 'mean', ...windowed };
const MEDIAN: CountingSettings = { kind: 'histogram_quantile', ...windowed, quantile: 0.5 };

const native = (of: Parameters<typeof aNative>[0], labels = '', time?: number): Row =>
  time === undefined ? ['native', labels, aNative(of)] : ['native', labels, aNative(of), time];

const START_OF_TIME = START / 1000;
/** That the counters began, in seconds. */
const began = (seconds: number): Row => ['start', '', START_OF_TIME + seconds];

/** The sums of what was observed, and how often. */
function counted(pages: (readonly Row[] | 'fails')[]): (readonly [sum: number, count: number])[] {
  return derived(MEAN, every(10, pages)).map(([, mean, count]) => [mean! * count!, count!] as const);
}

describe('a native histogram', () => {
  const lives: Record<
    string,
    readonly [pages: (readonly Row[] | 'fails')[], (readonly [sum: number, count: number])[]]
  > = {
    'has counted what it grew by': [
      [[native({ positive: { 1: 5 }, sum: 5 })], [native({ positive: { 1: 5, 3: 2 }, sum: 20 })]],
      [[15, 2]],
    ],
    'has counted what it grew by since the last page that had it': [
      [[native({ positive: { 1: 5 }, sum: 5 })], [], 'fails', [native({ positive: { 1: 8 }, sum: 8 })]],
      [[3, 3]],
    ],
    'has counted all of it where a bucket fell': [
      [[native({ positive: { 1: 5 }, sum: 5 })], [native({ positive: { 1: 1, 3: 9 }, sum: 70 })]],
      [[70, 10]],
    ],
    'has counted all of it where it began anew, though it grew': [
      [
        [native({ positive: { 1: 5 }, sum: 5 }), began(-100)],
        [native({ positive: { 1: 6 }, sum: 6 }), began(2)],
      ],
      [[6, 6]],
    ],
    'has counted all of it where it began anew since its start was last told': [
      [
        [native({ positive: { 1: 5 }, sum: 5 }), began(-100)],
        [native({ positive: { 1: 6 }, sum: 6 })],
        [native({ positive: { 1: 8 }, sum: 8 }), began(15)],
      ],
      [
        [1, 1],
        [8, 8],
      ],
    ],
    'has counted all of it where it comes and began within the window': [
      [
        [native({ positive: {} }, 'other')],
        [native({ positive: {} }, 'other'), native({ positive: { 1: 6 }, sum: 6 }), began(2)],
      ],
      [[6, 6]],
    ],
    'has counted nothing where it comes and began before the window': [
      [
        [native({ positive: {} }, 'other')],
        [native({ positive: {} }, 'other'), native({ positive: { 1: 6 }, sum: 6 }), began(-2)],
      ],
      [],
    ],
    'has counted what it grew by where its resolution fell': [
      [[native({ schema: 1, positive: { 1: 2, 2: 3 }, sum: 5 })], [native({ positive: { 1: 9 }, sum: 9 })]],
      [[4, 4]],
    ],
  };
  it.each(Object.entries(lives))('%s', (_, [pages, totals]) => {
    expect(counted(pages)).toEqual(totals);
  });

  it('is dropped where it comes twice on a page, late, or early, and what was known stays', () => {
    const pages = new Pages(MEAN);
    const at = (count: number, time?: number) => native({ positive: { 1: count }, sum: count }, '', time);
    pages.page('a', [at(5, 0)]);
    const drops = [-1, 0, 400].map((time, index) => {
      pages.seconds = 10 + index;
      return pages.page('a', [at(7, time)]).drops;
    });
    expect(drops).toEqual([{ late: 1 }, { duplicate: 1 }, { future: 1 }]);
    pages.seconds = 20;
    expect(pages.page('a', [at(7, 10), at(9, 10)])).toEqual({
      events: [[10, 1, 2, 0]],
      drops: { duplicate: 1 },
    });
  });

  it('is refused at max_series', () => {
    const pages = new Pages(MEAN, { config: { maxSeries: 0 } });
    expect(pages.page('a', [native({ positive: { 1: 5 } })]).drops).toEqual({ max_series: 1 });
    expect(pages.cells).not.toContain('a native ');
  });

  it('is no plain number under the same name', () => {
    const pages = new Pages(MEAN);
    expect(pages.page('a', [['native', '', 0.5]])).toEqual({ events: [], drops: {} });
  });

  it('is remembered whole, however many buckets it has', () => {
    const pages = new Pages(MEDIAN);
    const large: NativeHistogram = aNative({
      positive: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [index - 200, index + 1])),
      zeroCount: 7,
      zeroThreshold: 2 ** -210,
      sum: 123.5,
    });
    pages.page('a', [['native', '', aNative({ positive: { 1: 1 } })]]);
    pages.seconds = 10;
    pages.page('a', [['native', '', large]]);
    const stored = decodeNative(pages.signal.cells!.get('a native ')!.record, 4).histogram;
    expect({ ...stored, positive: [...Array.from(stored.positive.counts)] }).toEqual({
      ...large,
      negative: stored.negative,
      positive: [...Array.from(large.positive.counts)],
    });
    expect(pages.cells).toEqual(['', 'a ', 'a native ', 'native']);
  });

  it('and the classic one beside it are remembered both, so that either may go', () => {
    const pages = new Pages(MEDIAN);
    pages.page('a', [native({ positive: { 1: 1 } }), ...buckets({ '1': 1, '+Inf': 1 })]);
    expect(pages.cells).toEqual(['', 'a ', 'a buckets ', 'a native ']);
  });
});
