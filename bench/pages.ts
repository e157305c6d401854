/**
 * Pages of gauges as a fleet of models would show them: four metrics of many model versions, five to seven labels,
 * values of 17 and of 6 digits. The same seed gives the same page; two ticks give equal shapes with other values. The
 * page is OpenMetrics too once `END_OF_OPENMETRICS` follows it.
 */

export const END_OF_OPENMETRICS = '# EOF\n';

export interface GaugeFamily {
  readonly name: string;
  readonly metric: string;
  readonly help: string;
  /** How many of the labels a sample carries. */
  readonly labels: 5 | 6 | 7;
  /** Digits after the point; without it as many as the float needs. */
  readonly decimals?: number;
}

export const GAUGE_FAMILIES: readonly GaugeFamily[] = [
  {
    name: 'model_accuracy',
    metric: 'accuracy',
    help: 'Share of predictions that were right, over the last hour.',
    labels: 5,
  },
  {
    name: 'model_f1_score',
    metric: 'f1_score',
    help: 'Harmonic mean of precision and recall, over the last hour.',
    labels: 6,
  },
  {
    name: 'model_precision',
    metric: 'precision',
    help: 'Share of positive predictions that were right.',
    labels: 6,
    decimals: 6,
  },
  {
    name: 'model_recall',
    metric: 'recall',
    help: 'Share of positive cases that were found.',
    labels: 7,
    decimals: 6,
  },
];

const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];
const NAMES = ['fraud', 'churn', 'ranking', 'eta', 'credit-risk', 'demand'];

export function modelName(index: number): string {
  return `${NAMES[index % NAMES.length]}-${String(index).padStart(4, '0')}`;
}

export function labelsOf(index: number, count: number): string {
  return [
    `model="${modelName(index)}"`,
    `version="1.${index % 7}.${index % 3}"`,
    'stage="prod"',
    `region="${REGIONS[index % REGIONS.length]}"`,
    `tenant="t${index % 40}"`,
    'framework="onnx"',
    `shard="${index % 16}"`,
  ]
    .slice(0, count)
    .join(',');
}

/** A page of `series / 4` models. */
export class GaugePage {
  readonly series: number;
  readonly #keys: readonly (readonly string[])[];

  constructor(series: number) {
    const models = series / GAUGE_FAMILIES.length;
    this.series = series;
    this.#keys = GAUGE_FAMILIES.map(({ name, labels }) =>
      Array.from({ length: models }, (_, index) => `${name}{${labelsOf(index, labels)}} `),
    );
  }

  /** The values are between 0.9 and 1: nobody drifts. */
  render(tick: number): string {
    const random = randomOf(tick);
    let text = '';
    for (const [index, { name, help, decimals }] of GAUGE_FAMILIES.entries()) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
      for (const key of this.#keys[index]!) {
        const value = 0.9 + random() / 10;
        text += `${key}${decimals === undefined ? value : value.toFixed(decimals)}\n`;
      }
    }
    return text;
  }
}

/** Floats of 53 random bits in [0, 1): two steps of mulberry32 each. */
export function randomOf(seed: number): () => number {
  let state = (seed * 0x9e3779b1) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

/** The config with which Driftgauge watches such a page. */
export function gaugeConfigYaml({ target, interval }: { target: string; interval: string }): string {
  const metrics = GAUGE_FAMILIES.map(
    ({ name, metric }) => `  - name: ${metric}
    from: {gauge: ${name}}
    smoothing: {alpha: 0.25}
    drift: {below: 0.85}
    action: retrain
`,
  );
  return `scrape_configs:
  - job_name: models
    scrape_interval: ${interval}
    static_configs:
      - targets: ["${target}"]
metrics:
${metrics.join('')}`;
}
