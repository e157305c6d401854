import { describe, expect, it } from 'vitest';
import type { Row, Scrape } from '../pages.testing.ts';
import { derived, every, interleaved, Pages, windowed } from '../pages.testing.ts';
import type { RateSettings } from '../settings.ts';

const rate = (settings: Partial<RateSettings> = {}): RateSettings => ({
  kind: 'rate',
  ...windowed,
  minCount: 0,
  ...settings,
});

const counting = (value: number, time?: number): readonly Row[] => [
  time === undefined ? ['value', '', value] : ['value', '', value, time],
];
const pagesOf = (...values: number[]) => values.map((value) => counting(value));

describe('a rate', () => {
  it('is per second of data time, one for each scrape', () => {
    expect(derived(rate(), every(10, pagesOf(0, 10, 25, 25)))).toEqual([
      [10, 1, 10],
      [20, 1.5, 15],
      [30, 0, 0],
    ]);
  });

  it('goes by the times that the target gives', () => {
    const scrapes: Scrape[] = [
      [10, 'a', counting(0, 5)],
      [20, 'a', counting(10, 10)],
      [30, 'a', counting(20, 12)],
    ];
    expect(new Pages(rate()).scrape(scrapes)).toEqual([
      [10, 2, 10, 0],
      [12, 5, 10, 0],
    ]);
  });

  it('ends its window with the page that is meant to, though that comes up to 1 % early', () => {
    const scrapes = (third: number): Scrape[] =>
      [10, 20, third, 40].map((second, index) => [second, 'a', counting(index * 10)]);
    const ends = (third: number) =>
      new Pages(rate({ windowMs: 20_000 })).scrape(scrapes(third)).map(([at]) => at);
    expect(ends(29.9)).toEqual([29.9]);
    expect(ends(29.7)).toEqual([40]);
  });

  it('multiplies by its scale', () => {
    expect(derived(rate({ scale: 60 }), every(10, pagesOf(0, 5)))).toEqual([[10, 30, 5]]);
  });

  it('is taken over windows that grow to their length', () => {
    expect(derived(rate({ windowMs: 30_000 }), every(10, pagesOf(0, 10, 20, 30, 50, 70, 90)))).toEqual([
      [30, 1, 30],
      [60, 2, 60],
    ]);
  });

  it('lets a window end with the first scrape at which it is long enough', () => {
    expect(derived(rate({ windowMs: 25_000 }), every(10, pagesOf(0, 10, 20, 30, 40, 50, 60)))).toEqual([
      [30, 1, 30],
      [60, 1, 30],
    ]);
  });

  it('lets a window grow until it holds enough', () => {
    expect(derived(rate({ minCount: 20 }), every(10, pagesOf(0, 4, 10, 20, 45)))).toEqual([
      [30, 20 / 30, 20],
      [40, 2.5, 25],
    ]);
  });

  it('is 0 where nothing was counted, which is a value unless a count is asked for', () => {
    expect(derived(rate(), every(10, pagesOf(7, 7)))).toEqual([[10, 0, 0]]);
    expect(derived(rate({ minCount: 1 }), every(10, pagesOf(7, 7)))).toEqual([]);
  });

  it('does not come of windows that end before they begin', () => {
    const scrapes: Scrape[] = [
      [10, 'a', [['value', 'x', 0, 10]]],
      [20, 'a', [['value', 'y', 0, 5]]],
      [30, 'a', [['value', 'y', 100, 9]]],
      [40, 'a', [['value', 'y', 200, 20]]],
    ];
    expect(derived(rate(), scrapes)).toEqual([[20, 20, 200]]);
  });
});

describe('the rate of two targets', () => {
  const b = (value: number): readonly Row[] => [['value', '', value]];

  it('waits where the newest data time stands still, and loses nothing', () => {
    const scrapes: Scrape[] = [
      [10, 'a', counting(0, 10)],
      [11, 'b', counting(0, 5)],
      [20, 'a', counting(0, 10)],
      [21, 'b', counting(7, 9)],
      [30, 'a', counting(1, 18)],
      [31, 'b', counting(8, 15)],
    ];
    expect(derived(rate(), scrapes)).toEqual([[18, 9 / 8, 9]]);
  });

  it('is the sum of their rates, once per round, whatever their phases', () => {
    const scrapes = interleaved(
      every(15, pagesOf(0, 15, 30, 45), 'a'),
      every(15, [b(100), b(130), b(160), b(190)], 'b').map(([at, ...rest]): Scrape => [at + 7, ...rest]),
    );
    expect(derived(rate(), scrapes)).toEqual([
      [22, 3, 45],
      [37, 3, 45],
      [52, 3, 45],
    ]);
  });

  it('does not wait for one that is down', () => {
    const scrapes = interleaved(
      every(10, pagesOf(0, 10, 20, 30, 40), 'a'),
      every(10, [b(0), 'fails', 'fails', 'fails', 'fails'], 'b').map(
        ([at, ...rest]): Scrape => [at + 1, ...rest],
      ),
    );
    expect(derived(rate(), scrapes).map(([at]) => at)).toEqual([20, 30, 40]);
  });

  it('goes on where one is no target any more', () => {
    const pages = new Pages(rate(), { targets: ['a', 'b'] });
    pages.scrape([
      [0, 'a', counting(0)],
      [0, 'b', b(0)],
    ]);
    pages.leave('b');
    expect(pages.scrape(every(10, pagesOf(0, 10, 30)).slice(1))).toEqual([
      [10, 1, 10, 1],
      [20, 2, 20, 1],
    ]);
  });

  it('leaves out what one has counted while rounds ended without it: that belongs to no window', () => {
    const scrapes = interleaved(
      every(60, pagesOf(...Array.from({ length: 14 }, (_, minute) => minute)), 'a'),
      [
        [0, 'b', b(100)],
        ...Array.from({ length: 10 }, (_, index): Scrape => [60 * (index + 1), 'b', 'fails']),
        [660, 'b', b(700)],
        [720, 'b', b(760)],
        [780, 'b', b(820)],
      ],
    );
    const total = derived(rate(), scrapes).reduce((sum, [, , weight]) => sum + weight!, 0);
    expect(total).toBe(13 + 120);
    expect(Math.max(...derived(rate(), scrapes).map(([, value]) => value!))).toBeLessThanOrEqual(61 / 60);
  });

  it('begins when both were heard: what one has counted before is not all there was', () => {
    const scrapes: Scrape[] = [
      [0, 'a', counting(0)],
      [10, 'a', counting(1000)],
      [15, 'b', b(0)],
      [20, 'a', counting(1010)],
      [25, 'b', b(10)],
    ];
    expect(derived(rate(), scrapes)).toEqual([[25, 2, 20]]);
  });
});
