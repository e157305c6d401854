/** The committed dashboards, and each question that they put to Prometheus. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommittedDashboard, CommittedVariable } from './committed.ts';

export const FOLDER = join(import.meta.dirname, '../dashboards');

export const COMMITTED: readonly CommittedDashboard[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as CommittedDashboard);

/** What stands on a panel: rows are headings. */
export const panelsOf = ({ panels }: CommittedDashboard) => panels.filter(({ type }) => type !== 'row');

export interface Question {
  readonly dashboard: string;
  /** A panel's title, or which annotation or variable. */
  readonly where: string;
  readonly refId: string;
  /** Of the panel; `annotation`. */
  readonly type: string;
  readonly expression: string;
  /** What a series is called: `{{label}}` stands for a label's value. */
  readonly legend: string;
}

/** Labels that a legend names. */
export const labelsIn = (legend: string) => [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);

export function questionsOf(dashboard: CommittedDashboard): Question[] {
  const { uid } = dashboard;
  return [
    ...panelsOf(dashboard).flatMap(({ title, type, targets = [] }) =>
      targets.map(({ refId, expr, legendFormat = '' }) => ({
        dashboard: uid,
        where: title,
        refId,
        type,
        expression: expr,
        legend: legendFormat,
      })),
    ),
    ...dashboard.annotations.list.map(({ name, expr, titleFormat }) => ({
      dashboard: uid,
      where: `annotation ${name}`,
      refId: 'Anno',
      type: 'annotation',
      expression: expr,
      legend: titleFormat,
    })),
  ];
}

/** `label_values(series, label)`, the one kind of variable query that we use. */
export function labelValuesOf({ name, definition = '' }: CommittedVariable): {
  readonly series: string;
  readonly label: string;
} {
  const match = /^label_values\((.+), (\w+)\)$/.exec(definition);
  if (!match) throw new Error(`variable ${name}: expected label_values(series, label), found ${definition}`);
  return { series: match[1]!, label: match[2]! };
}

/** Names of the variables that a text uses, Grafana's own (`__range`) and macros of links among them. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:\{([\w.]+)(?::\w+)?\}|(\w+))/g)].map(([, braced, bare]) => braced ?? bare!);
}

/** As Grafana does, once the values are known. */
export function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = values[braced ?? bare!];
    if (value === undefined) throw new Error(`${whole} in ${text}: there is no such variable`);
    return value;
  });
}
