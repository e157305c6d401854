import { describe, expect, it } from 'vitest';
import { MINUTE, makeConfig, makePolicy, makeRule, START } from '../core/scenario.testing.ts';
import { resolveSignal } from '../core/signals.ts';
import { countDrop } from '../core/world.ts';
import { FakeBackend } from '../http/backend.testing.ts';
import { expectCleanPage, itWithPromtool, type ReadFamily, readPage } from './exposition.testing.ts';
import { createMetricsPage } from './page.ts';
import { createProcessMetrics } from './process.ts';
import { FAMILIES } from './table.ts';

const OPENMETRICS = 'application/openmetrics-text';

const LATENCY = makeRule({
  metric: 'latency',
  entry: 1,
  detector: { kind: 'threshold', bound: 'above', threshold: 150, clear: 150 },
  action: 'flag',
});

/** Two metrics; drifts of accuracy wait a minute before they ask. */
function createBackend(): FakeBackend {
  return new FakeBackend(
    makeConfig({
      rules: [makeRule(), LATENCY, makeRule({ metric: 'recall', entry: 2 })],
      policy: makePolicy({ groupWaitMs: MINUTE }),
    }),
  );
}

async function read(backend: FakeBackend, accept?: string): Promise<ReadFamily[]> {
  const { body } = await createMetricsPage(backend).render(accept);
  return readPage(body.toString());
}

/** The samples of a family as text, `{labels} value`; empty where the page says nothing of it. */
async function samples(backend: FakeBackend, name: string): Promise<string[]> {
  const family = (await read(backend)).find((candidate) => candidate.name === name);
  return (family?.samples ?? []).map(({ labels, value }) => {
    const text = [...labels].map(([label, labelValue]) => `${label}=${labelValue}`).join(' ');
    return `${text} ${value}`.trim();
  });
}

describe('a signal', () => {
  it('shows value, EMA, threshold, samples, time and flags', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    backend.scenario.sample(100, { metric: 'latency' });
    const page = await createMetricsPage(backend).render(undefined);
    const lines = page.body
      .toString()
      .split('\n')
      .filter((line) => /^driftgauge_(signal|breach|drift)/.test(line));
    expect(lines).toEqual([
      'driftgauge_signal_value{model="fraud",version="1",metric="accuracy"} 0.5',
      'driftgauge_signal_value{model="fraud",version="1",metric="latency"} 100',
      'driftgauge_signal_ema{model="fraud",version="1",metric="accuracy"} 0.5',
      'driftgauge_signal_ema{model="fraud",version="1",metric="latency"} 100',
      'driftgauge_signal_threshold{model="fraud",version="1",metric="accuracy",bound="below"} 0.85',
      'driftgauge_signal_threshold{model="fraud",version="1",metric="latency",bound="above"} 150',
      'driftgauge_signal_samples_total{model="fraud",version="1",metric="accuracy"} 1',
      'driftgauge_signal_samples_total{model="fraud",version="1",metric="latency"} 1',
      `driftgauge_signal_last_sample_timestamp_seconds{model="fraud",version="1",metric="accuracy"} ${START / 1000}`,
      `driftgauge_signal_last_sample_timestamp_seconds{model="fraud",version="1",metric="latency"} ${START / 1000}`,
      'driftgauge_signal_stale{model="fraud",version="1",metric="accuracy"} 0',
      'driftgauge_signal_stale{model="fraud",version="1",metric="latency"} 0',
      'driftgauge_breach{model="fraud",version="1",metric="accuracy"} 1',
      'driftgauge_breach{model="fraud",version="1",metric="latency"} 0',
      'driftgauge_drift{model="fraud",version="1",metric="accuracy"} 1',
      'driftgauge_drift{model="fraud",version="1",metric="latency"} 0',
      `driftgauge_drift_since_timestamp_seconds{model="fraud",version="1",metric="accuracy"} ${START / 1000}`,
    ]);
  });

  it('shows since when it drifts only while it drifts', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    backend.scenario.wait(MINUTE);
    backend.scenario.sample(0.9);
    expect(await samples(backend, 'driftgauge_drift')).toEqual(['model=fraud version=1 metric=accuracy 0']);
    expect(await samples(backend, 'driftgauge_drift_since_timestamp_seconds')).toEqual([]);
  });

  it('is stale after its stale_after', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.9);
    backend.scenario.wait(6 * MINUTE);
    expect(await samples(backend, 'driftgauge_signal_stale')).toEqual([
      'model=fraud version=1 metric=accuracy 1',
    ]);
  });

  it('does not breach while it warms up', async () => {
    const backend = new FakeBackend(makeConfig({ rules: [makeRule({ warmUp: 1 })] }));
    backend.scenario.sample(0.5);
    expect(await samples(backend, 'driftgauge_breach')).toEqual(['model=fraud version=1 metric=accuracy 0']);
    backend.scenario.wait(1000);
    backend.scenario.sample(0.5);
    expect(await samples(backend, 'driftgauge_breach')).toEqual(['model=fraud version=1 metric=accuracy 1']);
  });

  it('without a sample is not shown, nor is its model', async () => {
    const backend = createBackend();
    resolveSignal(backend.world, makeRule(), { name: 'ghost', version: '1' });
    expect(JSON.stringify(await read(backend))).not.toContain('ghost');
  });

  it('disappears when it has expired', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.9);
    backend.scenario.wait(25 * 60 * MINUTE);
    expect(await samples(backend, 'driftgauge_signal_value')).toEqual([]);
  });

  it('is counted by metric, and a metric without one shows 0', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.9);
    backend.scenario.sample(0.9, { version: '2' });
    expect(await samples(backend, 'driftgauge_metric_signals')).toEqual([
      'metric=accuracy 2',
      'metric=latency 0',
      'metric=recall 0',
    ]);
  });
});

describe('an episode', () => {
  it('is held, with its reason, until it asks', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    expect(await samples(backend, 'driftgauge_episodes_total')).toEqual(['model=fraud version=1 1']);
    expect(await samples(backend, 'driftgauge_retrain_held')).toEqual([
      'model=fraud version=1 reason=group_wait 1',
    ]);
    expect(await samples(backend, 'driftgauge_retrain_requests_total')).toEqual(['model=fraud version=1 0']);
    expect(await samples(backend, 'driftgauge_retrain_in_flight')).toEqual(['model=fraud 0']);
    expect(await samples(backend, 'driftgauge_retrain_in_flight_since_timestamp_seconds')).toEqual([]);

    backend.scenario.wait(MINUTE);
    expect(await samples(backend, 'driftgauge_retrain_held')).toEqual([]);
    expect(await samples(backend, 'driftgauge_retrain_requests_total')).toEqual(['model=fraud version=1 1']);
    expect(await samples(backend, 'driftgauge_retrain_in_flight')).toEqual(['model=fraud 1']);
    expect(await samples(backend, 'driftgauge_retrain_in_flight_since_timestamp_seconds')).toEqual([
      `model=fraud ${(START + MINUTE) / 1000}`,
    ]);
  });

  it('that closes unasked is counted as suppressed, by its last reason', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    backend.scenario.wait(1000);
    backend.scenario.sample(0.9);
    expect(await samples(backend, 'driftgauge_retrain_suppressed_total')).toEqual([
      'model=fraud version=1 reason=group_wait 1',
    ]);
  });

  it('leaves an outcome and a cooldown', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    backend.scenario.wait(MINUTE);
    expect(await samples(backend, 'driftgauge_cooldown_end_timestamp_seconds')).toEqual([]);
    backend.scenario.succeed();
    expect(await samples(backend, 'driftgauge_retrain_outcomes_total')).toEqual([
      'model=fraud version=1 outcome=succeeded 1',
    ]);
    expect(await samples(backend, 'driftgauge_cooldown_end_timestamp_seconds')).toEqual([
      `model=fraud ${(START + MINUTE) / 1000 + 6 * 3600}`,
    ]);
  });
});

describe('a trigger', () => {
  it('shows its outbox, empty too', async () => {
    const backend = createBackend();
    expect(await samples(backend, 'driftgauge_outbox_pending')).toEqual(['trigger=training 0']);
    expect(await samples(backend, 'driftgauge_outbox_oldest_age_seconds')).toEqual(['trigger=training 0']);
    backend.scenario.sample(0.5);
    backend.scenario.wait(3 * MINUTE);
    expect(await samples(backend, 'driftgauge_outbox_pending')).toEqual(['trigger=training 1']);
    expect(await samples(backend, 'driftgauge_outbox_oldest_age_seconds')).toEqual(['trigger=training 120']);
    backend.scenario.report({
      kind: 'parked',
      reason: 'refused',
      message: 'answered 404 Not Found',
      written: true,
    });
    expect(await samples(backend, 'driftgauge_outbox_pending')).toEqual(['trigger=training 0']);
    expect(await samples(backend, 'driftgauge_outbox_parked')).toEqual(['trigger=training 1']);
    expect(await samples(backend, 'driftgauge_outbox_oldest_age_seconds')).toEqual(['trigger=training 0']);
  });

  it('that is gone from the config still shows what it left', async () => {
    const backend = createBackend();
    backend.scenario.sample(0.5);
    backend.scenario.wait(MINUTE);
    backend.scenario.request.trigger = 'old';
    expect(await samples(backend, 'driftgauge_outbox_pending')).toEqual([
      'trigger=training 0',
      'trigger=old 1',
    ]);
  });

  it('shows attempts, failures and how long they took', async () => {
    const backend = withEverything();
    expect(await samples(backend, 'driftgauge_delivery_attempts_total')).toEqual(['trigger=training 3']);
    // Each reason from the start, so that the first failure is an increase.
    const failures = await samples(backend, 'driftgauge_delivery_failures_total');
    expect(failures).toHaveLength(10);
    expect(failures).toContain('trigger=training reason=timeout 2');
    expect(failures).toContain('trigger=training reason=http_5xx 0');
    expect(await samples(backend, 'driftgauge_delivery_duration_seconds')).toEqual([
      'trigger=training le=0.1 1',
      'trigger=training le=1 2',
      'trigger=training le=+Inf 3',
      'trigger=training 11.5',
      'trigger=training 3',
    ]);
  });
});

describe('a target', () => {
  it('is neither up nor down before its first scrape', async () => {
    const backend = withEverything();
    const [scraped] = backend.targetStatus;
    backend.targetStatus = [{ ...scraped!, target: 'http://b:1/metrics', up: null, failures: new Map() }];
    expect(await samples(backend, 'driftgauge_target_up')).toEqual([]);
  });

  it('shows how its last scrape went, and its failures by reason', async () => {
    const backend = withEverything();
    const target = 'scrape_job=models target=http://a:1/metrics';
    expect(await samples(backend, 'driftgauge_target_up')).toEqual([`${target} 0`]);
    expect(await samples(backend, 'driftgauge_scrape_duration_seconds')).toEqual([`${target} 0.25`]);
    expect(await samples(backend, 'driftgauge_scrape_samples')).toEqual([`${target} 12`]);
    expect(await samples(backend, 'driftgauge_scrape_failures_total')).toEqual([`${target} reason=tls 4`]);
  });
});

describe('the program itself', () => {
  it('shows drops by source and reason from the start, at 0', async () => {
    const backend = createBackend();
    countDrop(backend.world, 'push', 'unmatched', 3);
    const drops = await samples(backend, 'driftgauge_samples_dropped_total');
    expect(drops).toHaveLength(22);
    expect(drops).toContain('source=push reason=unmatched 3');
    expect(drops).toContain('source=scrape reason=late 0');
  });

  it('shows config, storage, clock and build', async () => {
    const backend = createBackend();
    Object.assign(backend, {
      clockSteps: 2,
      storageUp: false,
      reloadState: { successful: false, lastSuccessAt: 5000 },
    });
    expect(await samples(backend, 'driftgauge_config_last_reload_successful')).toEqual(['0']);
    expect(await samples(backend, 'driftgauge_config_last_reload_success_timestamp_seconds')).toEqual(['5']);
    expect(await samples(backend, 'driftgauge_storage_up')).toEqual(['0']);
    expect(await samples(backend, 'driftgauge_clock_steps_total')).toEqual(['2']);
    expect(await samples(backend, 'driftgauge_build_info')).toEqual(['version=1.2.3 revision=abcdef0 1']);
  });
});

/** A world in which every family has something to show. */
function withEverything(): FakeBackend {
  const backend = createBackend();
  const { scenario } = backend;
  scenario.sample(0.5);
  scenario.wait(MINUTE);
  scenario.succeed();
  scenario.sample(0.5, { model: 'short' });
  scenario.wait(1000);
  scenario.sample(0.9, { model: 'short' });
  scenario.sample(0.5, { model: 'churn' });
  scenario.wait(MINUTE);
  scenario.sample(0.5, { model: 'held' });
  backend.triggerStatus = [
    {
      trigger: 'training',
      attempts: 3,
      failures: new Map([['timeout', 2]]),
      durations: { bounds: [0.1, 1], counts: [1, 2], sum: 11.5, count: 3 },
    },
  ];
  backend.targetStatus = [
    {
      job: 'models',
      target: 'http://a:1/metrics',
      up: false,
      lastScrapeAt: START,
      durationSeconds: 0.25,
      samples: 12,
      error: 'self-signed certificate',
      failures: new Map([['tls', 4]]),
    },
  ];
  return backend;
}

const HOSTILE = [
  'a,b',
  'a"b',
  'a\\',
  'a\\"',
  'a\nb',
  'a\\nb',
  'a\rb',
  'a{b="c"} 1',
  '# HELP x y',
  '__proto__',
  'constructor',
  'toString',
  '\u202egnirts\u202c',
  '\u0000',
  '\u2028',
  '模型',
  'é',
  'e\u0301',
  ' ',
  'x'.repeat(1024),
  'x,version="2',
  'x',
];

function withHostileNames(): FakeBackend {
  const backend = new FakeBackend();
  for (const name of HOSTILE) backend.scenario.sample(0.5, { model: name, version: name });
  backend.scenario.sample(0.5, { model: 'x,version="2', version: '' });
  return backend;
}

describe('the page as a whole', () => {
  it.each([
    ['text', undefined],
    ['OpenMetrics', OPENMETRICS],
  ])(
    'has every family of the table, in its order, with type, help and labels, in %s',
    async (format, accept) => {
      const families = await read(withEverything(), accept);
      const shown = families.map(({ name, type, help, samples: [first] }) => {
        const labels = [...first!.labels.keys()].filter((label) => label !== 'le');
        return { name, type, help, labels };
      });
      const table = FAMILIES.map(({ name, ...family }) => ({
        ...family,
        name: format === 'text' ? name : name.replace(/_total$/, ''),
      }));
      expect(shown).toEqual(table);
    },
  );

  it.each([
    ['text', undefined],
    ['OpenMetrics', OPENMETRICS],
  ])('gives each hostile name a series of its own, unchanged, in %s', async (_format, accept) => {
    const families = await read(withHostileNames(), accept);
    const values = families.find(({ name }) => name === 'driftgauge_signal_value')!.samples;
    expect(values.map(({ labels }) => labels.get('model'))).toEqual([...HOSTILE, 'x,version="2']);
    for (const { samples: all } of families) {
      const keys = all.map(({ name, labels }) => JSON.stringify([name, ...labels]));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('has one line per signal and family, for ten thousand signals', async () => {
    const backend = new FakeBackend();
    backend.scenario.samples(
      Array.from({ length: 10_000 }, (_, i) => ({ value: i / 7, model: `model-${i}` })),
    );
    const values = (await read(backend)).find(({ name }) => name === 'driftgauge_signal_value')!.samples;
    expect(values).toHaveLength(10_000);
    expect(
      values.every(({ labels, value }, i) => labels.get('model') === `model-${i}` && value === i / 7),
    ).toBe(true);
  });

  it('leaves a page that is still read alone', async () => {
    const backend = createBackend();
    const page = createMetricsPage(backend);
    const { body } = await page.render(undefined);
    const before = body.toString();
    backend.scenario.sample(0.5);
    await page.render(OPENMETRICS);
    expect(body.toString()).toBe(before);
  });

  it('uses the memory of a page that was disposed of', async () => {
    const page = createMetricsPage(createBackend());
    const first = await page.render(undefined);
    first[Symbol.dispose]();
    expect((await page.render(undefined)).body.buffer).toBe(first.body.buffer);
  });

  it('says which format it is in', async () => {
    const page = createMetricsPage(createBackend());
    expect((await page.render(undefined)).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await page.render(OPENMETRICS)).contentType).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
  });
});

describe('with the process', () => {
  const ofProcess = createProcessMetrics();

  it.each([
    ['text', undefined, ''],
    ['OpenMetrics', OPENMETRICS, '# EOF\n'],
  ])("has prom-client's families too, in %s", async (_format, accept, end) => {
    const { body } = await createMetricsPage(createBackend(), ofProcess).render(accept);
    const families = readPage(body.toString());
    const types = new Map(families.map(({ name, type }) => [name, type]));
    expect(types.get(accept ? 'process_cpu_seconds' : 'process_cpu_seconds_total')).toBe('counter');
    expect(types.get('process_resident_memory_bytes')).toBe('gauge');
    expect(types.get('nodejs_version_info')).toBe('gauge');
    expect(families.filter(({ name, type }) => type !== 'counter' && name.endsWith('_total'))).toEqual([]);
    expect(new Set(types.keys()).size).toBe(families.length);
    expect(body.toString().endsWith(end)).toBe(true);
  });

  itWithPromtool('is clean for promtool, with something in every family', async () => {
    expectCleanPage((await createMetricsPage(withEverything(), ofProcess).render(undefined)).body);
  });

  itWithPromtool('is clean for promtool, with hostile names', async () => {
    expectCleanPage((await createMetricsPage(withHostileNames(), ofProcess).render(undefined)).body);
  });
});
