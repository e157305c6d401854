/** Whichever labels name model and version in what is scraped: recorded series have `model` and `version`, as Driftgauge's own. */
import type { Identity, LabelMatcher, ScrapeConfig } from '../config/config.ts';
import { indent, quoteRegex } from './promql.ts';

/** Jobs that name model and version by the same labels. */
export interface Naming extends Identity {
  /** What tells their series from those of other jobs; nothing where all jobs are alike. */
  readonly matchers: readonly LabelMatcher[];
}

export function namingsOf(jobs: readonly ScrapeConfig[]): readonly Naming[] {
  const alike = Map.groupBy(jobs, ({ identity }) => JSON.stringify([identity.model, identity.version]));
  return [...alike.values()].map((group): Naming => {
    const names = group.map(({ jobName }) => jobName);
    const matcher: LabelMatcher =
      names.length === 1
        ? { label: 'job', operator: '=', value: names[0]! }
        : { label: 'job', operator: '=~', value: names.map(quoteRegex).join('|') };
    return { ...group[0]!.identity, matchers: alike.size === 1 ? [] : [matcher] };
  });
}

/** `expression` has no other labels than those two, and each pair of them once. */
export function withOwnLabels({ model, version }: Identity, expression: string): string {
  const steps: (readonly [to: string, from: string])[] =
    version === 'model'
      ? [
          ['driftgauge_model', model],
          ['version', version],
          ['model', 'driftgauge_model'],
        ]
      : [
          ['model', model],
          ['version', version],
        ];
  let text = expression;
  for (const [to, from] of steps.filter(([one, other]) => one !== other))
    text = replaced(text, `"${to}", "$1", "${from}", "(.*)"`);
  text = replaced(text, '"version", "none", "version", ""');
  const strange = steps.some(([to, from]) => to !== from);
  return strange ? `max by (model, version) (\n${indent(text)}\n)` : text;
}

function replaced(expression: string, rest: string): string {
  return `label_replace(\n${indent(expression)},\n  ${rest}\n)`;
}
