/** How often the rules of an entry are evaluated: as often as Driftgauge would have a sample of it. */
import type { MetricInput, ScrapeConfig } from '../config/config.ts';
import { cronGaps } from '../config/values/cron.ts';
import { jobsFor } from './jobs.ts';

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
  const jobs = takenFrom(from, scrapes);
  const [slowest, scrapeMs] = jobs
    .map((job) => [job, everyMs(job)] as const)
    .reduce((longest, one) => (one[1] > longest[1] ? one : longest));
  const windowMs = from.settings.kind === 'gauge' ? 0 : from.settings.windowMs;
  return { scrapeMs, sampleMs: Math.max(scrapeMs, windowMs), jobs, slowest };
}

/** Those that the selectors leave, else all. */
function takenFrom(
  { takes }: MetricInput['from'],
  scrapes: readonly ScrapeConfig[],
): readonly ScrapeConfig[] {
  const left = takes.flatMap(({ selector }) => jobsFor(selector, scrapes).map(({ scrape }) => scrape));
  return left.length === 0 ? scrapes : [...new Set(left)];
}

function everyMs({ schedule }: ScrapeConfig): number {
  return schedule.kind === 'interval' ? schedule.intervalMs : cronGaps(schedule.expression).shortestMs;
}
