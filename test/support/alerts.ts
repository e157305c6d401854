/** The alerting rules, their unit tests and what one of their expressions may name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FAMILIES, type Family } from '../../src/metrics/table.ts';
import { readExpression } from './expression.ts';

export const RULES_FILE = join(import.meta.dirname, '../../prometheus/driftgauge.rules.yaml');
const TESTS = join(import.meta.dirname, '../../prometheus/tests');
export const RULE_TESTS: readonly string[] = readdirSync(TESTS).map((file) => join(TESTS, file));

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
}

interface TestFile {
  readonly tests: readonly {
    readonly name: string;
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: unknown[] }[];
  }[];
}

export const ALERTS: readonly Alert[] = (parse(readFileSync(RULES_FILE, 'utf8')) as RuleFile).groups.flatMap(
  ({ rules }) => rules,
);

export interface RuleTest {
  readonly name: string;
  readonly series: readonly string[];
  /** By alert: how many are expected at each time that is looked at. */
  readonly expected: ReadonlyMap<string, readonly number[]>;
}

export function ruleTests(): RuleTest[] {
  return RULE_TESTS.flatMap((file) => (parse(readFileSync(file, 'utf8')) as TestFile).tests).map(
    ({ name, input_series, alert_rule_test }) => ({
      name,
      series: input_series.map(({ series }) => series),
      expected: new Map(
        Object.entries(Object.groupBy(alert_rule_test, ({ alertname }) => alertname)).map(
          ([alert, looks = []]) => [alert, looks.map(({ exp_alerts = [] }) => exp_alerts.length)],
        ),
      ),
    }),
  );
}

/** Labels that Prometheus gives every target. */
const TARGET_LABELS = ['job', 'instance'];

/** What is not in our table: Prometheus' own metric, and those of the process. */
export const PROCESS_METRICS = ['nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total'];

const LABELS: ReadonlyMap<string, readonly string[]> = new Map([
  ...FAMILIES.flatMap(namesOf),
  ...['up', ...PROCESS_METRICS].map((name): [string, readonly string[]] => [name, []]),
]);

function namesOf({ name, type, labels }: Family): [string, readonly string[]][] {
  if (type !== 'histogram') return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}

/** What is wrong with an expression: it does not parse, or names a metric or a label that nobody exposes. */
export function faultsOf(text: string): string[] {
  const { error, selectors, grouping } = readExpression(text);
  if (error !== null) return [error];
  const faults: string[] = [];
  const known = new Set(TARGET_LABELS);
  for (const { metric, labels } of selectors) {
    const own = LABELS.get(metric);
    if (!own) faults.push(`no metric ${metric}`);
    for (const label of own ?? []) known.add(label);
    for (const label of labels)
      if (![...TARGET_LABELS, ...(own ?? [])].includes(label)) faults.push(`no label ${label} of ${metric}`);
  }
  for (const label of grouping) if (!known.has(label)) faults.push(`no label ${label}`);
  return faults;
}
