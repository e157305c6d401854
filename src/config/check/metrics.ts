/** Checks of `metrics`. */

import { checkFrom } from '../from/check.ts';
import type { References } from '../from/reference.ts';
import type { Finding, Path } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { RawMetric } from '../schema/metrics.ts';
import type { ReadableConfig } from '../validate.ts';
import { checkReach } from './reach.ts';
import { checkOne, entriesOf, isWritten } from './reading.ts';

type Metric = Readable<RawMetric>;

export function checkMetrics(config: ReadableConfig, references: References): readonly Finding[] {
  const entries = entriesOf(config.metrics);
  const scraped = isWritten(config, 'scrape_configs') && config.scrape_configs?.length !== 0;
  const reach = entries.map(({ entry, index }) => ({
    ...entry,
    path: ['metrics', index],
    unreadable: unclear(entry),
  }));
  return [
    ...entries.flatMap(({ entry, index }) =>
      checkMetric(entry, { path: ['metrics', index], scraped, references }),
    ),
    ...Map.groupBy(reach, ({ name }) => name)
      .values()
      .flatMap((sameName) => checkReach(sameName, 'entry of its name')),
  ];
}

/** Whose name or models could not be read says nothing about what others can reach. */
function unclear(entry: Metric): boolean {
  return entry.name === undefined || (isWritten(entry, 'models') && entry.models === undefined);
}

function checkMetric(
  entry: Metric,
  at: { path: Path; scraped: boolean; references: References },
): readonly Finding[] {
  const { path, scraped, references } = at;
  const { from, smoothing, drift } = entry;
  const findings: Finding[] = [];
  if (isWritten(entry, 'from') && !scraped) {
    findings.push({
      path: [...path, 'from'],
      message:
        'expected scrape_configs to take samples from, found none; add them, or leave `from` out for metrics that are pushed',
    });
  }
  if (from) findings.push(...checkFrom(from, { path: [...path, 'from'], references }));
  if (smoothing) {
    findings.push(
      ...checkOne(smoothing, ['alpha', 'half_life'], { path: [...path, 'smoothing'], required: false }),
    );
  }
  if (drift) {
    findings.push(...checkOne(drift, ['below', 'above'], { path: [...path, 'drift'], required: true }));
    findings.push(...checkClear(drift, [...path, 'drift']));
  }
  return findings;
}

function checkClear(drift: NonNullable<Metric['drift']>, path: Path): readonly Finding[] {
  const { below, above, clear } = drift;
  if (clear === undefined || (isWritten(drift, 'below') && isWritten(drift, 'above'))) return [];
  if (below !== undefined && clear < below) {
    return [
      {
        path: [...path, 'clear'],
        message: `expected ${below} or more, on the good side of below, found ${clear}`,
      },
    ];
  }
  if (above !== undefined && clear > above) {
    return [
      {
        path: [...path, 'clear'],
        message: `expected ${above} or less, on the good side of above, found ${clear}`,
      },
    ];
  }
  return [];
}
