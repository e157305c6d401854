import { describe, expect, it } from 'vitest';
import { distanceBetween } from '../histogram/distance.ts';
import { aNative } from '../histogram/native.testing.ts';
import type { Row, Scrape } from '../pages.testing.ts';
import { buckets, derived, every, interleaved, Pages, windowed } from '../pages.testing.ts';
import type { DistanceKind, DistanceSettings, ReferenceSettings } from '../settings.ts';

const distance = (
  reference: ReferenceSettings,
  kind: DistanceKind = 'psi',
  settings: Partial<DistanceSettings> = {},
): DistanceSettings => ({
  kind: 'histogram',
  ...windowed,
  distance: kind,
  reference,
  minCount: 1000,
  ...settings,
});

const BOUNDS = [1, 2, Infinity];
type Shape = readonly [first: number, second: number, third: number];
// Many enough to tell three bins apart.
const EVEN: Shape = [400, 300, 300];
const SHIFTED: Shape = [100, 300, 600];

/** Pages on which the buckets have counted these shapes, one after the other, from 0 on. */
function pagesOf(...shapes: Shape[]): Row[][] {
  const sums = [0, 0, 0];
  return [[0, 0, 0] as const, ...shapes].map((shape) => {
    shape.forEach((count, index) => {
      sums[index]! += count;
    });
    return buckets({ '1': sums[0]!, '2': sums[0]! + sums[1]!, '+Inf': sums[0]! + sums[1]! + sums[2]! });
  });
}

function between(kind: DistanceKind, reference: Shape, current: Shape): number {
  const cumulative = ([first, second, third]: Shape) => [first, first + second, first + second + third];
  return distanceBetween(
    kind,
    { kind: 'classic', bounds: BOUNDS, cumulative: cumulative(reference) },
    { kind: 'classic', bounds: BOUNDS, cumulative: cumulative(current) },
  )!;
}

const sumOf = (...shapes: Shape[]): Shape =>
  [0, 1, 2].map((index) => shapes.reduce((sum, shape) => sum + shape[index]!, 0)) as unknown as Shape;

describe('a distance from the first observations', () => {
  const first = (ms: number): ReferenceSettings => ({ kind: 'first', ms });

  it('is none until they are complete, and is then measured from them for ever', () => {
    const pages = pagesOf(EVEN, EVEN, SHIFTED, EVEN, SHIFTED);
    expect(derived(distance(first(20_000)), every(10, pages))).toEqual([
      [30, between('psi', sumOf(EVEN, EVEN), SHIFTED), 1000],
      [40, 0, 1000],
      [50, between('psi', sumOf(EVEN, EVEN), SHIFTED), 1000],
    ]);
  });

  it('takes windows into the reference whole', () => {
    const pages = pagesOf(EVEN, SHIFTED, SHIFTED);
    expect(derived(distance(first(15_000)), every(10, pages))).toEqual([
      [30, between('psi', sumOf(EVEN, SHIFTED), SHIFTED), 1000],
    ]);
  });

  it('lets both grow until they hold enough', () => {
    const pages = pagesOf(EVEN, EVEN, EVEN, SHIFTED, SHIFTED);
    expect(derived(distance(first(10_000), 'psi', { minCount: 2000 }), every(10, pages))).toEqual([
      [40, between('psi', sumOf(EVEN, EVEN), sumOf(EVEN, SHIFTED)), 2000],
    ]);
  });

  it.each<DistanceKind>(['psi', 'js', 'ks'])('is measured as %s', (kind) => {
    const [event] = derived(distance(first(10_000), kind), every(10, pagesOf(EVEN, SHIFTED)));
    expect(event![1]).toBe(between(kind, EVEN, SHIFTED));
    expect(event![1]).toBeGreaterThan(0);
  });

  it('is remembered in a cell of its own', () => {
    const pages = new Pages(distance(first(10_000)));
    pages.scrape(every(10, pagesOf(EVEN, SHIFTED)));
    expect(pages.cells).toEqual(['', 'a ', 'a buckets ', 'reference']);
  });

  it('begins anew with another reference', () => {
    const pages = new Pages(distance(first(10_000)));
    pages.scrape(every(10, pagesOf(EVEN, EVEN)));
    pages.reconfigure(distance(first(20_000)));
    expect(pages.world.cellCount).toBe(0);
    const shapes = pagesOf(EVEN, SHIFTED, SHIFTED, EVEN);
    expect(pages.scrape(every(10, shapes).map(([at, ...rest]) => [at + 30, ...rest]))).toEqual([
      [60, between('psi', sumOf(EVEN, SHIFTED), SHIFTED), 1000, 1],
      [70, between('psi', sumOf(EVEN, SHIFTED), EVEN), 1000, 1],
    ]);
  });
});

describe('a distance from the last observations', () => {
  const trailing = (ms: number): ReferenceSettings => ({ kind: 'trailing', ms });

  it('is measured from the windows before this one', () => {
    const pages = pagesOf(EVEN, SHIFTED, EVEN);
    expect(derived(distance(trailing(3_600_000)), every(10, pages))).toEqual([
      [20, between('psi', EVEN, SHIFTED), 1000],
      [30, between('psi', sumOf(EVEN, SHIFTED), EVEN), 1000],
    ]);
  });

  it.each([80_000, 88_000])('of %d ms, in steps of an eighth, goes back over eight windows of 10 s', (ms) => {
    // Those that end at 10, 20, 30, …: all but the first two are even.
    const shapes: Shape[] = [SHIFTED, SHIFTED, ...Array.from({ length: 9 }, () => EVEN)];
    const events = derived(distance(trailing(ms)), every(10, pagesOf(...shapes)));
    expect(events.slice(-2)).toEqual([
      [100, between('psi', sumOf(SHIFTED, ...Array.from({ length: 7 }, () => EVEN)), EVEN), 1000],
      [110, 0, 1000],
    ]);
  });

  it.each([1000, 10_000])(
    'of %d ms, no longer than a window of 10 s, is measured from the last one',
    (ms) => {
      expect(derived(distance(trailing(ms)), every(10, pagesOf(EVEN, SHIFTED, EVEN)))).toEqual([
        [20, between('psi', EVEN, SHIFTED), 1000],
        [30, between('psi', SHIFTED, EVEN), 1000],
      ]);
    },
  );

  it('forgets what lies before a long window', () => {
    const pages = pagesOf(EVEN, EVEN, EVEN, SHIFTED, EVEN);
    const scrapes = every(10, pages).map(([at, ...rest]): Scrape => [at > 20 ? at + 1000 : at, ...rest]);
    expect(derived(distance(trailing(80_000)), scrapes)).toEqual([
      [20, 0, 1000],
      [1030, 0, 1000],
      [1040, between('psi', EVEN, SHIFTED), 1000],
      [1050, between('psi', sumOf(EVEN, SHIFTED), EVEN), 1000],
    ]);
  });

  it('remembers eight generations and no more', () => {
    const pages = new Pages(distance(trailing(80_000)));
    const shapes = Array.from({ length: 40 }, () => EVEN);
    pages.scrape(every(10, pagesOf(...shapes)));
    expect(pages.cells).toEqual(
      ['', 'a ', 'a buckets ', ...Array.from({ length: 8 }, (_, index) => `trailing-${index}`)].sort(),
    );
  });
});

describe('a distance from a file', () => {
  const file = (bounds: number[], cumulative: number[]): ReferenceSettings => ({
    kind: 'file',
    histogram: { bounds, cumulative },
  });

  it('is measured from the first window on', () => {
    expect(
      derived(distance(file(BOUNDS, [400, 700, 1000]), 'ks'), every(10, pagesOf(EVEN, SHIFTED))),
    ).toEqual([
      [10, 0, 1000],
      [20, between('ks', EVEN, SHIFTED), 1000],
    ]);
  });

  it('is measured on the bounds that both have', () => {
    const [event] = derived(
      distance(file([0.5, 1, Infinity], [200, 400, 1000]), 'ks'),
      every(10, pagesOf(SHIFTED)),
    );
    expect(event![1]).toBeCloseTo(0.3, 12);
  });

  it('is none where they have none in common', () => {
    expect(derived(distance(file([7, Infinity], [200, 1000])), every(10, pagesOf(EVEN, EVEN)))).toEqual([]);
  });

  it('is none from native histograms', () => {
    const native = (count: number): Row[] => [['native', '', aNative({ positive: { 1: count } })]];
    expect(derived(distance(file(BOUNDS, [400, 700, 1000])), every(10, [native(0), native(1000)]))).toEqual(
      [],
    );
  });
});

describe('a distance', () => {
  it('waits for as many observations as where that is asked for', () => {
    const from = distance({ kind: 'first', ms: 0 }, 'psi', { minCount: 5000 });
    const shapes = [...Array.from({ length: 5 }, () => EVEN), ...Array.from({ length: 5 }, () => SHIFTED)];
    expect(derived(from, every(10, pagesOf(...shapes)))).toEqual([
      [100, between('psi', sumOf(...shapes.slice(0, 5)), sumOf(...shapes.slice(5))), 5000],
    ]);
  });

  it('is measured between native histograms', () => {
    const native = (low: number, high: number): Row[] => [
      ['native', '', aNative({ positive: { 1: low, 5: high } })],
    ];
    const events = derived(
      distance({ kind: 'first', ms: 10_000 }, 'ks'),
      every(10, [native(0, 0), native(500, 500), native(600, 1400), native(1100, 1900)]),
    );
    expect(events).toEqual([
      [20, 0.4, 1000],
      [30, 0, 1000],
    ]);
  });

  it('does not take a window into its reference that has no bucket for everything', () => {
    const whole = pagesOf(EVEN, EVEN, EVEN, EVEN);
    const pages = whole.map((rows, index) => (index === 1 ? rows.slice(0, 2) : rows));
    expect(derived(distance({ kind: 'first', ms: 10_000 }, 'ks', { minCount: 1 }), every(10, pages))).toEqual(
      [[40, 0, 1000]],
    );
  });

  it('is measured over all targets together', () => {
    const from = distance({ kind: 'first', ms: 10_000 }, 'psi', { minCount: 1500 });
    const scrapes = interleaved(every(10, pagesOf(EVEN, SHIFTED), 'a'), every(10, pagesOf(EVEN, EVEN), 'b'));
    expect(derived(from, scrapes)).toEqual([
      [20, between('psi', sumOf(EVEN, EVEN), sumOf(SHIFTED, EVEN)), 2000],
    ]);
  });
});
