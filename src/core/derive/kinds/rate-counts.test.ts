import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START as BEGINNING } from '../../scenario.testing.ts';
import { COUNTS, OWN_KEY, OWN_SLOTS, START } from '../memory.ts';
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

/** Starts in these tables are seconds since `START`, as all else is. */
function dated(rows: readonly Row[] | 'fails'): readonly Row[] | 'fails' {
  if (rows === 'fails') return rows;
  return rows.map((row): Row => {
    const [role, labels, value] = row;
    return role === 'start' ? [role, labels, BEGINNING / 1000 + (value as number)] : row;
  });
}

describe('what a counter has counted', () => {
  const totals: Record<string, readonly [pages: (readonly Row[] | 'fails')[], total: number]> = {
    'is what it grew by, nothing more': [pagesOf(0, 10, 20, 30), 30],
    'begins with the first page': [pagesOf(1000, 1010), 10],
    'after a reset is its value': [pagesOf(100, 110, 5, 15), 25],
    'after each of several resets is its value': [pagesOf(5, 3, 2, 4, 1), 8],
    'is nothing where it stands still': [pagesOf(7, 7, 7), 0],
    'may be fractions': [pagesOf(0.5, 1.25, 0.25), 1],
    'is whole after a page without it': [[...pagesOf(10, 20), [], ...pagesOf(25)], 15],
    'is whole after a failed scrape': [[...pagesOf(10), 'fails', ...pagesOf(25)], 15],
    'is what all series have grown by': [
      [
        [
          ['value', 'x', 10],
          ['value', 'y', 100],
        ],
        [
          ['value', 'x', 11],
          ['value', 'y', 120],
        ],
      ],
      21,
    ],
    'is not its life where what says when it began creeps on': [
      [0, 1, 2].map((page): readonly Row[] => [
        ['value', '', 1_000_000 + page],
        ['start', '', -100 + page / 100],
      ]),
      2,
    ],
    'is not its life where what is called so is no time': [
      [0, 1, 2].map((page): readonly Row[] => [
        ['value', '', 1_000_000 + page],
        ['start', '', 5 + page - BEGINNING / 1000],
      ]),
      2,
    ],
    'is not its life where it begins later than the page': [
      [0, 1, 2].map((page): readonly Row[] => [
        ['value', '', 1_000_000 + page],
        ['start', '', (BEGINNING / 1000) * 999 + page],
      ]),
      2,
    ],
    'after a reset of one series is that one’s value and what the others grew by': [
      [
        [
          ['value', 'x', 10],
          ['value', 'y', 100],
        ],
        [
          ['value', 'x', 2],
          ['value', 'y', 120],
        ],
      ],
      22,
    ],
    'does not know what a series had when it came': [
      [
        [['value', 'x', 10]],
        [
          ['value', 'x', 11],
          ['value', 'y', 500],
        ],
        [
          ['value', 'x', 12],
          ['value', 'y', 503],
        ],
      ],
      5,
    ],
    'is zero to its value where it began anew, though it grew': [
      [
        [
          ['value', '', 10],
          ['start', '', -100],
        ],
        [
          ['value', '', 12],
          ['start', '', 3],
        ],
      ],
      12,
    ],
    'is what it grew by while its start stays the same': [
      [
        [
          ['value', '', 10],
          ['start', '', -100],
        ],
        [
          ['start', '', -100],
          ['value', '', 12],
        ],
      ],
      2,
    ],
    'is what it grew by where its start is rounded in another way': [
      [
        [
          ['value', '', 10],
          ['start', '', -100],
        ],
        [
          ['value', '', 12],
          ['start', '', -99.9995],
        ],
      ],
      2,
    ],
    'is what it grew by where its start is told later': [
      [
        [['value', '', 10]],
        [
          ['value', '', 12],
          ['start', '', 3],
        ],
      ],
      2,
    ],
    'is its value where it began anew since the start was last told': [
      [
        [
          ['value', '', 10],
          ['start', '', -100],
        ],
        [['value', '', 12]],
        [
          ['value', '', 15],
          ['start', '', 14],
        ],
      ],
      17,
    ],
    'is the value of a series that came and began within the window': [
      [
        [['value', 'x', 10]],
        [
          ['value', 'x', 11],
          ['value', 'y', 7],
          ['start', 'y', 5],
        ],
      ],
      8,
    ],
    'is not the value of a series that came and began before the window': [
      [
        [['value', 'x', 10]],
        [
          ['value', 'x', 11],
          ['value', 'y', 7],
          ['start', 'y', -5],
        ],
      ],
      1,
    ],
  };
  it.each(Object.entries(totals))('%s', (_, [pages, total]) => {
    const scrapes = every(10, pages).map(([at, target, rows]): Scrape => [at, target, dated(rows)]);
    const events = derived(rate(), scrapes);
    expect(events.reduce((sum, [, , weight]) => sum + weight!, 0)).toBeCloseTo(total, 12);
  });

  it('is the sum of what it grew by and of what it had after resets, whatever it shows', () => {
    const values = fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (shown) => {
        const total = shown
          .slice(1)
          .reduce((sum, value, index) => sum + (value < shown[index]! ? value : value - shown[index]!), 0);
        const events = derived(rate(), every(10, pagesOf(...shown)));
        expect(events.reduce((sum, [, , weight]) => sum + weight!, 0)).toBe(total);
        expect(events).toHaveLength(shown.length - 1);
      }),
    );
  });

  it('is told once and whole, whatever targets show, hide and fail to', () => {
    const scrape = fc.record({
      target: fc.constantFrom('a', 'b', 'c'),
      after: fc.integer({ min: 1, max: 20 }),
      shows: fc.oneof(
        { weight: 6, arbitrary: fc.nat(50) },
        fc.constantFrom('fails' as const, 'nothing' as const),
      ),
      /** A time of its own, so much before the page. */
      back: fc.constantFrom(null, null, null, 0, 1, 30),
    });
    fc.assert(
      fc.property(fc.array(scrape, { maxLength: 60 }), fc.constantFrom(0, 30_000), (scrapes, windowMs) => {
        // Of a rate, what was counted while rounds ended without the target is left out.
        const settings = { kind: 'ratio', ...windowed, windowMs, minCount: 0 } as const;
        const pages = new Pages(settings, { targets: ['a', 'b', 'c'] });
        const last = new Map<string, { readonly value: number; readonly time: number }>();
        let counted = 0;
        let told = 0;
        let hasBegun = false;
        let start = 0;
        for (const { target, after, shows, back } of scrapes) {
          pages.seconds += after;
          if (shows === 'fails') {
            pages.fail(target);
            continue;
          }
          const time = pages.seconds - (back ?? 0);
          const shown = shows === 'nothing' ? 0 : shows;
          const row: Row = back === null ? ['denominator', '', shown] : ['denominator', '', shown, time];
          const rows = shows === 'nothing' ? [] : [row];
          for (const [, , weight] of pages.page(target, rows).events) told += weight;
          if (shows === 'nothing') continue;
          const known = last.get(target);
          if (!known || time > known.time) {
            if (known && hasBegun) counted += shows < known.value ? shows : shows - known.value;
            last.set(target, { value: shows, time });
          }
          const began = pages.signal.cells!.get(OWN_KEY)!.record[START]!;
          // Where the target whose clock was ahead is gone, what was counted has no length and is left out.
          if (began < start) counted = told;
          start = began;
          hasBegun = began > 0;
        }
        if (!hasBegun) return;
        const own = pages.signal.cells!.get(OWN_KEY)!.record;
        const untold = own[COUNTS] === 1 ? own[OWN_SLOTS + 1]! : 0;
        expect(told + untold).toBe(counted);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same however its series are spread over targets that are scraped at once', () => {
    const shown = fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(shown, (rounds) => {
        const rows = rounds.map((values) =>
          values.map((value, index): Row => ['value', `${index}`, value] as const),
        );
        const whole = every(10, rows);
        const split = interleaved(
          every(
            10,
            rows.map((page) => page.slice(0, 2)),
            'a',
          ),
          every(
            10,
            rows.map((page) => page.slice(2)),
            'b',
          ),
        );
        expect(derived(rate(), split)).toEqual(derived(rate(), whole));
      }),
    );
  });
});
