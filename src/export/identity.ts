/** Whichever labels name model and version in what is scraped: recorded series have `model` and `version`, as Driftgauge's own. */
import type { Identity, LabelMatcher, ScrapeConfig, Selector } from '../config/config.ts';
import type { Job } from './jobs.ts';
import { jobsFor, jobsOf } from './jobs.ts';
import { indent, quoteRegex } from './promql.ts';

/** Jobs that name model and version by the same labels. */
export interface Naming extends Identity {
  /** What tells their series from those of all other jobs. */
  readonly matchers: readonly LabelMatcher[];
}

/** Of the jobs that may have what `selector` takes. */
export function namingsOf(selector: Selector, scrapes: readonly ScrapeConfig[]): readonly Naming[] {
  const fitting = jobsFor(selector, scrapes);
  const jobs = fitting.length === 0 ? jobsOf(scrapes) : fitting;
  const alike = Map.groupBy(jobs, ({ scrape: { identity } }) =>
    JSON.stringify([identity.model, identity.version]),
  );
  return [...alike.values()].map((group): Naming => {
    const names = new Set(group.map(({ name }) => name));
    const matchers = namesJob(selector, fitting) ? [] : [jobMatcher([...names])];
    return { ...group[0]!.scrape.identity, matchers };
  });
}

/** A regular expression does where it fits no job of the config: it means one that the pages themselves carry. */
function namesJob({ matchers }: Selector, fitting: readonly Job[]): boolean {
  const says = (wanted: LabelMatcher['operator']) =>
    matchers.some(({ label, operator }) => label === 'job' && operator === wanted);
  return says('=') || (fitting.length === 0 && says('=~'));
}

function jobMatcher(names: readonly string[]): LabelMatcher {
  return names.length === 1
    ? { label: 'job', operator: '=', value: names[0]! }
    : { label: 'job', operator: '=~', value: names.map(quoteRegex).join('|') };
}

const OWN = ['model', 'version'] as const;

/** Those of Driftgauge's own labels that are called otherwise in the scrape. */
function strangersOf(identity: Identity): readonly (typeof OWN)[number][] {
  return OWN.filter((own) => identity[own] !== own);
}

/** Nothing is lost of what told the series apart: what a label said before it was overwritten stays beside it. */
export function withOwnLabels(identity: Identity, expression: string): string {
  const strangers = strangersOf(identity);
  const kept = (label: string) => (strangers.some((own) => own === label) ? `scraped_${label}` : label);
  let text = expression;
  for (const own of strangers) text = replaced(text, `"${kept(own)}", "$1", "${own}", "(.*)"`);
  for (const own of strangers) text = replaced(text, `"${own}", "$1", "${kept(identity[own])}", "(.*)"`);
  return text;
}

/** As Driftgauge calls it where nothing says a version. */
export function withVersion(expression: string): string {
  return replaced(expression, '"version", "none", "version", ""');
}

function replaced(expression: string, rest: string): string {
  return `label_replace(\n${indent(expression)},\n  ${rest}\n)`;
}
