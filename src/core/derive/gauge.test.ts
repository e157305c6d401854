import { describe, expect, it } from 'vitest';
import type { Event, Row } from './pages.testing.ts';
import { Pages } from './pages.testing.ts';
import type { DerivationSettings } from './settings.ts';

const AS_IT_IS: DerivationSettings = { kind: 'gauge', scale: 1, aggregate: null };

/** Pages of one target at second 10. */
function pagesAt10(from = AS_IT_IS): Pages {
  const pages = new Pages(from);
  pages.seconds = 10;
  return pages;
}

describe('a gauge without an aggregate', () => {
  const pages: Record<
    string,
    { rows: readonly Row[]; events: readonly Event[]; drops?: object; scale?: number }
  > = {
    'hands a value on, stamped with the time of the page': {
      rows: [['value', 'x', 0.5]],
      events: [[10, 0.5, 1, 1]],
    },
    'hands a value on with a time of its own': {
      rows: [['value', 'x', 0.5, 9]],
      events: [[9, 0.5, 1, 0]],
    },
    'multiplies by its scale': {
      scale: 1000,
      rows: [['value', 'x', 0.25]],
      events: [[10, 250, 1, 1]],
    },
    'belongs to the first series on the page': {
      rows: [
        ['value', 'y', 1],
        ['value', 'x', 2],
        ['value', 'z', 3],
      ],
      events: [[10, 1, 1, 1]],
      drops: { duplicate_series: 2 },
    },
    'takes a series once': {
      rows: [
        ['value', 'x', 1],
        ['value', 'x', 2],
      ],
      events: [[10, 1, 1, 1]],
      drops: { duplicate: 1 },
    },
    'takes a series again where the page gives another time': {
      rows: [
        ['value', 'x', 1, 8],
        ['value', 'x', 2, 9],
        ['value', 'x', 3, 9],
      ],
      events: [
        [8, 1, 1, 0],
        [9, 2, 1, 0],
      ],
      drops: { duplicate: 1 },
    },
    'passes over a series that is no number, and another one has it': {
      rows: [
        ['value', 'x', NaN],
        ['value', 'y', 1],
      ],
      events: [[10, 1, 1, 1]],
      drops: { non_finite: 1 },
    },
    'says nothing on an empty page': { rows: [], events: [] },
  };
  it.each(Object.entries(pages))('%s', (_, { rows, events, drops = {}, scale = 1 }) => {
    expect(pagesAt10({ ...AS_IT_IS, scale } as DerivationSettings).page('a', rows)).toEqual({
      events,
      drops,
    });
  });

  it('may belong to another series on the next page', () => {
    const pages = pagesAt10();
    pages.page('a', [
      ['value', 'x', 1],
      ['value', 'y', 2],
    ]);
    pages.seconds = 25;
    expect(pages.page('a', [['value', 'y', 3]])).toEqual({ events: [[25, 3, 1, 1]], drops: {} });
  });

  it('is as old as the scrape, where the page took long', () => {
    expect(pagesAt10().page('a', [['value', 'x', 1]], 4).events).toEqual([[6, 1, 1, 1]]);
  });

  it('remembers nothing', () => {
    const pages = pagesAt10();
    pages.page('a', [['value', 'x', 1]]);
    expect(pages.world.cellCount).toBe(0);
  });
});

describe('a gauge that two targets have', () => {
  /** Both have shown it once: `a` has it. */
  function contended(): Pages {
    const pages = new Pages(AS_IT_IS, { targets: ['a', 'b'] });
    pages.scrape([
      [0, 'a', [['value', '', 1]]],
      [5, 'b', [['value', '', 2]]],
    ]);
    pages.seconds = 15;
    return pages;
  }

  it('belongs to the first of them', () => {
    const pages = contended();
    expect(pages.page('a', [['value', '', 3]])).toEqual({ events: [[15, 3, 1, 1]], drops: {} });
    pages.seconds = 20;
    expect(pages.page('b', [['value', '', 4]])).toEqual({ events: [], drops: { duplicate_series: 1 } });
  });

  const endings: Record<string, (pages: Pages) => void> = {
    'no longer speaks of it': (pages) => pages.page('a', []),
    'is no number any more': (pages) => pages.page('a', [['value', '', NaN]]),
    'is down': (pages) => pages.fail('a'),
    'is no target any more': (pages) => pages.leave('a'),
  };
  it.each(Object.entries(endings))('belongs to the other when the first %s', (_, end) => {
    const pages = contended();
    end(pages);
    pages.seconds = 20;
    expect(pages.page('b', [['value', '', 4]])).toEqual({ events: [[20, 4, 1, 1]], drops: {} });
  });

  it('stays with the other when the first comes back', () => {
    const pages = contended();
    pages.fail('a');
    pages.scrape([[20, 'b', [['value', '', 4]]]]);
    pages.seconds = 30;
    expect(pages.page('a', [['value', '', 5]])).toEqual({ events: [], drops: { duplicate_series: 1 } });
  });

  it('stays where it is while the first is scraped by two loops, and one of them ends', () => {
    const pages = contended();
    const feed = pages.feeds.join('a');
    pages.feeds.leave(pages.world, feed);
    pages.seconds = 20;
    expect(pages.page('b', [['value', '', 4]]).events).toEqual([]);
  });

  it.each([-3600, 3600])('stays where it is when the clock is set by %d s', (by) => {
    const pages = contended();
    pages.page('a', [['value', '', 3]]);
    pages.stepClock(by);
    pages.seconds += 5;
    expect(pages.page('b', [['value', '', 4]]).events).toEqual([]);
  });
});
