import { describe, expect, it } from 'vitest';
import { expiresAt, isStale } from '../signals.ts';
import { lifeOf, SORTS, sorts } from './lives.testing.ts';
import { heardAt } from './memory.ts';
import { Pages, windowed } from './pages.testing.ts';
import type { DerivationSettings } from './settings.ts';

const MINUTE = 60_000;
const RATE: DerivationSettings = { kind: 'rate', ...windowed, windowMs: 30_000, minCount: 0 };
describe.each(sorts)('the clock is set while there is %s', (sort) => {
  const from = SORTS[sort];

  it.each([
    [-3600, 5],
    [3600, 5],
    [-3600, 10],
    [40 * 365 * 86_400, 13],
  ])('by %d s after %d pages: what we stamped moves, and nothing else changes', (by, pagesBefore) => {
    const scrapes = lifeOf(sort);
    const undisturbed = new Pages(from, { targets: ['a', 'b'] }).scrape(scrapes);
    const pages = new Pages(from, { targets: ['a', 'b'] });
    const before = pages.scrape(scrapes.slice(0, pagesBefore));
    pages.stepClock(by);
    const after = pages
      .scrape(scrapes.slice(pagesBefore).map(([at, ...rest]) => [at + by, ...rest]))
      .map(([time, ...rest]) => [time - by, ...rest]);
    expect([...before, ...after]).toEqual(undisturbed);
    expect(undisturbed.length).toBeGreaterThan(1);
  });

  it('times that the targets give stay', () => {
    const scrapes = lifeOf(sort, true);
    const undisturbed = new Pages(from, { targets: ['a', 'b'] }).scrape(scrapes);
    const pages = new Pages(from, { targets: ['a', 'b'] });
    const before = pages.scrape(scrapes.slice(0, 7));
    pages.stepClock(120);
    const after = pages.scrape(scrapes.slice(7).map(([at, ...rest]) => [at + 120, ...rest]));
    expect([...before, ...after]).toEqual(undisturbed);
  });
});

describe('a signal whose window grows', () => {
  it('was heard with each page that speaks of it, and is stale all the same', () => {
    const pages = new Pages({ ...RATE, windowMs: 60 * MINUTE } as DerivationSettings, {
      rule: { staleAfterMs: 5 * MINUTE, ttlMs: 10 * MINUTE },
    });
    for (let at = 0; at <= 2400; at += 60) pages.scrape([[at, 'a', [['value', '', at]]]]);
    const { signal, world } = pages;
    expect(heardAt(signal)).toBe(world.at);
    expect(expiresAt(signal)).toBe(world.at + 10 * MINUTE);
    expect(isStale(signal, world.at)).toBe(true);
    expect(world.signalCount).toBe(1);
  });

  it('is forgotten, with all cells, when it was not heard for its ttl', () => {
    const pages = new Pages(RATE, { rule: { ttlMs: 10 * MINUTE } });
    pages.page('a', [['value', '', 1]]);
    expect(pages.world.cellCount).toBe(3);
    pages.scrape([[599, 'a', []]]);
    expect(pages.world.signalCount).toBe(1);
    pages.scrape([[600, 'a', []]]);
    expect([pages.world.signalCount, pages.world.cellCount]).toEqual([0, 0]);
  });

  it('was never heard where its derivation remembers nothing', () => {
    const pages = new Pages({ kind: 'gauge', scale: 1, aggregate: null });
    pages.page('a', [['value', '', 1]]);
    expect(heardAt(pages.signal)).toBe(0);
  });
});
