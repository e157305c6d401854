/** `scrape_configs`, parsed. */
import type { Identity, Schedule, ScrapeConfig, ScrapeTarget } from '../config.ts';
import { DEFAULTS } from '../defaults.ts';
import type { RawGlobal, RawScrapeConfig } from '../schema/scrape.ts';
import { withPort } from '../values/address.ts';
import { cronGaps } from '../values/cron.ts';
import { toHttpClient } from './http.ts';
import { toRelabelConfig } from './relabel.ts';
import { type ResolvePath, toBytes, toMap, toMs } from './values.ts';

export function toScrapeConfig(
  job: RawScrapeConfig,
  { global, resolve }: { global: RawGlobal; resolve: ResolvePath },
): ScrapeConfig {
  const schedule = toSchedule(job, global);
  const scheme = job.scheme ?? 'http';
  const shortestMs =
    schedule.kind === 'cron' ? cronGaps(schedule.expression).shortestMs : schedule.intervalMs;
  const timeoutMs = toMs(job.scrape_timeout ?? global.scrape_timeout, DEFAULTS.scrapeTimeoutMs);
  return {
    jobName: job.job_name,
    scheme,
    metricsPath: job.metrics_path ?? DEFAULTS.metricsPath,
    params: toMap(job.params),
    ...toHttpClient(job, resolve),
    schedule,
    timeoutMs: Math.min(timeoutMs, shortestMs),
    bodySizeLimitBytes: toBytes(job.body_size_limit, DEFAULTS.bodySizeLimitBytes),
    sampleLimit: job.sample_limit ?? DEFAULTS.sampleLimit,
    identity: toIdentity(job, global),
    metricRelabelConfigs: (job.metric_relabel_configs ?? []).map(toRelabelConfig),
    targets: job.static_configs.flatMap(({ targets, labels }) =>
      targets.map((target): ScrapeTarget => ({ address: withPort(target, scheme), labels: toMap(labels) })),
    ),
  };
}

function toSchedule(job: RawScrapeConfig, global: RawGlobal): Schedule {
  if (job.schedule !== undefined) return { kind: 'cron', expression: job.schedule };
  return {
    kind: 'interval',
    intervalMs: toMs(job.scrape_interval ?? global.scrape_interval, DEFAULTS.scrapeIntervalMs),
  };
}

function toIdentity(job: RawScrapeConfig, global: RawGlobal): Identity {
  return {
    model: job.identity?.model ?? global.identity?.model ?? DEFAULTS.modelLabel,
    version: job.identity?.version ?? global.identity?.version ?? DEFAULTS.versionLabel,
  };
}

/** The longest time between two scrapes of any job, in milliseconds; 0 without jobs. */
export function longestGapMs(scrapes: readonly ScrapeConfig[]): number {
  return scrapes.reduce((longest, { schedule }) => {
    const gapMs = schedule.kind === 'cron' ? cronGaps(schedule.expression).longestMs : schedule.intervalMs;
    return Math.max(longest, gapMs);
  }, 0);
}
