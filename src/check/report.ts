/** The result of a check as lines of text for people. */
import type { MetricInput } from '../config/config.ts';
import type { Rule } from '../core/rule.ts';
import type { Finding } from './finding.ts';
import type { Match } from './matches.ts';
import type { CheckedPage } from './page.ts';
import type { ScrapePlan } from './plan.ts';
import { printable, selectorText, seriesText } from './spelling.ts';
import type { Unused } from './unused.ts';

const MAX_EXAMPLES = 5;
const MAX_LINES = 10;
const MAX_UNUSED = 20;

const BASES: { readonly [Basis in ScrapePlan['basis']]: (job: string) => string } = {
  target: (job) => `a target of job "${job}"`,
  first_job: (job) => `no target of the config, so scraped as the first one of its first job, "${job}"`,
  defaults: () => 'the config has no job, so scraped with the defaults',
};

/** Where the page came from, and under whose settings. */
export function sourceLines({ url, basis, config }: ScrapePlan): string[] {
  return [`target ${printable(url.label)}: ${BASES[basis](printable(config.jobName))}`];
}

export function failureLine({
  reason,
  message,
}: {
  readonly reason: string;
  readonly message: string;
}): string {
  return `FAILED: the scrape failed: ${reason}: ${printable(message)}`;
}

export function pageLines({ samples, refused, format, unfit }: CheckedPage, maxSeries: number): string[] {
  const wrong = [...unfit].map(
    ([{ name }, message]) =>
      `  its ${name} page is not valid, so another format was asked for: ${printable(message)}`,
  );
  const room =
    refused > 0
      ? [`  ${counted(refused, 'sample')} left out: limits.max_series (${maxSeries}) has no room for them`]
      : [];
  return [`  ${counted(samples.length + refused, 'sample')}, format ${format.name}`, ...wrong, ...room];
}

export function pushedLines(rule: Rule): string[] {
  return ['', `${headOf(rule)}: pushed, nothing of it is scraped`];
}

export function findingLines(rule: Rule, { from }: MetricInput, finding: Finding): string[] {
  const { matches, versions, problems, notes } = finding;
  return [
    '',
    `${headOf(rule)}: ${from.settings.kind}`,
    ...matches.flatMap((match) => matchLines(match, matches)),
    ...bounded(versions, 'model version').map((line) => `  ${line}`),
    ...bounded(notes, 'note').map((line) => `  note: ${line}`),
    ...bounded(problems, 'problem').map((line) => `  PROBLEM: ${line}`),
  ];
}

export function unusedLines(unused: readonly Unused[]): string[] {
  if (unused.length === 0) return [];
  const more = unused.length > MAX_UNUSED ? [`  and ${unused.length - MAX_UNUSED} more`] : [];
  return [
    '',
    'not used, though they look like metrics of a model:',
    ...unused
      .slice(0, MAX_UNUSED)
      .flatMap(({ family: { name, type, series }, from }) => [
        `  ${printable(name)}: ${type === 'unknown' ? 'type unknown' : type}, ${counted(series.length, 'series')}`,
        `    ${from}`,
      ]),
    ...more,
  ];
}

/** `failed`: the entries that found nothing. */
export function verdictLines(failed: readonly Rule[], scraped: number): string[] {
  if (failed.length > 0)
    return [
      '',
      `FAILED: ${failed.length} of ${counted(scraped, 'scraped metric')} would get nothing: ${failed.map(headOf).join(', ')}`,
    ];
  return [
    '',
    scraped === 0
      ? 'SUCCESS: no metric is scraped'
      : `SUCCESS: ${counted(scraped, 'scraped metric')}, all with series`,
  ];
}

function headOf({ entry, metric }: Rule): string {
  return `metrics[${entry}] ${printable(metric)}`;
}

const TITLES: Partial<Record<Match['role'], string>> = { native: 'native histogram ' };

/** A native histogram that is not there beside a classic one, or the other way round, is not worth a word. */
function matchLines({ role, selector, series }: Match, all: readonly Match[]): string[] {
  if (series.length === 0 && isOtherForm(role, all)) return [];
  const title = TITLES[role] ?? (role === 'value' || role === 'bucket' ? '' : `${role} `);
  const examples = series.slice(0, MAX_EXAMPLES).map(({ labels }) => `    ${seriesText(labels!)}`);
  const more = series.length > MAX_EXAMPLES ? [`    and ${series.length - MAX_EXAMPLES} more`] : [];
  return [`  ${title}${selectorText(selector)}: ${counted(series.length, 'series')}`, ...examples, ...more];
}

function isOtherForm(role: Match['role'], all: readonly Match[]): boolean {
  return role === 'native' || all.some((match) => match.role === 'native' && match.series.length > 0);
}

function bounded(lines: readonly string[], what: string): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `and ${counted(lines.length - MAX_LINES, `more ${what}`)}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 || what.endsWith('series') ? '' : 's'}`;
}
