/** docs/metrics.md: every family of the page of metrics, from the table and from prom-client's own registry. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createProcessMetrics } from '../../src/metrics/process.ts';
import type { Family } from '../../src/metrics/table.ts';
import { code, GENERATED, prose, table } from './markdown.ts';
import { GROUPS, type Group } from './metrics-groups.ts';
import type { WordList } from './metrics-words.ts';

const INTRODUCTION = `
# Metrics

What \`GET /metrics\` serves: Prometheus text, or OpenMetrics where it is asked for. Flags are 0 or 1, times are Unix seconds. Scrape it with
\`honor_labels: true\`, so that the labels \`model\`, \`version\` and \`metric\` stay as they are where a target has labels of these names.

With several sidecars, a query has to say what becomes of them. \`max by (model, version, metric) (driftgauge_drift)\` is whether anybody sees a drift.

No more than \`limits.max_signals\` signals (20,000) are watched, which bounds the number of series: eight per signal, and a ninth while it drifts.
`;

const OF_NODE = `
## Process and Node

From prom-client, without its three gauges whose names end in \`_total\`. Some exist on Linux only.
`;

export async function metricsPage(): Promise<string> {
  const parts = [
    GENERATED('src/metrics/table.ts and tools/reference'),
    INTRODUCTION,
    ...GROUPS.map(groupText),
    OF_NODE,
    familyTable(await processFamilies()),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function groupText({ title, text, families, words = [] }: Group): string {
  return [
    `## ${title}\n`,
    ...(text && [`${text}\n`]),
    familyTable(families),
    '',
    ...words.map(wordTable),
  ].join('\n');
}

function familyTable(families: readonly Family[]): string {
  const rows = families.map(({ name, type, labels, help }) => [
    `<a id="${name}"></a>${code(name)}`,
    type,
    labels.map(code).join(', '),
    prose(help),
  ]);
  return table(['name', 'type', 'labels', 'help'], rows);
}

function wordTable({ title, words }: WordList): string {
  const rows = words.map(([word, meaning]) => [code(word), meaning]);
  return `### ${title}\n\n${table([title.split(' ')[0]!, 'meaning'], rows)}\n`;
}

/** Labels are asked of a registry of its own: on a page they show only while there is something to count. */
async function processFamilies(): Promise<readonly Family[]> {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const families = await createProcessMetrics().read();
  return families.map(({ name, type, help }) => ({
    name,
    type: type as Family['type'],
    help,
    labels: labelsOf(register, name),
  }));
}

/** prom-client's own types leave the labels out. */
function labelsOf(register: Registry, name: string): readonly string[] {
  const metric = register.getSingleMetric(name) as unknown as { readonly labelNames?: readonly string[] };
  return metric.labelNames ?? [];
}
