/** Beside real monitoring: a Prometheus scrapes us, we scrape a Prometheus, an Alertmanager and a prom-client page. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Program } from './support/program.ts';
import { type Prometheus, query, startAlertmanager, startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

/** A minute in all, so that a slow leak of errors would show; PROMETHEUS_SECONDS shortens it while one works on something else. */
const SECONDS = Number(process.env['PROMETHEUS_SECONDS'] ?? 60);
/** As long as a scrape may take: a pause of the machine is no error of ours. */
const INTERVAL_SECONDS = 5;

const scraping = (target: string) => ({
  global: { scrape_interval: `${INTERVAL_SECONDS}s`, scrape_timeout: `${INTERVAL_SECONDS}s` },
  scrape_configs: [{ job_name: 'driftgauge', honor_labels: true, static_configs: [{ targets: [target] }] }],
});

/** Asks again until Prometheus has an answer that fits; a sample can take seconds to be queryable. */
async function awaitQuery(
  prometheus: Prometheus,
  expression: string,
  fits: (value: number) => boolean,
): Promise<number> {
  for (;;) {
    const [first] = await query(prometheus, expression);
    if (first && fits(Number(first.value[1]))) return Number(first.value[1]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const HOSTILE = [
  'a:"x",b="y',
  'a,b:c',
  'line\nbreak',
  'back\\slash',
  '__proto__',
  '\u202eevil',
  'x'.repeat(1024),
  '{}',
  'a\tb',
  '%s',
];

describeWith(['prometheus', 'promtool'], 'a real Prometheus', () => {
  it(`scrapes us for ${SECONDS} s without an error, and shows every hostile name as its own series`, {
    timeout: 60_000 + SECONDS * 1000,
  }, async () => {
    using folder = scratch();
    await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
    const events = HOSTILE.flatMap((name) =>
      HOSTILE.map((version) => ({ model: { name, version }, metric: 'accuracy', value: 0.9 })),
    );
    expect((await program.post('/api/v1/events', events)).status).toBe(204);
    await using prometheus = await startPrometheus(folder, scraping(new URL(program.url).host));

    const scrapes = SECONDS / INTERVAL_SECONDS;
    await awaitQuery(prometheus, 'count_over_time(up[10m])', (count) => count >= scrapes);
    expect(await awaitQuery(prometheus, 'min_over_time(up[10m])', () => true)).toBe(1);
    const series = await query(prometheus, 'driftgauge_signal_ema');
    const names = new Set(series.map(({ metric }) => JSON.stringify([metric['model'], metric['version']])));
    expect(names).toEqual(
      new Set(HOSTILE.flatMap((name) => HOSTILE.map((version) => JSON.stringify([name, version])))),
    );
  });

  it('its promtool finds nothing to complain about in /metrics', async () => {
    using folder = scratch();
    await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
    const events = HOSTILE.map((name) => ({
      model: { name, version: name },
      metric: 'accuracy',
      value: 0.5,
    }));
    expect((await program.post('/api/v1/events', events)).status).toBe(204);
    const page = await (await program.get('/metrics')).text();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: page,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describeWith(['prometheus', 'prometheus-alertmanager'], 'real pages as targets', () => {
  it('a Prometheus, an Alertmanager and a prom-client page are scraped whole', async () => {
    using folder = scratch();
    await using prometheus = await startPrometheus(folder, scraping('127.0.0.1:1'));
    await using alertmanager = await startAlertmanager(folder);
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: 'model_accuracy',
      help: 'Accuracy.',
      labelNames: ['model'],
      registers: [registry],
    }).set({ model: 'fraud' }, 0.93);
    const model = createServer(async (_request, response) => response.end(await registry.metrics())).listen(
      0,
      '127.0.0.1',
    );
    await once(model, 'listening');

    const targets = [
      ...[prometheus, alertmanager].map(({ url }) => new URL(url).host),
      `127.0.0.1:${(model.address() as AddressInfo).port}`,
    ];
    writeFileSync(
      folder.file('driftgauge.yaml'),
      `scrape_configs:
  - job_name: real
    scrape_interval: 200ms
    static_configs: [{targets: ${JSON.stringify(targets)}, labels: {version: "7"}}]
metrics:
  - {name: accuracy, from: {gauge: 'model_accuracy'}, drift: {below: 0.85}}
  - {name: goroutines, from: {gauge: 'go_goroutines'}, drift: {above: 1e9}}
`,
    );
    await using program = await Program.start({
      storagePath: folder.file('data'),
      configFile: folder.file('driftgauge.yaml'),
    });
    const up = async () => [
      ...(await (await program.get('/metrics')).text()).matchAll(
        /^driftgauge_target_up\{.*target="http:\/\/(.*)\/metrics"\} 1$/gm,
      ),
    ];
    while ((await up()).length < targets.length) await new Promise((resolve) => setImmediate(resolve));
    expect((await up()).map(([, target]) => target).sort()).toEqual([...targets].sort());
    expect(await program.data('/api/v1/signals')).toMatchObject([
      { model: { name: 'fraud', version: '7' }, metric: 'accuracy', value: 0.93, state: 'ok' },
    ]);
    const page = await (await program.get('/metrics')).text();
    expect(page).not.toMatch(/^driftgauge_scrape_failures_total\{.*\} [1-9]/m);
    model.close();
  });
});
