import { describe, expect, it } from 'vitest';
import type { Given, Row } from './pages.testing.ts';
import { buckets, every, Pages, windowed } from './pages.testing.ts';
import type { DerivationSettings } from './settings.ts';

const RATE: DerivationSettings = { kind: 'rate', ...windowed, minCount: 0 };
const RATIO: DerivationSettings = { kind: 'ratio', ...windowed };
const MEAN: DerivationSettings = { kind: 'mean', ...windowed };
const MEDIAN: DerivationSettings = { kind: 'histogram_quantile', ...windowed, quantile: 0.5 };

const staleMarker = new Float64Array(new BigUint64Array([0x7ff0000000000002n]).buffer)[0]!;

/** What is remembered of the page before is 10 at second 0; the page comes at second 10. */
function pageAt10(rows: readonly Row[], from = RATE): { pages: Pages; given: Given } {
  const pages = new Pages(from);
  pages.page('a', [['value', '', 10]]);
  pages.seconds = 10;
  return { pages, given: pages.page('a', rows) };
}

describe('a sample that is dropped', () => {
  const dropped: Record<string, { rows: readonly Row[]; drops: object }> = {
    'is no number': { rows: [['value', '', NaN]], drops: { non_finite: 1 } },
    'is infinite': { rows: [['value', '', Infinity]], drops: { non_finite: 1 } },
    'is a stale marker': { rows: [['value', '', staleMarker]], drops: { stale_marker: 1 } },
    'is older than the last one': { rows: [['value', '', 12, -5]], drops: { late: 1 } },
    'is as old as the last one': { rows: [['value', '', 12, 0]], drops: { duplicate: 1 } },
    'is more than five minutes ahead': { rows: [['value', '', 12, 311]], drops: { future: 1 } },
    'says when a counter began, and is no number': {
      rows: [['start', '', NaN]],
      drops: { non_finite: 1 },
    },
  };
  it.each(Object.entries(dropped))('%s: it is counted, and what was known stays', (_, { rows, drops }) => {
    const { pages, given } = pageAt10(rows);
    expect(given.drops).toEqual(drops);
    expect(given.events.map(([, , weight]) => weight)).toEqual(given.events.map(() => 0));
    pages.seconds = 400;
    const next = pages.page('a', [['value', '', 17]]);
    expect(next.drops).toEqual({});
    expect(next.events.map(([, , weight]) => weight)).toEqual([7]);
  });

  it('comes a second time on its page: the first one counts', () => {
    const { given } = pageAt10([
      ['value', '', 12],
      ['value', '', 15],
      ['value', '~other', 18],
    ]);
    expect(given).toEqual({ events: [[10, 0.2, 2, 1]], drops: { duplicate: 2 } });
  });

  it('is a bucket: the others count on the bounds that are left', () => {
    const pages = new Pages(MEDIAN);
    pages.page('a', buckets({ '1': 0, '2': 0, '4': 0, '+Inf': 0 }));
    pages.seconds = 10;
    expect(pages.page('a', buckets({ '1': 5, '2': NaN, '4': 10, '+Inf': 10 }))).toEqual({
      events: [[10, 1, 10, 1]],
      drops: { non_finite: 1 },
    });
    // The bound is known again from here on.
    pages.seconds = 20;
    expect(pages.page('a', buckets({ '1': 5, '2': 10, '4': 20, '+Inf': 20 })).events).toEqual([
      [20, 2.5, 10, 1],
    ]);
  });

  it('belongs with another one, which then counts with the next page', () => {
    const pages = new Pages(MEAN);
    const summed = (sum: number, count: number): Row[] => [
      ['sum', '', sum],
      ['count', '', count],
    ];
    pages.page('a', summed(0, 0));
    pages.seconds = 10;
    expect(pages.page('a', summed(NaN, 5))).toEqual({ events: [], drops: { non_finite: 1 } });
    pages.seconds = 20;
    expect(pages.page('a', summed(30, 10)).events).toEqual([[20, 3, 10, 1]]);
  });
});

describe('at max_series', () => {
  // Room for four cells: the signal's, the target's, and two for counters.
  const options = { config: { maxSeries: 1 } };

  it('new counters are refused and counted; known ones go on', () => {
    const pages = new Pages(RATE, options);
    const x = (value: number): Row => ['value', 'x', value];
    const y = (value: number): Row => ['value', 'y', value];
    pages.page('a', [x(10), y(10)]);
    expect(pages.world.cellCount).toBe(4);
    pages.seconds = 10;
    expect(pages.page('a', [['value', 'z', 1000], x(15), y(15)])).toEqual({
      events: [[10, 1, 10, 1]],
      drops: { max_series: 1 },
    });
    expect(pages.world.cellCount).toBe(4);
  });

  it('a histogram is refused bucket by bucket, whole', () => {
    const pages = new Pages(MEDIAN, options);
    const three = { '1': 1, '2': 2, '+Inf': 3 };
    pages.page('a', [...buckets(three, 'x'), ...buckets(three, 'y')]);
    pages.seconds = 10;
    expect(pages.page('a', buckets(three, 'z')).drops).toEqual({ max_series: 3 });
    expect(pages.cells).toEqual(['', 'a ', 'a buckets x', 'a buckets y']);
  });

  it('known histograms go on, though they get new buckets', () => {
    const pages = new Pages(MEDIAN, options);
    pages.page('a', [...buckets({ '1': 0, '+Inf': 0 }, 'x'), ...buckets({ '1': 0, '+Inf': 0 }, 'y')]);
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index + 1}`, 10]));
    pages.seconds = 10;
    expect(pages.page('a', buckets({ ...wide, '+Inf': 10 }, 'x'))).toEqual({
      events: [[10, 0.5, 10, 1]],
      drops: {},
    });
  });

  it('counters are taken once there is room again, from then on: they did not begin at 0', () => {
    const pages = new Pages(RATIO, options);
    const page = (errors: number, requests: number): Row[] => [
      ['numerator', 'x', errors],
      ['denominator', 'x', requests],
      ['denominator', 'y', 0],
    ];
    pages.page('a', page(0, 100).slice(1));
    pages.seconds = 10;
    expect(pages.page('a', page(500, 110))).toEqual({ events: [[10, 0, 10, 1]], drops: { max_series: 1 } });
    pages.reconfigure(RATIO, {}, { maxSeries: 10 });
    pages.seconds = 20;
    expect(pages.page('a', page(501, 120))).toEqual({ events: [[20, 0, 10, 1]], drops: {} });
    pages.seconds = 30;
    expect(pages.page('a', page(502, 130)).events).toEqual([[30, 0.1, 10, 1]]);
  });
});

describe('what is remembered of counters', () => {
  it('is one cell for a series of labels, one for the target and one for the signal', () => {
    const pages = new Pages(RATE);
    pages.page('a', [
      ['value', 'x', 1],
      ['value', 'y', 1],
      ['start', 'y', 1],
    ]);
    expect(pages.cells).toEqual(['', 'a ', 'a value x', 'a value y']);
    expect(pages.world.cellCount).toBe(4);
  });

  it('is one cell for all buckets of a histogram, which moves where it grows', () => {
    const pages = new Pages(MEDIAN);
    pages.page('a', buckets({ '1': 1, '+Inf': 1 }));
    const { ref } = pages.signal.cells!.get('a buckets ')!;
    pages.seconds = 10;
    pages.page(
      'a',
      buckets({ ...Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at, 1])), '+Inf': 1 }),
    );
    expect(pages.signal.cells!.get('a buckets ')!.ref).not.toBe(ref);
    expect(pages.world.cellCount).toBe(3);
    expect(pages.world.cells[ref]).toBeUndefined();
  });

  it('goes with its series after an hour of silence, and not before', () => {
    const pages = new Pages(RATE);
    const x = (value: number): Row => ['value', 'x', value];
    const y = (value: number): Row => ['value', 'y', value];
    const weights = (seconds: number, ...rows: Row[]) =>
      pages.scrape([[seconds, 'a', rows]]).map(([, , weight]) => weight);
    pages.page('a', [x(0), y(100)]);
    weights(3600, x(1));
    expect(pages.cells).toContain('a value y');
    weights(3601, x(2));
    expect(pages.cells).not.toContain('a value y');
    // What it has counted in between is not known then.
    expect(weights(3610, x(3), y(500))).toEqual([1]);
    expect(weights(3620, x(4), y(505))).toEqual([6]);
  });

  it('stays while the target is down, and goes when it is up without the series', () => {
    const pages = new Pages(RATE);
    pages.page('a', [
      ['value', 'x', 0],
      ['value', 'y', 0],
    ]);
    for (let at = 600; at <= 6000; at += 600) pages.scrape([[at, 'a', 'fails']]);
    expect(pages.cells).toEqual(['', 'a ', 'a value x', 'a value y']);
    expect(pages.scrape([[6600, 'a', [['value', 'x', 66]]]])).toEqual([[6600, 0.01, 66, 1]]);
    expect(pages.cells).toEqual(['', 'a ', 'a value x']);
  });

  it('is found again where the series are resolved anew', () => {
    const pages = new Pages(MEDIAN);
    pages.page('a', buckets({ '1': 0, '+Inf': 0 }));
    pages.reconfigure(MEDIAN);
    pages.seconds = 10;
    expect(pages.page('a', buckets({ '1': 10, '+Inf': 10 })).events).toEqual([[10, 0.5, 10, 1]]);
  });

  it('is nothing any more where the signal begins anew or expires', () => {
    const pages = new Pages(RATE, { rule: { ttlMs: 60_000 } });
    pages.scrape(every(10, [[['value', '', 0]], [['value', '', 10]]]));
    pages.reconfigure({ ...RATE, windowMs: 5000 } as DerivationSettings, { ttlMs: 60_000 });
    expect(pages.world.cellCount).toBe(0);
    // The first page begins, and only the second one gives something.
    expect(
      pages.scrape([
        [20, 'a', [['value', '', 20]]],
        [30, 'a', [['value', '', 50]]],
      ]),
    ).toEqual([[30, 3, 30, 1]]);
    expect(pages.world.cellCount).toBe(3);
    pages.scrape([[91, 'a', []]]);
    expect(pages.world.cellCount).toBe(0);
    expect(pages.world.signalCount).toBe(0);
    expect(pages.scrape([[100, 'a', [['value', '', 60]]]])).toEqual([]);
  });
});
