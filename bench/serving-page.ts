/**
 * The page of a fleet that serves models, most of it histograms: per model version two of them, of 12 and of 18 buckets,
 * five counters and two gauges, with five labels and more. Counters grow from page to page. The same content comes as
 * text, as OpenMetrics, and as protobuf, where the histograms are native ones.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { sizeDelimitedEncode } from '@bufbuild/protobuf/wire';
import type { MetricSchema } from '../test/support/proto/metrics_pb.ts';
import { MetricFamilySchema } from '../test/support/proto/metrics_pb.ts';
import { END_OF_OPENMETRICS, labelsOf, randomOf } from './pages.ts';

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  /** Labels that a model version's own series of this family have beyond those of the model version. */
  readonly own: readonly string[];
  /** Of a histogram; +Inf comes after them. */
  readonly bounds: readonly number[];
}

const ONE_SERIES = { own: [''], bounds: [] };
const FAMILIES: readonly Family[] = [
  {
    name: 'model_inference_duration_seconds',
    type: 'histogram',
    help: 'How long a prediction took.',
    own: [''],
    bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5],
  },
  {
    name: 'model_score',
    type: 'histogram',
    help: 'What was predicted.',
    own: [''],
    bounds: [...Array(17).keys()].map((index) => (index + 1) / 20),
  },
  {
    name: 'model_requests',
    type: 'counter',
    help: 'Requests for predictions, by how they were answered.',
    own: [',code="200"', ',code="400"', ',code="500"'],
    bounds: [],
  },
  { name: 'model_errors', type: 'counter', help: 'Requests that failed.', ...ONE_SERIES },
  { name: 'model_accuracy', type: 'gauge', help: 'Share of predictions that were right.', ...ONE_SERIES },
  { name: 'model_precision', type: 'gauge', help: 'Share of positive predictions.', ...ONE_SERIES },
];

/** Series of a model version: buckets, sums and counts, and the others. */
const SERIES = 30 + 4 + 6;
const NATIVE_SERIES = 2 + 2 + 4 + 6;
const LABELS = 5;

/** What each model version is judged by; `min_count` and thresholds are such that every page is a sample and nobody drifts. */
const METRICS = [
  ['accuracy', '{gauge: model_accuracy}', '{below: 0.1}'],
  ['precision', '{gauge: model_precision}', '{below: 0.1}'],
  ['request_rate', '{rate: model_requests_total}', '{below: 0.1}'],
  [
    'error_ratio',
    '{ratio: {numerator: model_errors_total, denominator: model_requests_total}}',
    '{above: 1}',
  ],
  [
    'latency',
    '{histogram_quantile: {quantile: 0.95, of: model_inference_duration_seconds}}',
    '{above: 1000}',
  ],
  ['mean_latency', '{mean: model_inference_duration_seconds}', '{above: 1000}'],
  ['score', '{histogram_quantile: {quantile: 0.5, of: model_score}}', '{below: 0.001}'],
  ['mean_score', '{mean: model_score}', '{below: 0.001}'],
] as const;

interface Series {
  readonly family: Family;
  readonly labels: string;
  value: number;
  /** Observations by bucket, not cumulative; empty where it is no histogram. */
  readonly counts: number[];
}

/** A page of `series` series, a multiple of 40. */
export class ServingPage {
  readonly signals: number;
  /** Samples of the page with native histograms, each of which has a sum, a count and a +Inf bucket beside it. */
  readonly nativeSamples: number;
  readonly #random = randomOf(1);
  readonly #series: readonly Series[];

  constructor(series: number) {
    const models = series / SERIES;
    this.signals = models * METRICS.length;
    this.nativeSamples = models * NATIVE_SERIES;
    this.#series = FAMILIES.flatMap((family) =>
      Array.from({ length: models }, (_, model) =>
        family.own.map((own) => this.#begin(family, labelsOf(model, LABELS) + own)),
      ).flat(),
    );
  }

  /** Counters count on, gauges change. */
  grow(): void {
    for (const series of this.#series) {
      if (series.family.type === 'gauge') series.value = 0.9 + this.#random() / 10;
      else this.#count(series, 1);
    }
  }

  text(): string {
    return this.#render((name, { type }) => (type === 'counter' ? `${name}_total` : name));
  }

  openMetrics(): string {
    return this.#render((name) => name) + END_OF_OPENMETRICS;
  }

  protobuf(): Buffer {
    const families = FAMILIES.map((family) => {
      const metric = this.#series.filter((series) => series.family === family).map(metricOf);
      const name = family.type === 'counter' ? `${family.name}_total` : family.name;
      const type = { counter: 0, gauge: 1, histogram: 4 }[family.type];
      return create(MetricFamilySchema, { name, help: family.help, type, metric });
    });
    return Buffer.concat(families.map((family) => sizeDelimitedEncode(MetricFamilySchema, family)));
  }

  #begin(family: Family, labels: string): Series {
    const buckets = family.type === 'histogram' ? family.bounds.length + 1 : 0;
    const series: Series = { family, labels, value: 0, counts: Array(buckets).fill(0) };
    // As after some days.
    this.#count(series, 1000);
    return series;
  }

  #count(series: Series, pages: number): void {
    const { counts } = series;
    for (let index = 0; index < counts.length; index++)
      counts[index]! += pages * Math.floor(this.#random() * 10 + 1);
    series.value += pages * (counts.length > 0 ? this.#random() * 50 : Math.floor(this.#random() * 100 + 1));
  }

  #render(typeName: (name: string, family: Family) => string): string {
    let text = '';
    let described: Family | undefined;
    for (const series of this.#series) {
      const { family } = series;
      if (family !== described) {
        const name = typeName(family.name, family);
        text += `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n`;
        described = family;
      }
      text += linesOf(series);
    }
    return text;
  }
}

function linesOf({ family, labels, value, counts }: Series): string {
  const { name, type, bounds } = family;
  if (type === 'gauge') return `${name}{${labels}} ${value}\n`;
  if (type === 'counter') return `${name}_total{${labels}} ${value}\n`;
  let text = '';
  let cumulative = 0;
  for (const [index, count] of counts.entries()) {
    cumulative += count;
    text += `${name}_bucket{${labels},le="${bounds[index] ?? '+Inf'}"} ${cumulative}\n`;
  }
  return `${text}${name}_sum{${labels}} ${value}\n${name}_count{${labels}} ${cumulative}\n`;
}

/** A histogram's buckets as those of a native one with eight to each power of two, the first of which ends at 2^-4. */
function metricOf({ family, labels, value, counts }: Series): MessageInitShape<typeof MetricSchema> {
  const label = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => ({
    name: name!,
    value: text!,
  }));
  if (family.type === 'gauge') return { label, gauge: { value } };
  if (family.type === 'counter') return { label, counter: { value } };
  return {
    label,
    histogram: {
      sampleCount: BigInt(counts.reduce((sum, count) => sum + count, 0)),
      sampleSum: value,
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 0n,
      positiveSpan: [{ offset: -32, length: counts.length }],
      positiveDelta: counts.map((count, index) => BigInt(count - (counts[index - 1] ?? 0))),
    },
  };
}

/** The config with which Driftgauge watches such a page. */
export function servingConfigYaml(target: string): string {
  const metrics = METRICS.map(
    ([name, from, drift]) => `  - name: ${name}\n    from: ${from}\n    drift: ${drift}\n`,
  );
  return `scrape_configs:
  - job_name: models
    scrape_interval: 1s
    static_configs:
      - targets: ["${target}"]
metrics:
${metrics.join('')}`;
}
