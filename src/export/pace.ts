/** How often the rules of an entry are evaluated, as often as Driftgauge would have a sample of it, and how far back they look. */
import type { MetricInput, ScrapeConfig } from '../config/config.ts';
import { cronGaps } from '../config/values/cron.ts';
import { jobsFor } from './jobs.ts';

interface Steps {
  /** Between two scrapes. */
  readonly scrapeMs: number;
  /** Between two samples: a scrape, or a window where that is longer. It ends with a scrape. */
  readonly sampleMs: number;
}

export interface Pace extends Steps {
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
  const scrapesOfSample = Math.max(1, Math.ceil(windowMs / scrapeMs));
  return { scrapeMs, sampleMs: scrapesOfSample * scrapeMs, jobs, slowest };
}

/**
 * How far back counters are looked at: one scrape longer than a window, so that the increase between two windows is not
 * lost; at least so far that two scrapes are there even where the newest is not stored yet.
 */
export function rangeMs({ scrapeMs, sampleMs }: Steps): number {
  return scrapeMs + Math.max(sampleMs, 2 * scrapeMs);
}

/** Of the newest two scrapes alone, unless there is a window. */
export function isPerScrape({ scrapeMs, sampleMs }: Steps): boolean {
  return sampleMs === scrapeMs;
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
