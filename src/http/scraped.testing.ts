/** A backend whose first metric, `derived`, is scraped and counts; fraud:1 is on each page. */
import type { Row } from '../core/derive/pages.testing.ts';
import { Pages, windowed } from '../core/derive/pages.testing.ts';
import type { CountingSettings } from '../core/derive/settings.ts';
import type { Rule } from '../core/rule.ts';
import { MINUTE, makeConfig, makeRule, SECOND, START } from '../core/scenario.testing.ts';
import { FakeBackend } from './backend.testing.ts';

export const RATIO: CountingSettings = { kind: 'ratio', ...windowed, windowMs: MINUTE, minCount: 20 };
export const GAUGE = { kind: 'gauge', scale: 1, aggregate: null } as const;

/** `others`: the rest of the metrics. */
export function scraped(from: CountingSettings, others: readonly Rule[] = []) {
  const rule = makeRule({ action: 'flag', metric: 'derived', from });
  const judge = makeConfig({ rules: [rule, ...others] });
  const backend = new FakeBackend(judge);
  const pages = new Pages(from, { world: backend.world, config: judge });
  const page = (seconds: number, rows: readonly Row[]) => {
    pages.seconds = seconds;
    backend.scenario.at = START + seconds * SECOND;
    pages.page('a', rows);
  };
  return { backend, page };
}
