/** Pages of series of one kind only, to see what one of them costs: four metrics of many model versions. */
import { labelsOf } from './pages.ts';

/** Each series is a signal of its own, but for buckets: 16 of them are one. */
export type SizedKind = 'gauge' | 'rate' | 'bucket';

const PAGES = 3;
const METRICS = ['first', 'second', 'third', 'fourth'];
const BUCKETS = 16;
const LABELS = 5;

export interface SizedPages {
  readonly yaml: string;
  readonly signals: number;
  readonly bodies: readonly Buffer[];
}

/** `series` is a multiple of 64. */
export function createSizedPages(kind: SizedKind, series: number): SizedPages {
  const signals = kind === 'bucket' ? series / BUCKETS : series;
  const models = [...Array(signals / METRICS.length).keys()];
  const bodies = Array.from({ length: PAGES }, (_, page) => {
    const lines = METRICS.flatMap((metric) =>
      models.map((model) =>
        linesOf(kind, `model_${metric}`, { labels: labelsOf(model, LABELS), page: page + 1 }),
      ),
    );
    return Buffer.from(lines.join(''));
  });
  const entries = METRICS.map(
    (metric) =>
      `  - name: ${metric}\n    from: ${fromOf(kind, `model_${metric}`)}\n    drift: {above: 1e9}\n`,
  );
  const yaml = `scrape_configs:
  - job_name: models
    static_configs: [{targets: ["127.0.0.1:1"]}]
metrics:
${entries.join('')}`;
  return { yaml, signals, bodies };
}

function fromOf(kind: SizedKind, name: string): string {
  if (kind === 'gauge') return `{gauge: ${name}}`;
  if (kind === 'rate') return `{rate: ${name}_total}`;
  return `{histogram_quantile: {quantile: 0.95, of: ${name}}}`;
}

function linesOf(kind: SizedKind, name: string, { labels, page }: { labels: string; page: number }): string {
  if (kind === 'gauge') return `${name}{${labels}} 0.${page}\n`;
  if (kind === 'rate') return `${name}_total{${labels}} ${page * 100}\n`;
  return Array.from({ length: BUCKETS }, (_, bucket) => {
    const bound = bucket + 1 < BUCKETS ? `${(bucket + 1) / 100}` : '+Inf';
    return `${name}_bucket{${labels},le="${bound}"} ${page * (bucket + 1)}\n`;
  }).join('');
}
