/** Puts the questions of dashboards to a Prometheus, as Grafana would, until each has its answer. */
import { chosen } from '../../grafana/src/chosen.testing.ts';
import type { Question } from '../../grafana/src/committed.testing.ts';
import { interpolate, labelsIn, labelValuesOf, questionsOf } from '../../grafana/src/committed.testing.ts';
import type { CommittedDashboard } from '../../grafana/src/committed.ts';
import type { Prometheus } from './prometheus.ts';

export interface Answer extends Question {
  /** Series with at least one finite value: now, and over the range. */
  readonly instant: number;
  readonly range: number;
  /** What each series says now, by its legend. */
  readonly now: Readonly<Record<string, number>>;
  /** Labels that the legend names and that some series lacks. */
  readonly unnamed: readonly string[];
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

const RANGE_SECONDS = 180;
const STEP_SECONDS = 2;
/** As with a scrape interval of 1 s, and room for a scrape that fails on a busy machine. */
const BUILT_IN = { __range: `${RANGE_SECONDS}s`, __rate_interval: '6s', __interval: `${STEP_SECONDS}s` };

async function get<T>({ url }: Prometheus, path: string, parameters: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`);
  const answer = (await response.json()) as { data: T; error?: string };
  if (!response.ok) throw new Error(`${path} ${JSON.stringify(parameters)}: ${answer.error}`);
  return answer.data;
}

/** The values that a variable offers, given those before it. */
export async function variableValues(
  prometheus: Prometheus,
  dashboard: CommittedDashboard,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const offered = new Map<string, readonly string[]>();
  const set: Record<string, string> = {};
  for (const variable of dashboard.templating.list) {
    if (variable.type !== 'query') continue;
    const { series, label } = labelValuesOf(variable);
    const values = await get<string[]>(prometheus, `/api/v1/label/${label}/values`, {
      'match[]': interpolate(series, set),
    });
    offered.set(variable.name, values);
    set[variable.name] = variable.includeAll ? variable.allValue! : chosen(values);
  }
  return offered;
}

export interface AskOptions {
  /** Single values of some variables; of the others everything is chosen. */
  readonly only?: Readonly<Record<string, string>>;
  /** Default: all questions. */
  readonly asks?: (question: Question) => boolean;
}

export async function ask(
  prometheus: Prometheus,
  dashboard: CommittedDashboard,
  { only = {}, asks = () => true }: AskOptions = {},
): Promise<Answer[]> {
  const offered = await variableValues(prometheus, dashboard);
  const values: Record<string, string> = { ...BUILT_IN };
  for (const { type, name, includeAll, allValue } of dashboard.templating.list) {
    if (type !== 'query') continue;
    const one = only[name];
    values[name] = one !== undefined ? chosen([one]) : includeAll ? allValue! : chosen(offered.get(name)!);
  }
  const questions = questionsOf(dashboard).filter(asks);
  return Promise.all(questions.map((question) => answer(prometheus, question, values)));
}

async function answer(
  prometheus: Prometheus,
  question: Question,
  values: Readonly<Record<string, string>>,
): Promise<Answer> {
  const query = interpolate(question.expression, values);
  const now = Date.now() / 1000;
  const instant = await get<{ result: Series[] }>(prometheus, '/api/v1/query', { query, time: `${now}` });
  const range = await get<{ result: Series[] }>(prometheus, '/api/v1/query_range', {
    query,
    start: `${now - RANGE_SECONDS}`,
    end: `${now}`,
    step: `${STEP_SECONDS}`,
  });
  return {
    ...question,
    instant: instant.result.filter(saysSomething).length,
    range: range.result.filter(saysSomething).length,
    now: Object.fromEntries(
      instant.result.map(({ metric, value }) => [nameOf(question.legend, metric), Number(value![1])]),
    ),
    unnamed: labelsIn(question.legend).filter((label) =>
      [...instant.result, ...range.result].some(({ metric }) => metric[label] === undefined),
    ),
  };
}

function nameOf(legend: string, labels: Series['metric']): string {
  if (legend === '') return Object.values(labels).join(' ');
  return legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}

function saysSomething({ value, values = [] }: Series): boolean {
  return [...(value ? [value] : []), ...values].some(([, text]) => Number.isFinite(Number(text)));
}
