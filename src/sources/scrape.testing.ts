/** A scraper of real local targets on a fake intake, with a recorded log and a clock that stands still, for tests. */
import type { Clock } from '../clock.ts';
import { ManualClock } from '../clock.ts';
import type { ScrapeConfig } from '../config/config.ts';
import type { LogFields, Logger } from '../log.ts';
import type { RawEntry } from './config.testing.ts';
import { configOf } from './config.testing.ts';
import { FakeIntake } from './intake.testing.ts';
import { createScraper } from './scrape.ts';
import type { SourceConfig } from './source.ts';
import type { TestTarget } from './target.testing.ts';
import { scrapeConfig } from './target.testing.ts';

export const ACCURACY: RawEntry = { from: { gauge: 'accuracy' } };

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
  { metrics = [ACCURACY], maxSeries = 1000 }: { metrics?: readonly RawEntry[]; maxSeries?: number } = {},
): SourceConfig {
  const { inputs, judge, limits } = configOf(metrics, {}, { limits: { max_series: maxSeries } });
  const config = scrapeConfig({
    targets: targets.map(({ address }) => ({ address, labels: new Map() })),
    ...overrides,
  });
  return { scrapes: [config], inputs, judge, limits };
}

export function scraperOf(config: SourceConfig, clock: Clock = new ManualClock()) {
  const intake = new FakeIntake(config.judge);
  const { log, lines } = recorder();
  const scraper = createScraper(config, { intake, clock, log, userAgent: 'Driftgauge/0' });
  return {
    scraper,
    intake,
    lines,
    /** As the supervisor does it: first what judges, then what scrapes. */
    reload(changed: SourceConfig): void {
      intake.reconfigure(changed.judge);
      scraper.reconfigure(changed);
    },
    [Symbol.asyncDispose]: () => scraper.stop(),
  };
}

export const PAGE =
  'accuracy{model="fraud",version="1"} 0.9\naccuracy{model="fraud",version="2"} 0.8 999000\nother 1\n';
