/** How often the rules of an entry are evaluated: as often as Driftgauge would have a sample of it. */
import type { MetricInput, ScrapeConfig } from '../config/config.ts';
import { cronGaps } from '../config/values/cron.ts';

export interface Pace {
  /** Between two scrapes. */
  readonly scrapeMs: number;
  /** Between two samples: a scrape, or a window where that is longer. */
  readonly sampleMs: number;
  /** The jobs that may have its series. */
  readonly jobs: readonly ScrapeConfig[];
  /** The one of them whose interval it is. */
  readonly slowest: ScrapeConfig;
}

/**
 * Where several jobs may have the series, the longest of their intervals counts: an evaluation between two scrapes would
 * count one sample twice and make the average faster than it was meant to be.
 */
export function paceOf({ from }: MetricInput, scrapes: readonly ScrapeConfig[]): Pace {
  const jobs = jobsOf(from, scrapes);
  const [slowest, scrapeMs] = jobs
    .map((job) => [job, everyMs(job)] as const)
    .reduce((longest, one) => (one[1] > longest[1] ? one : longest));
  const windowMs = from.settings.kind === 'gauge' ? 0 : from.settings.windowMs;
  return { scrapeMs, sampleMs: Math.max(scrapeMs, windowMs), jobs, slowest };
}

/** Those that the selectors name, else all. */
function jobsOf({ takes }: MetricInput['from'], scrapes: readonly ScrapeConfig[]): readonly ScrapeConfig[] {
  const named = takes
    .flatMap(({ selector }) => selector.matchers)
    .filter(({ label, operator }) => label === 'job' && operator === '=')
    .map(({ value }) => value);
  const jobs = scrapes.filter(({ jobName }) => named.includes(jobName));
  return jobs.length === 0 ? scrapes : jobs;
}

function everyMs({ schedule }: ScrapeConfig): number {
  return schedule.kind === 'interval' ? schedule.intervalMs : cronGaps(schedule.expression).shortestMs;
}
