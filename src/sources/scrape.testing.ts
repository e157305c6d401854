/** A scraper of real local targets with a fake intake, a recorded log and a clock that stands still, for tests. */
import type { Clock } from '../clock.ts';
import { ManualClock } from '../clock.ts';
import type { MetricInput, ScrapeConfig } from '../config/config.ts';
import type { Rule } from '../core/rule.ts';
import type { LogFields, Logger } from '../log.ts';
import { FakeIntake } from './intake.testing.ts';
import type { ScrapeSettings } from './scrape.ts';
import { createScraper } from './scrape.ts';
import type { TestTarget } from './target.testing.ts';
import { scrapeConfig } from './target.testing.ts';

export const accuracy: MetricInput = {
  entry: 0,
  metric: 'accuracy',
  models: [],
  from: {
    kind: 'gauge',
    selector: { text: 'accuracy', matchers: [{ label: '__name__', operator: '=', value: 'accuracy' }] },
    scale: 1,
    aggregate: null,
  },
};

function recorder(): { log: Logger; lines: { level: string; message: string; fields: LogFields }[] } {
  const lines: { level: string; message: string; fields: LogFields }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

export function settingsFor(
  targets: readonly TestTarget[],
  overrides: Partial<ScrapeConfig> = {},
): ScrapeSettings {
  const config = scrapeConfig({
    targets: targets.map(({ address }) => ({ address, labels: new Map() })),
    ...overrides,
  });
  return {
    configs: [config],
    inputs: [accuracy],
    rules: [{ metric: 'accuracy', models: [], entry: 0, pushed: false } as unknown as Rule],
    maxSeries: 1000,
  };
}

export function scraperOf(settings: ScrapeSettings, clock: Clock = new ManualClock()) {
  const intake = new FakeIntake();
  const { log, lines } = recorder();
  const scraper = createScraper({ ...settings, intake, clock, log, userAgent: 'Driftgauge/0' });
  return { scraper, intake, lines, [Symbol.asyncDispose]: () => scraper.stop() };
}

export const PAGE =
  'accuracy{model="fraud",version="1"} 0.9\naccuracy{model="fraud",version="2"} 0.8 1700000000000\nother 1\n';
