import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, Row, Scrape } from './pages.testing.ts';
import { derived, every, interleaved, Pages } from './pages.testing.ts';
import type { Aggregate, DerivationSettings } from './settings.ts';

const shared = (aggregate: Aggregate, scale = 1): DerivationSettings => ({ kind: 'gauge', scale, aggregate });

/** One series per value. */
const showing = (...values: number[]): Row[] => values.map((value, index) => ['value', `${index}`, value]);

describe('a gauge with an aggregate, on one page', () => {
  const combined: Record<Aggregate, number> = { avg: 2, min: -3, max: 8, sum: 6 };
  it.each(Object.entries(combined) as [Aggregate, number][])(
    'combines its series by %s',
    (aggregate, value) => {
      expect(derived(shared(aggregate), [[10, 'a', showing(1, 8, -3)]])).toEqual([[10, value, 3]]);
    },
  );

  const pages: Record<string, { rows: readonly Row[]; events: readonly Event[]; drops?: object }> = {
    'leaves out what is no number, and counts it': {
      rows: showing(NaN, 2, Infinity),
      events: [[10, 2, 1, 1]],
      drops: { non_finite: 2 },
    },
    'leaves out what is more than five minutes ahead, and counts it': {
      rows: [
        ['value', 'x', 1, 311],
        ['value', 'y', 2, 9],
      ],
      events: [[9, 2, 1, 0]],
      drops: { future: 1 },
    },
    'says nothing where nothing is a number': {
      rows: showing(NaN, -Infinity),
      events: [],
      drops: { non_finite: 2 },
    },
    'counts a series once, however often and however spelled': {
      rows: [
        ['value', 'x', 1],
        ['value', 'x', 10, 9],
        ['value', 'x~other', 100],
        ['value', 'y', 1],
      ],
      events: [[10, 2, 2, 1]],
      drops: { duplicate: 2 },
    },
    'is as new as the newest of its series': {
      rows: [
        ['value', 'x', 1, 7],
        ['value', 'y', 1, 9],
        ['value', 'z', 1, 8],
      ],
      events: [[9, 3, 3, 0]],
    },
    'is stamped where the newest of its series is': {
      rows: [
        ['value', 'x', 1, 8],
        ['value', 'y', 1],
      ],
      events: [[10, 2, 2, 1]],
    },
    'takes times of their own that are newer than the page': {
      rows: [
        ['value', 'x', 1],
        ['value', 'y', 1, 12],
      ],
      events: [[12, 2, 2, 0]],
    },
  };
  it.each(Object.entries(pages))('%s', (_, { rows, events, drops = {} }) => {
    const one = new Pages(shared('sum'));
    one.seconds = 10;
    expect(one.page('a', rows)).toEqual({ events, drops });
  });

  it('multiplies the combined value by its scale', () => {
    expect(derived(shared('avg', 1000), [[10, 'a', showing(1, 2)]])).toEqual([[10, 1500, 2]]);
  });

  it('begins anew with each page', () => {
    const lives = every(10, [showing(1, 2), [['value', '9', 5]], []]);
    expect(derived(shared('sum'), lives)).toEqual([
      [0, 3, 2],
      [10, 5, 1],
    ]);
  });
});

describe('a gauge with an aggregate, on several targets', () => {
  const lives: Record<string, { scrapes: readonly Scrape[]; events: readonly (readonly number[])[] }> = {
    'gives one sample per round, stamped with the newest page': {
      scrapes: interleaved(
        every(10, [showing(1), showing(2), showing(3)], 'a'),
        every(10, [showing(10, 20), showing(30), showing(40)], 'b').map(([at, ...rest]) => [at + 3, ...rest]),
      ),
      events: [
        [3, 31, 3],
        [13, 32, 2],
        [23, 43, 2],
      ],
    },
    'goes by the slowest of them': {
      scrapes: interleaved(
        every(10, [showing(1), showing(2), showing(3), showing(4)], 'a'),
        every(30, [showing(10), showing(20)], 'b'),
      ),
      events: [
        [0, 11, 2],
        [30, 24, 2],
      ],
    },
    'does not wait for one that is down': {
      scrapes: interleaved(
        every(10, [showing(1), showing(2), showing(3), showing(4)], 'a'),
        every(10, [showing(10), 'fails', 'fails', showing(40)], 'b'),
      ),
      // The one that is down is known to be so when the next page comes.
      events: [
        [0, 11, 2],
        [20, 3, 1],
        [30, 4, 1],
      ],
    },
    'does not wait for one that has no such series any more': {
      scrapes: interleaved(
        every(10, [showing(1), showing(2), showing(3)], 'a'),
        every(10, [showing(10), [], []], 'b'),
      ),
      events: [
        [0, 11, 2],
        [20, 3, 1],
      ],
    },
    'waits at first until every target was heard': {
      scrapes: [
        [0, 'a', showing(1)],
        [10, 'a', showing(2)],
        [12, 'b', 'fails'],
        [13, 'c', []],
        [20, 'a', showing(3)],
      ],
      events: [[20, 3, 1]],
    },
    'waits five minutes for a target that is never heard': {
      scrapes: [
        ...every(
          60,
          Array.from({ length: 7 }, () => showing(1)),
        ),
        [500, 'never', 'fails'],
      ],
      events: [[360, 1, 1]],
    },
    'takes one that comes later into the round in which it speaks': {
      scrapes: [
        [0, 'a', showing(1)],
        [1, 'b', []],
        [10, 'a', showing(2)],
        [11, 'b', showing(10)],
        [20, 'a', showing(3)],
        [21, 'b', showing(20)],
      ],
      events: [
        [10, 2, 1],
        [20, 13, 2],
      ],
    },
  };
  it.each(Object.entries(lives))('%s', (_, { scrapes, events }) => {
    expect(derived(shared('sum'), scrapes)).toEqual(events);
  });

  it('does not wait for one that is no target any more', () => {
    const pages = new Pages(shared('max'), { targets: ['a', 'b'] });
    pages.scrape([
      [0, 'a', showing(1)],
      [1, 'b', showing(9)],
    ]);
    pages.leave('b');
    expect(pages.scrape([[10, 'a', showing(2)]])).toEqual([[10, 2, 1, 1]]);
  });

  it.each([-3600, 3600])('keeps its rounds when the clock is set by %d s', (by) => {
    const pages = new Pages(shared('sum'), { targets: ['a', 'b'] });
    pages.scrape([
      [0, 'a', showing(1)],
      [5, 'b', showing(10)],
      [10, 'a', showing(2)],
    ]);
    pages.stepClock(by);
    expect(
      pages.scrape([
        [by + 15, 'b', showing(20)],
        [by + 20, 'a', showing(3)],
        [by + 25, 'b', showing(30)],
      ]),
    ).toEqual([
      [by + 15, 22, 2, 1],
      [by + 25, 33, 2, 1],
    ]);
  });

  it('remembers one cell for the signal and one for each target', () => {
    const pages = new Pages(shared('sum'), { targets: ['a', 'b'] });
    pages.scrape([
      [0, 'a', showing(1, 2, 3)],
      [1, 'b', showing(4)],
    ]);
    expect(pages.cells).toEqual(['', 'a ', 'b ']);
    expect(pages.world.cellCount).toBe(3);
  });

  it('is the same however its series are spread over targets that are scraped at once', () => {
    const page = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom<Aggregate>('avg', 'min', 'max', 'sum'),
        fc.array(fc.tuple(page, fc.nat()), { minLength: 1, maxLength: 8 }),
        (aggregate, rounds) => {
          const whole = rounds.map(([values], at): Scrape => [at, 'a', showing(...values)]);
          const split = rounds.flatMap(([values, cut], at): Scrape[] => {
            const place = 1 + (cut % (values.length - 1));
            return [
              [at, 'a', showing(...values.slice(0, place))],
              [at, 'b', showing(...values.slice(place))],
            ];
          });
          expect(derived(shared(aggregate), split)).toEqual(derived(shared(aggregate), whole));
        },
      ),
    );
  });
});
