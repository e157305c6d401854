/** What of a config finds nothing is shown, by the shipped program: in explain, and on /metrics. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { page, startTarget } from '../src/sources/target.testing.ts';
import { Program } from './support/program.ts';
import { scratch } from './support/scratch.ts';

const PAGE = [
  'model_accuracy{model="fraud",pod="a"} 0.9',
  'model_accuracy{model="fraud",pod="b"} 0.8',
  'requests_total{model="fraud"} 100',
  'nameless 1',
  '',
].join('\n');

const CONFIG = {
  global: { scrape_interval: '100ms', scrape_timeout: '100ms' },
  metrics: [
    { name: 'accuracy', from: { gauge: 'model_accuracy' } },
    { name: 'recall', from: { gauge: 'model_recal' } },
    {
      name: 'error_ratio',
      from: { ratio: { numerator: 'errors_total', denominator: 'requests_total' }, min_count: 9 },
    },
    { name: 'nameless', from: { gauge: 'nameless' } },
    { name: 'f1_score' },
    { name: 'churn_only', models: ['churn'], from: { gauge: 'churn' } },
  ].map((metric) => ({ ...metric, drift: { below: 0.5 } })),
};

it('metrics without series, and samples that were dropped, are seen', async () => {
  using folder = scratch();
  await using target = await startTarget(page(PAGE));
  const scrape_configs = [{ job_name: 'fraud', static_configs: [{ targets: [target.address] }] }];
  writeFileSync(folder.file('c.yaml'), stringify({ ...CONFIG, scrape_configs }));
  await using program = await Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('c.yaml'),
  });
  // When the fourth scrape begins, the third is over.
  for (let scrape = 0; scrape < 4; scrape++) await target.nextRequest();

  const answer = (await (await program.get('/api/v1/explain?model=fraud')).json()) as Record<string, unknown>;
  expect(answer).toMatchObject({
    status: 'success',
    data: [
      {
        model: { name: 'fraud', version: 'none' },
        signals: [{ metric: 'accuracy', value: 0.9 }],
        unmatched: [
          { metric: 'recall', why: 'no_series' },
          { metric: 'error_ratio', why: 'low_traffic', input: { kind: 'ratio', count: 0, min_count: 9 } },
          { metric: 'nameless', why: 'no_series' },
          { metric: 'f1_score', why: 'no_events' },
        ],
      },
    ],
    metrics_without_signals: ['recall', 'error_ratio', 'nameless', 'f1_score', 'churn_only'],
    dropped_samples: { scrape: { duplicate_series: expect.any(Number), no_model: expect.any(Number) } },
  });

  const lines = (await (await program.get('/metrics')).text()).split('\n');
  expect(lines.filter((line) => line.startsWith('driftgauge_metric_signals{'))).toEqual([
    'driftgauge_metric_signals{metric="accuracy"} 1',
    'driftgauge_metric_signals{metric="recall"} 0',
    'driftgauge_metric_signals{metric="error_ratio"} 0',
    'driftgauge_metric_signals{metric="nameless"} 0',
    'driftgauge_metric_signals{metric="f1_score"} 0',
    'driftgauge_metric_signals{metric="churn_only"} 0',
  ]);
  const dropped = (reason: string) => {
    const start = `driftgauge_samples_dropped_total{source="scrape",reason="${reason}"} `;
    return Number(lines.find((line) => line.startsWith(start))?.slice(start.length));
  };
  expect(dropped('duplicate_series')).toBeGreaterThanOrEqual(3);
  expect(dropped('no_model')).toBeGreaterThanOrEqual(3);
});
