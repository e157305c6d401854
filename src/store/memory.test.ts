import { describe, expect, it } from 'vitest';
import { lifeOf, SORTS, sorts } from '../core/derive/lives.testing.ts';
import type { Row, Scrape } from '../core/derive/pages.testing.ts';
import { buckets, every, Pages, windowed } from '../core/derive/pages.testing.ts';
import type { DerivationSettings } from '../core/derive/settings.ts';
import { makeConfig, START } from '../core/scenario.testing.ts';
import { openMemoryStore } from './open.ts';
import type { SqliteStore } from './sqlite.ts';

const RATE: DerivationSettings = { kind: 'rate', ...windowed, minCount: 0 };

/** A process after the other, on one store. */
class Lives {
  readonly #store: SqliteStore = openMemoryStore({ now: START, onFatal: () => undefined });
  readonly #from: DerivationSettings;
  readonly #ttlMs: number;
  pages: Pages;

  constructor(from: DerivationSettings, targets: readonly string[], ttlMs = 3_600_000) {
    this.#from = from;
    this.#ttlMs = ttlMs;
    this.pages = this.#begin(targets);
  }

  /** Stores everything and goes on in another process. */
  restart(targets: readonly string[]): void {
    this.#store.commit(this.pages.world, new Map());
    this.pages = this.#begin(targets);
  }

  #begin(targets: readonly string[]): Pages {
    const world = this.#store.load(makeConfig({ rules: [] }));
    return new Pages(this.#from, { world, targets, rule: { ttlMs: this.#ttlMs } });
  }
}

const BOTH = ['a', 'b'];
const value = (of: number): Row[] => [['value', '', of]];

describe.each(sorts)('%s', (sort) => {
  it.each([false, true])('goes on as it would have, wherever a restart comes (own times: %s)', (ownTime) => {
    const scrapes = lifeOf(sort, ownTime);
    const undisturbed = new Pages(SORTS[sort], { targets: BOTH }).scrape(scrapes);
    expect(undisturbed.length).toBeGreaterThan(1);
    for (let cut = 1; cut < scrapes.length; cut++) {
      const lives = new Lives(SORTS[sort], BOTH);
      const before = lives.pages.scrape(scrapes.slice(0, cut));
      lives.restart(BOTH);
      expect([...before, ...lives.pages.scrape(scrapes.slice(cut))]).toEqual(undisturbed);
    }
  });

  it('goes on as it would have after a restart between any two pages', () => {
    const scrapes = lifeOf(sort);
    const lives = new Lives(SORTS[sort], BOTH);
    const events = scrapes.flatMap((scrape) => {
      lives.restart(BOTH);
      return lives.pages.scrape([scrape]);
    });
    expect(events).toEqual(new Pages(SORTS[sort], { targets: BOTH }).scrape(scrapes));
  });

  it('remembers the same after a restart, and nothing once its signal is forgotten', () => {
    const lives = new Lives(SORTS[sort], BOTH, 600_000);
    lives.pages.scrape(lifeOf(sort));
    const { cellCount } = lives.pages.world;
    const { cells } = lives.pages;
    lives.restart(BOTH);
    expect([lives.pages.world.cellCount, lives.pages.cells]).toEqual([cellCount, cells]);
    lives.pages.scrape([[1000, 'a', []]]);
    expect(lives.pages.world.signalCount).toBe(0);
    lives.restart(BOTH);
    expect([lives.pages.world.signalCount, lives.pages.world.cellCount]).toEqual([0, 0]);
  });
});

describe('after a restart', () => {
  it('what was counted while nobody looked counts', () => {
    const lives = new Lives(RATE, ['a']);
    lives.pages.scrape(every(10, [value(0), value(10)]));
    lives.restart(['a']);
    expect(lives.pages.scrape([[600, 'a', value(600)]])).toEqual([[600, 1, 590, 1]]);
  });

  it('a target that was down is not waited for', () => {
    const lives = new Lives(RATE, BOTH);
    const scrapes: Scrape[] = [
      [0, 'a', value(0)],
      [1, 'b', value(0)],
      [10, 'a', value(10)],
      [11, 'b', 'fails'],
    ];
    lives.pages.scrape(scrapes);
    lives.restart(BOTH);
    expect(lives.pages.scrape([[20, 'a', value(20)]])).toEqual([[20, 20 / 19, 20, 1]]);
  });

  it('a target that is no more is forgotten, and its counters with it', () => {
    const lives = new Lives(RATE, BOTH);
    lives.pages.scrape([
      [0, 'a', value(0)],
      [1, 'b', value(0)],
    ]);
    lives.restart(['a']);
    expect(lives.pages.scrape([[11, 'a', value(10)]])).toEqual([[11, 1, 10, 1]]);
    expect(lives.pages.cells).toEqual(['', 'a ', 'a value ']);
    lives.restart(['a']);
    expect(lives.pages.cells).toEqual(['', 'a ', 'a value ']);
  });

  it('a target that has left before was never heard', () => {
    const lives = new Lives(RATE, BOTH);
    lives.pages.scrape([
      [0, 'a', value(0)],
      [1, 'b', value(0)],
    ]);
    lives.restart(BOTH);
    lives.pages.leave('b');
    lives.restart(['a']);
    expect([...lives.pages.world.heard.keys()]).toEqual(['a']);
  });

  it('what is remembered of a histogram may move, and goes when it is silent for an hour', () => {
    const lives = new Lives(SORTS['a quantile'], ['a'], 86_400_000);
    const page = (bounds: number, labels: string): Row[] =>
      buckets(
        { ...Object.fromEntries(Array.from({ length: bounds }, (_, at) => [`${at + 1}`, 5])), '+Inf': 5 },
        labels,
      );
    lives.pages.page('a', [...page(1, 'x'), ...page(1, 'y')]);
    lives.restart(['a']);
    lives.pages.scrape([[10, 'a', [...page(30, 'x'), ...page(1, 'y')]]]);
    const cells = ['', 'a ', 'a buckets x', 'a buckets y'];
    expect([lives.pages.world.cellCount, lives.pages.cells]).toEqual([4, cells]);
    for (const [at, known] of [
      [3610, 4],
      [3611, 3],
      [7300, 3],
    ] as const) {
      lives.pages.scrape([[at, 'a', page(30, 'x')]]);
      expect(lives.pages.world.cellCount).toBe(known);
    }
    expect(lives.pages.cells).toEqual(cells.slice(0, 3));
    lives.restart(['a']);
    expect([lives.pages.world.cellCount, lives.pages.cells]).toEqual([3, cells.slice(0, 3)]);
  });

  it('what no series has come for goes after an hour', () => {
    const lives = new Lives(RATE, ['a'], 86_400_000);
    lives.pages.page('a', [
      ['value', 'x', 0],
      ['value', 'y', 0],
    ]);
    lives.restart(['a']);
    const known = [10, 3600, 3601, 3700].map((at) => {
      lives.pages.scrape([[at, 'a', [['value', 'x', at]]]]);
      return lives.pages.world.cellCount;
    });
    expect(known).toEqual([4, 4, 3, 3]);
  });

  it('a gauge stays with the target that had it', () => {
    const lives = new Lives(SORTS['a gauge'], BOTH);
    lives.pages.scrape([
      [0, 'a', value(1)],
      [5, 'b', value(2)],
      [10, 'a', value(3)],
    ]);
    lives.restart(BOTH);
    expect(
      lives.pages.scrape([
        [15, 'b', value(4)],
        [20, 'a', value(5)],
      ]),
    ).toEqual([[20, 5, 1, 1]]);
  });

  it('a cell that is wider than a page is whole', () => {
    const wide = (each: number): Row[] =>
      buckets({
        ...Object.fromEntries(
          Array.from({ length: 900 }, (_, index) => [`${index + 1}`, each * (index + 1)]),
        ),
        '+Inf': each * 900,
      });
    const lives = new Lives(SORTS['a quantile'], ['a']);
    lives.pages.scrape(every(10, [wide(1), wide(3)]));
    lives.restart(['a']);
    expect(lives.pages.scrape([[20, 'a', wide(4)]])).toEqual([[20, 450, 900, 1]]);
  });

  it('labels that nobody can spell are the same', () => {
    const row = (count: number): Row[] => [['value', '\u0000"; DROP TABLE cells; -- 🦊 \u202e', count]];
    const lives = new Lives(RATE, ['a']);
    lives.pages.scrape(every(10, [row(0), row(10)]));
    lives.restart(['a']);
    expect(lives.pages.scrape([[20, 'a', row(30)]])).toEqual([[20, 2, 20, 1]]);
  });
});
