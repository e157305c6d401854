/**
 * A real Prometheus that runs the exported rules, and the shipped program that is given exactly the values that their
 * input rules recorded: after each of them, the averages of both agree.
 */
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { nameGiver } from '../src/export/names.ts';
import { page } from '../src/sources/target.testing.ts';
import { configOf, exported } from './support/exported.ts';
import { Program } from './support/program.ts';
import type { RawSeries } from './support/raw-samples.ts';
import { recordRules } from './support/recorded.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const SECONDS = 10;
/** The scrape that fails. */
const FAILED = 6;
const ROUNDING = 1e-9;
const HOSTILE = 'acc"u\\racy {{ $value }}\n精度';

const drift = { below: -1 };
const METRICS: readonly {
  readonly name: string;
  readonly from: object;
  readonly smoothing?: object;
  readonly drift: object;
}[] = [
  { name: 'accuracy', from: { gauge: 'model_accuracy' }, drift },
  {
    name: HOSTILE,
    from: { gauge: 'model_accuracy', aggregate: 'avg', scale: 100 },
    smoothing: { alpha: 0.1 },
    drift,
  },
  {
    name: 'error_ratio',
    from: { ratio: { numerator: 'model_errors_total', denominator: 'model_requests_total' } },
    smoothing: { alpha: 1 / 3 },
    drift,
  },
  { name: 'request_rate', from: { rate: 'model_requests_total', window: '2s' }, drift },
  {
    name: 'mean_latency',
    from: { mean: 'model_latency_seconds', scale: 1000 },
    smoothing: { alpha: 0.7 },
    drift,
  },
  {
    name: 'latency',
    from: { histogram_quantile: { quantile: 0.9, of: 'model_latency_seconds' } },
    smoothing: { alpha: 0.4 },
    drift,
  },
  { name: 'slow', from: { gauge: 'model_accuracy' }, smoothing: { half_life: '5s' }, drift },
];
/** That of the entry with `half_life`, which goes by the time between samples. */
const SLOW = 'slow';
const VERSIONS = ['1', 'none'];

/** Numbers that change with each scrape; one scrape fails. The second model version has no label for its version. */
function changingPage(): (request: IncomingMessage, response: ServerResponse) => void {
  let number = 0;
  const counts = VERSIONS.map(() => ({ errors: 0, requests: 0, buckets: [0, 0, 0, 0], sum: 0 }));
  return (request, response) => {
    number++;
    const lines = counts.flatMap((count, index) => {
      const step = (number * (7 + index)) % 11;
      count.requests += 10 + step;
      count.errors += step % 4;
      const grown = [10, 10 + step, 40 + step, 42 + step];
      count.buckets = count.buckets.map((before, bucket) => before + grown[bucket]!);
      count.sum += 0.01 * (1 + step);
      const labels = index === 0 ? 'model="fraud",version="1"' : 'model="fraud"';
      const bounds = ['0.1', '0.2', '0.5', '+Inf'];
      return [
        `model_accuracy{${labels}} ${0.8 + 0.013 * step}`,
        `model_errors_total{${labels}} ${count.errors}`,
        `model_requests_total{${labels}} ${count.requests}`,
        ...bounds.map(
          (le, bucket) => `model_latency_seconds_bucket{${labels},le="${le}"} ${count.buckets[bucket]}`,
        ),
        `model_latency_seconds_sum{${labels}} ${count.sum}`,
        `model_latency_seconds_count{${labels}} ${count.buckets[3]}`,
      ];
    });
    if (number === FAILED) response.writeHead(500).end();
    else page(`${lines.join('\n')}\n`)(request, response);
  };
}

const namesFor = nameGiver();
const NAMES = new Map(METRICS.map(({ name }) => [name, namesFor(name)]));

interface Step {
  readonly metric: string;
  readonly version: string;
  readonly time: number;
  readonly value: number;
  readonly ema: number;
}

describeWith(['prometheus'], 'a real Prometheus with the exported rules', () => {
  it('has the averages that the shipped program has of the same samples, to 1e-9, over a scrape that failed', {
    timeout: 90_000,
  }, async () => {
    using folder = scratch();
    const rules = (address: string) =>
      exported({
        global: { scrape_interval: '1s', scrape_timeout: '1s' },
        scrape_configs: [
          { job_name: 'fraud', static_configs: [{ targets: [address], labels: { model: 'fraud' } }] },
        ],
        metrics: METRICS,
      });
    await using recorded = await recordRules(folder, { page: changingPage(), rules });
    const recordings = [...NAMES.values()].flatMap(({ value, ema }) => [value, ema]);
    const samples = await recorded.samples(recordings, { seconds: SECONDS, series: VERSIONS.length });
    const steps = METRICS.flatMap(({ name }) => {
      const { value, ema } = NAMES.get(name)!;
      return stepsOf(name, { values: samples.get(value)!, averages: samples.get(ema)! });
    });
    expect(await health(recorded.prometheus.url)).toEqual(
      METRICS.map(({ name }) => [name, 'ok', 'ok', 'ok']),
    );

    const configFile = folder.file('driftgauge.yaml');
    const pushed = METRICS.map(({ from: _, ...rest }) => rest);
    configOf({ metrics: pushed });
    writeFileSync(configFile, JSON.stringify({ metrics: pushed }));
    await using program = await Program.start({ storagePath: folder.file('data'), configFile });
    const apart = new Map<string, number>();
    for (const [time, together] of Map.groupBy(byTime(steps), (step) => step.time)) {
      const events = together.map(({ metric, version, value }) => ({
        model: { name: 'fraud', version },
        metric,
        value,
        timestamp: time / 1000,
      }));
      expect((await program.post('/api/v1/events', events)).status).toBe(204);
      const shown = await program.data<Shown[]>('/api/v1/signals');
      for (const { metric, version, ema } of together) {
        const own = shown.find((one) => one.metric === metric && one.model.version === version)!;
        expect(Date.parse(own.last_sample_at)).toBe(time);
        apart.set(metric, Math.max(apart.get(metric) ?? 0, Math.abs(own.ema - ema) / Math.abs(ema)));
      }
    }
    console.table(
      METRICS.map(({ name }) => ({
        metric: name,
        samples: steps.filter(({ metric }) => metric === name).length,
        'apart at most': apart.get(name),
      })),
    );
    for (const [metric, most] of apart) expect(most, metric).toBeLessThanOrEqual(ROUNDING);
    expect([...apart.keys()].sort()).toEqual(METRICS.map(({ name }) => name).sort());
  });
});

interface Shown {
  readonly metric: string;
  readonly model: { readonly version: string };
  readonly ema: number;
  readonly last_sample_at: string;
}

/** The evaluations that had an input, each with the average that it led to. */
function stepsOf(
  metric: string,
  { values, averages }: { readonly values: readonly RawSeries[]; readonly averages: readonly RawSeries[] },
): readonly Step[] {
  expect(values.map(({ metric: labels }) => [labels['metric'], labels['version']]).sort()).toEqual(
    VERSIONS.map((version) => [metric, version]),
  );
  return values.flatMap((series) => {
    const version = series.metric['version']!;
    const average = averages.find((one) => one.metric['version'] === version)!;
    const emas = new Map(average.times.map((time, index) => [time, average.values[index]!]));
    // Read one after the other: the newest evaluation may be in one of them only.
    const steps = series.times
      .map((time, index) => ({ metric, version, time, value: series.values[index]!, ema: emas.get(time)! }))
      .filter(({ ema, time }) => ema !== undefined || time < average.times.at(-1)!);
    // The rules take samples for as far apart as they are evaluated: after a gap, the two differ by intent.
    const gap = steps.findIndex(({ time }, index) => index > 0 && time - steps[index - 1]!.time !== 1000);
    const compared = metric === SLOW && gap >= 0 ? steps.slice(0, gap) : steps;
    expect(compared.length, metric).toBeGreaterThanOrEqual(3);
    // The failed scrape was seen, and did not start the average anew.
    if (metric === 'accuracy') expect(gap).toBeGreaterThan(0);
    expect(new Set(compared.map(({ value }) => value)).size).toBeGreaterThan(2);
    return compared;
  });
}

function byTime(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => a.time - b.time);
}

/** Of each group's rules, under the metric that the labels of its first say. */
async function health(url: string): Promise<unknown> {
  interface Rule {
    readonly labels: Readonly<Record<string, string>>;
    readonly health: string;
  }
  const answer = await (await fetch(`${url}/api/v1/rules`)).json();
  const { groups } = (answer as { data: { groups: { name: string; rules: Rule[] }[] } }).data;
  const order = [...NAMES].map(
    ([metric, { group }]) => [metric, groups.find(({ name }) => name === group)!] as const,
  );
  return order.map(([, { rules }]) => [rules[0]!.labels['metric'], ...rules.map((rule) => rule.health)]);
}
