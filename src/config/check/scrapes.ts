/** Checks of `global` and `scrape_configs`. */
import { DEFAULTS } from '../defaults.ts';
import type { Finding, Path } from '../problem.ts';
import { quote } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { RawScrapeConfig } from '../schema/scrape.ts';
import type { ReadableConfig } from '../validate.ts';
import { redactUrl, withPort } from '../values/address.ts';
import { cronGaps } from '../values/cron.ts';
import { checkHttp } from './http.ts';
import { checkOne, checkUnique, durationAt, entriesOf, isWritten } from './reading.ts';
import { checkRelabelConfigs } from './relabel.ts';

type Job = Readable<RawScrapeConfig>;

export function checkScrapes(config: ReadableConfig): readonly Finding[] {
  const jobs = entriesOf(config.scrape_configs);
  const globalInterval = durationAt(config.global, 'scrape_interval', DEFAULTS.scrapeIntervalMs);
  const names = jobs.map(({ entry, index }) => ({
    name: entry.job_name,
    path: ['scrape_configs', index, 'job_name'],
  }));
  return [
    ...checkTimeout(config.global, globalInterval, ['global']),
    ...checkUnique(names, 'a job_name'),
    ...jobs.flatMap(({ entry, index }) =>
      checkJob(entry, { path: ['scrape_configs', index], globalInterval }),
    ),
    ...checkModelLabels(config),
  ];
}

function checkJob(job: Job, at: { path: Path; globalInterval: number | undefined }): readonly Finding[] {
  const { path } = at;
  const byCron = isWritten(job, 'schedule');
  const cronGap = job.schedule === undefined ? undefined : cronGaps(job.schedule).shortestMs;
  const interval = byCron ? cronGap : durationAt(job, 'scrape_interval', at.globalInterval);
  return [
    ...checkOne(job, ['scrape_interval', 'schedule'], { path, required: false }),
    ...checkTimeout(job, interval, path),
    ...checkHttp(job, path),
    ...checkTargets(job, path),
    ...checkRelabelConfigs(job.metric_relabel_configs, [...path, 'metric_relabel_configs']),
  ];
}

function checkTimeout(
  node: { readonly scrape_timeout?: string | undefined } | undefined,
  intervalMs: number | undefined,
  path: Path,
): readonly Finding[] {
  const timeoutMs = durationAt(node, 'scrape_timeout', undefined);
  if (timeoutMs === undefined || intervalMs === undefined || timeoutMs <= intervalMs) return [];
  return [
    {
      path: [...path, 'scrape_timeout'],
      message: `expected at most the time between two scrapes, ${intervalMs / 1000}s, found ${quote(node?.scrape_timeout ?? '')}`,
    },
  ];
}

function checkTargets(job: Job, path: Path): readonly Finding[] {
  const scheme = job.scheme ?? 'http';
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const { entry, index } of entriesOf(job.static_configs)) {
    for (const { entry: target, index: position } of entriesOf(entry.targets)) {
      const address = withPort(target, scheme).toLowerCase();
      if (seen.has(address)) {
        findings.push({
          path: [...path, 'static_configs', index, 'targets', position],
          message: `expected each target of a job once, found ${quote(redactUrl(target))} again`,
        });
      }
      seen.add(address);
    }
  }
  return findings;
}

const MAX_NAME_BYTES = 1024;

/** Labels that name a model or a version must be able to. */
function checkModelLabels(config: ReadableConfig): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { entry: job, index } of entriesOf(config.scrape_configs)) {
    for (const kind of ['model', 'version'] as const) {
      const label = job.identity?.[kind] ?? config.global?.identity?.[kind] ?? kind;
      for (const { entry, index: position } of entriesOf(job.static_configs)) {
        const value = entry.labels?.[label];
        if (value === undefined || Buffer.byteLength(value) <= MAX_NAME_BYTES) continue;
        findings.push({
          path: ['scrape_configs', index, 'static_configs', position, 'labels', label],
          message: `expected a ${kind} name of up to ${MAX_NAME_BYTES} bytes, found ${quote(value)}`,
        });
      }
    }
  }
  return findings;
}
