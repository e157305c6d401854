/** One derivation of each sort, and pages of two targets that all of them give something for. */
import type { Row, Scrape } from './pages.testing.ts';
import { buckets, windowed } from './pages.testing.ts';
import type { DerivationSettings } from './settings.ts';

export const SORTS = {
  'a gauge': { kind: 'gauge', scale: 1, aggregate: null },
  'an average': { kind: 'gauge', scale: 1, aggregate: 'avg' },
  'a rate': { kind: 'rate', ...windowed, windowMs: 30_000, minCount: 0 },
  'a ratio': { kind: 'ratio', ...windowed },
  'a mean': { kind: 'mean', ...windowed },
  'a quantile': { kind: 'histogram_quantile', ...windowed, quantile: 0.5 },
  'a distance from the first observations': {
    kind: 'histogram',
    ...windowed,
    distance: 'ks',
    reference: { kind: 'first', ms: 40_000 },
  },
  'a distance from the last observations': {
    kind: 'histogram',
    ...windowed,
    distance: 'ks',
    reference: { kind: 'trailing', ms: 80_000 },
  },
} satisfies Record<string, DerivationSettings>;

export type Sort = keyof typeof SORTS;
export const sorts = Object.keys(SORTS) as Sort[];

/** Twenty pages, of `a` and `b` in turn, 5 s apart; with `ownTime`, each gives times of its own, a second back. */
export function lifeOf(sort: Sort, ownTime = false): Scrape[] {
  return Array.from({ length: 20 }, (_, index): Scrape => {
    const seconds = 10 + index * 5;
    const target = index % 2 === 0 ? 'a' : 'b';
    const page = rowsOf(SORTS[sort].kind, target === 'a' ? 7 : 3, seconds);
    if (!ownTime) return [seconds, target, page];
    return [seconds, target, page.map(([role, labels, value]): Row => [role, labels, value, seconds - 1])];
  });
}

/** What a target shows that has counted since second 0, faster and faster. */
function rowsOf(kind: DerivationSettings['kind'], pace: number, seconds: number): Row[] {
  const count = seconds * seconds + pace * seconds;
  switch (kind) {
    case 'gauge':
    case 'rate':
      return [['value', '', count]];
    case 'ratio':
      return [
        ['numerator', '', count],
        ['denominator', '', 9 * seconds],
      ];
    case 'mean':
      return [
        ['sum', '', count],
        ['count', '', 9 * seconds],
      ];
    default:
      return buckets({ '1': 5 * seconds, '2': 5 * seconds + count, '+Inf': 7 * seconds + count });
  }
}
