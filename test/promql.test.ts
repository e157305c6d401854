/**
 * Beside a real Prometheus that reads the very same pages: what we derive is what its raw samples say, and what PromQL
 * says differs from that by its extrapolation only.
 */
import { beforeAll, expect, it } from 'vitest';
import type { WindowSample } from './support/beside-prometheus.ts';
import { besidePrometheus } from './support/beside-prometheus.ts';
import { nativePages } from './support/native-pages.ts';
import type { Prometheus } from './support/prometheus.ts';
import { query } from './support/prometheus.ts';
import type { RawSeries } from './support/raw-samples.ts';
import { bucketsOf, increaseOf, quantileOf, rawSamples } from './support/raw-samples.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';
import { RESTARTING, trafficPages } from './support/traffic-pages.ts';

const SECONDS = 60 * Number(process.env['PROMQL_MINUTES'] ?? 1);
const WINDOW_MS = 10_000;
const window = `${WINDOW_MS}ms`;
/** Of the two ways to add up the same numbers. */
const ROUNDING = 1e-9;

const REQUESTS = 'prometheus_http_requests_total';
const QUERIES = `${REQUESTS}{handler="/api/v1/query"}`;
const DURATION = 'prometheus_http_request_duration_seconds';
const SIZE = 'prometheus_http_response_size_bytes';
const QUANTILE = 0.9;

/** The series of each selector, what was counted before `from` left out; `seconds` is how long that took. */
interface Raw {
  readonly series: readonly (readonly RawSeries[])[];
  readonly from: number;
  readonly seconds: number;
}

interface Case {
  readonly from: object;
  readonly selectors: readonly string[];
  value(raw: Raw): number;
  /** What PromQL may say where it takes each increase up to `factor` times. */
  between?(raw: Raw, factor: number): readonly [least: number, most: number];
  /** What one would write in PromQL. */
  promql(range: string): string;
}

const increases = ({ series, from }: Raw) => series.map((of) => increaseOf(of, from)) as [number, number];
const quotient = (raw: Raw) => increases(raw)[0] / increases(raw)[1];
const bucketQuantile = (quantile: number, { series: [buckets], from }: Raw) =>
  quantileOf(Math.min(Math.max(quantile, 0), 1), bucketsOf(buckets!, from));

const CASES: Readonly<Record<string, Case>> = {
  'a rate, of many series together': {
    from: { rate: REQUESTS, window },
    selectors: [REQUESTS],
    value: (raw) => increases(raw)[0] / raw.seconds,
    promql: (range) => `sum(rate(${REQUESTS}[${range}]))`,
  },
  'a rate of counters that are reset': {
    from: { rate: RESTARTING, window },
    selectors: [RESTARTING],
    value: (raw) => increases(raw)[0] / raw.seconds,
    promql: (range) => `sum(rate(${RESTARTING}[${range}]))`,
  },
  'a ratio': {
    from: { ratio: { numerator: QUERIES, denominator: REQUESTS }, window },
    selectors: [QUERIES, REQUESTS],
    value: quotient,
    promql: (range) => `sum(increase(${QUERIES}[${range}])) / sum(increase(${REQUESTS}[${range}]))`,
  },
  'a mean': {
    from: { mean: DURATION, window },
    selectors: [`${DURATION}_sum`, `${DURATION}_count`],
    value: quotient,
    promql: (range) => `sum(rate(${DURATION}_sum[${range}])) / sum(rate(${DURATION}_count[${range}]))`,
  },
  'a quantile of a histogram': {
    from: { histogram_quantile: { quantile: QUANTILE, of: SIZE }, window },
    selectors: [`${SIZE}_bucket`],
    value: (raw) => bucketQuantile(QUANTILE, raw),
    // Where some series count more than others, ranks move by as much at most.
    between: (raw, factor) => [
      bucketQuantile(QUANTILE - (factor - 1), raw),
      bucketQuantile(QUANTILE + (factor - 1), raw),
    ],
    promql: (range) => `histogram_quantile(${QUANTILE}, sum by (le) (rate(${SIZE}_bucket[${range}])))`,
  },
};

describeWith(['prometheus'], `a real Prometheus that has read the same pages for ${SECONDS} s`, () => {
  const stack = new AsyncDisposableStack();
  let prometheus: Prometheus;
  let samples: readonly WindowSample[];
  const differences: Record<string, { windows: number; median: string; max: string }> = {};

  beforeAll(
    async () => {
      const beside = stack.use(
        await besidePrometheus(stack.use(scratch()), {
          metrics: metricsOf(CASES),
          take: trafficPages(),
        }),
      );
      prometheus = beside.prometheus;
      samples = await beside.watch(SECONDS);
      await stored(prometheus, RESTARTING, samples);
      return async () => {
        console.table(differences);
        await stack.disposeAsync();
      };
    },
    60_000 + SECONDS * 1000,
  );

  it.each(Object.entries(CASES))(
    '%s: exactly its raw samples, and PromQL but for what it extrapolates',
    async (title, one) => {
      const own = samples.filter(({ metric }) => metric === title);
      // A window ends with the first page after its time, and the first one is not looked at.
      expect(own.length).toBeGreaterThanOrEqual(
        Math.max(1, Math.floor((SECONDS * 1000) / (WINDOW_MS + 2000)) - 1),
      );
      const apart: number[] = [];
      for (const { value, start, end } of own) {
        const series = await Promise.all(
          one.selectors.map((selector) => rawSamples(prometheus, selector, { start, end })),
        );
        const all = { series, from: start, seconds: (end - start) / 1000 };
        expectNear(value, one.value(all));
        // A range that begins and ends with a sample leaves nothing to extrapolate.
        expectNear(value, await scalar(prometheus, one.promql(`${end - start}ms`), end));

        // As one writes it, PromQL sees less than the window: it begins between two samples, and the first increase is
        // lost. It takes the others as many times as the whole window has them, unless a counter would fall below zero.
        const usual = await scalar(prometheus, one.promql(window), end);
        const from = Math.min(
          ...series.flat().flatMap(({ times }) => times.filter((time) => time >= end - WINDOW_MS)),
        );
        const seen = { series, from, seconds: WINDOW_MS / 1000 };
        const factor = WINDOW_MS / (end - from);
        const [least, most] = one.between?.(seen, factor) ?? [
          one.value(seen) / factor,
          one.value(seen) * factor,
        ];
        expect(usual).toBeGreaterThanOrEqual(least * (1 - ROUNDING));
        expect(usual).toBeLessThanOrEqual(most * (1 + ROUNDING));
        apart.push(Math.abs(value - usual) / usual);
      }
      differences[title] = summaryOf(apart);
    },
  );
});

const NATIVE_SECONDS = Math.ceil(SECONDS / 3);
const NATIVE: Readonly<Record<string, Pick<Case, 'from' | 'promql'>>> = {
  'the count of a native histogram': {
    from: { rate: 'native_seconds_count', window: '5s' },
    promql: (range) => `histogram_count(rate(native_seconds[${range}]))`,
  },
  'the sum of a native histogram': {
    from: { rate: 'native_seconds_sum', window: '5s' },
    promql: (range) => `histogram_sum(rate(native_seconds[${range}]))`,
  },
  'the mean of a native histogram': {
    from: { mean: 'native_seconds', window: '5s' },
    promql: (range) =>
      `histogram_sum(rate(native_seconds[${range}])) / histogram_count(rate(native_seconds[${range}]))`,
  },
};

describeWith(
  ['prometheus'],
  `a real Prometheus that has read the same native histograms for ${NATIVE_SECONDS} s`,
  () => {
    it(`says the same of ${Object.keys(NATIVE).join(', ')}, resets included`, {
      timeout: 60_000 + NATIVE_SECONDS * 1000,
    }, async () => {
      using folder = scratch();
      await using beside = await besidePrometheus(folder, {
        metrics: metricsOf(NATIVE),
        take: nativePages(),
        flags: ['--enable-feature=native-histograms'],
      });
      const samples = await beside.watch(NATIVE_SECONDS);
      await stored(beside.prometheus, 'native_seconds', samples);
      expect(new Set(samples.map(({ metric }) => metric))).toEqual(new Set(Object.keys(NATIVE)));
      for (const { metric, value, start, end } of samples)
        expectNear(value, await scalar(beside.prometheus, NATIVE[metric]!.promql(`${end - start}ms`), end));
    });
  },
);

function metricsOf(cases: Readonly<Record<string, Pick<Case, 'from'>>>): object[] {
  return Object.entries(cases).map(([name, { from }]) => ({ name, from, drift: { above: 1e12 } }));
}

/** Settles when Prometheus answers queries for the newest of these times. */
async function stored(
  prometheus: Prometheus,
  selector: string,
  samples: readonly WindowSample[],
): Promise<void> {
  const newest = Math.max(...samples.map(({ end }) => end)) / 1000;
  while (Number((await query(prometheus, `max(timestamp(${selector}))`))[0]?.value[1] ?? 0) < newest);
}

async function scalar(prometheus: Prometheus, expression: string, at: number): Promise<number> {
  const response = await fetch(
    `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}&time=${at / 1000}`,
  );
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected), `${actual} and ${expected}`).toBeLessThanOrEqual(
    ROUNDING * Math.abs(expected),
  );
}

function summaryOf(apart: readonly number[]): { windows: number; median: string; max: string } {
  const sorted = apart.toSorted((a, b) => a - b);
  const percent = (share: number) => `${(100 * share).toFixed(3)} %`;
  return { windows: apart.length, median: percent(sorted[apart.length >> 1]!), max: percent(sorted.at(-1)!) };
}
