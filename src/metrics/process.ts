/** The process and Node metrics of prom-client, read as data: our own exposition writes them. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Exposition } from './exposition.ts';
import { encodeLabels, formatBound } from './exposition.ts';

/** A family as prom-client's registry gives it; its own types leave `type` and `metricName` out. */
interface ProcessFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly metricName?: string;
  }[];
}

/** A gauge whose name ends like a counter's misleads people and fails `promtool check metrics`. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

export interface ProcessMetrics {
  read(): Promise<readonly ProcessFamily[]>;
}

/** Once per process: it watches the event loop and the garbage collector from then on. */
export function createProcessMetrics(): ProcessMetrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  return { read: async () => (await register.getMetricsAsJSON()) as unknown as ProcessFamily[] };
}

export function writeProcess(out: Exposition, metrics: readonly ProcessFamily[]): void {
  for (const metric of metrics) {
    out.family({ name: metric.name, help: metric.help, type: metric.type });
    for (const { labels, value, metricName = metric.name } of metric.values) {
      const pairs = Object.entries(labels).map(([name, label]): [string, string] => [
        name,
        typeof label === 'number' && name === 'le' ? formatBound(label, out.format) : String(label),
      ]);
      if (metricName === metric.name) out.sample(encodeLabels(pairs), value);
      else out.part(metricName.slice(metric.name.length), encodeLabels(pairs), value);
    }
  }
}
