import { describe, expect, it, vi } from 'vitest';
import type { Row } from '../core/derive/pages.testing.ts';
import { buckets, windowed } from '../core/derive/pages.testing.ts';
import type { CountingSettings } from '../core/derive/settings.ts';
import type { Rule } from '../core/rule.ts';
import { MINUTE, makeConfig, makeRule, START } from '../core/scenario.testing.ts';
import { resolveSignal } from '../core/signals.ts';
import { metricsWithoutSignals, signalCounts } from '../core/unmatched.ts';
import { countDrop } from '../core/world.ts';
import { FakeBackend, withHistory } from './backend.testing.ts';
import { GAUGE, RATIO, scraped } from './scraped.testing.ts';
import { startServer } from './server.testing.ts';

const at = (ms: number): string => new Date(START + ms).toISOString();

async function explain(backend: FakeBackend, query = '?model=fraud'): Promise<Record<string, unknown>> {
  await using server = await startServer({ backend });
  const { text } = await server.ask(`/api/v1/explain${query}`);
  return JSON.parse(text) as Record<string, unknown>;
}

async function versions(backend: FakeBackend, query?: string): Promise<Record<string, unknown>[]> {
  return (await explain(backend, query))['data'] as Record<string, unknown>[];
}

const DISTANCE: CountingSettings = {
  kind: 'histogram',
  distance: 'psi',
  ...windowed,
  minCount: 10,
  reference: { kind: 'first', ms: 60 * MINUTE },
};
const flag = (rule: Partial<Rule>) => makeRule({ action: 'flag', ...rule });

describe('GET /api/v1/explain', () => {
  it('shows every version of a model: signals, episode, gates in order, and the decision', async () => {
    const backend = withHistory();
    backend.scenario.sample(0.9, { version: '2' });
    const [second, first] = await versions(backend);
    expect(first).toEqual({
      model: { name: 'fraud', version: '1' },
      signals: [expect.objectContaining({ metric: 'accuracy', state: 'drifting' })],
      unmatched: [],
      episode: expect.objectContaining({ id: 'ep_fraud:1#2', reason: 'cooldown' }),
      gates: [
        { gate: 'stale', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'inhibited', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'group_wait', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'state_unknown', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'in_flight', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'cooldown', verdict: 'wait', until: at(60 * MINUTE), detail: expect.any(String) },
        { gate: 'max_per_day', verdict: 'pass', until: null, detail: expect.any(String) },
        { gate: 'no_trigger', verdict: 'pass', until: null, detail: expect.any(String) },
      ],
      decision: { ask: false, reason: 'cooldown', next_at: at(60 * MINUTE) },
    });
    expect(second).toMatchObject({
      model: { name: 'fraud', version: '2' },
      episode: null,
      decision: { ask: false, reason: 'no_drift', next_at: null },
    });
  });

  it('shows one version where it is named', async () => {
    expect(await versions(withHistory(), '?model=churn&version=7')).toHaveLength(1);
  });

  it.each<[query: string, errorType: string, error: string]>([
    ['', 'bad_data', 'model: missing'],
    ['?model=nobody', 'not_found', 'no such model version has been seen'],
    ['?model=__proto__', 'not_found', 'no such model version has been seen'],
    ['?model=fraud&version=9', 'not_found', 'no such model version has been seen'],
    [
      '?model=fraud&metric=x',
      'bad_data',
      'unknown parameter "metric", expected one of model, version, limit',
    ],
    ['?model=fraud&limit=1001', 'bad_data', 'limit: expected a whole number from 1 to 1000'],
  ])('%s is refused', async (query, errorType, error) => {
    expect(await explain(withHistory(), query)).toMatchObject({ status: 'error', errorType, error });
  });

  it('does not know a version of which no sample was taken', async () => {
    const backend = new FakeBackend();
    resolveSignal(backend.world, makeRule(), { name: 'ghost', version: '1' });
    expect(await explain(backend, '?model=ghost')).toMatchObject({ errorType: 'not_found' });
  });
});

describe('a model with many versions', () => {
  it.each<[sentence: string, query: string, shown: string[], leftOut: number]>([
    ['all, the newest first, and by name where they came at once', '', ['1', '4', '2', '3'], 0],
    ['the newest as far as the limit goes', '&limit=3', ['1', '4', '2'], 1],
    ['all where the limit is their number', '&limit=4', ['1', '4', '2', '3'], 0],
    ['one that is named, and leaves none out', '&version=3&limit=1', ['3'], 0],
  ])('shows %s', async (_, query, shown, leftOut) => {
    const backend = new FakeBackend();
    backend.scenario.samples(['3', '2'].map((version) => ({ version, value: 0.9 })));
    backend.scenario.wait(MINUTE);
    backend.scenario.sample(0.9, { version: '4' });
    backend.scenario.wait(MINUTE);
    backend.scenario.sample(0.9, { version: '1' });
    resolveSignal(backend.world, makeRule(), { name: 'fraud', version: 'ghost' });
    const explained = vi.spyOn(backend, 'explain');
    expect(await explain(backend, `?model=fraud${query}`)).toMatchObject({
      data: shown.map((version) => ({ model: { version } })),
      versions_left_out: leftOut,
    });
    expect(explained).toHaveBeenCalledTimes(shown.length);
  });

  it('shows one that waits for its first sample before all that have some', async () => {
    const { backend, page } = scraped(RATIO, [makeRule()]);
    page(0, [['denominator', 'x', 0]]);
    page(1, [['denominator', 'x', 1]]);
    for (const version of ['2', '3']) backend.scenario.sample(0.9, { version });
    expect(await explain(backend, '?model=fraud&limit=1')).toMatchObject({
      data: [{ model: { version: '1' }, signals: [] }],
      versions_left_out: 2,
    });
  });

  it('shows 100 of 20,000, and explains no more', async () => {
    const backend = new FakeBackend();
    const all = Array.from({ length: 20_000 }, (_, index) => ({ version: `v${index}`, value: 0.9 }));
    backend.scenario.samples(all);
    const explained = vi.spyOn(backend, 'explain');
    expect(await explain(backend)).toMatchObject({
      data: Array.from({ length: 100 }, () => expect.anything()),
      versions_left_out: 19_900,
    });
    expect(explained).toHaveBeenCalledTimes(100);
  });
});

describe('a signal that counts', () => {
  it('shows how its samples are made, beside what every signal shows', async () => {
    const { backend, page } = scraped(RATIO);
    page(0, [['denominator', 'x', 0]]);
    page(60, [['denominator', 'x', 50]]);
    page(90, [['denominator', 'x', 62]]);
    const [version] = await versions(backend);
    expect(version!['signals']).toEqual([
      expect.objectContaining({
        metric: 'derived',
        samples: 1,
        input: {
          kind: 'ratio',
          waiting: 'window',
          count: 12,
          min_count: 20,
          window_started_at: at(MINUTE),
        },
      }),
    ]);
  });

  it('explains its version before it has a sample', async () => {
    const { backend, page } = scraped(RATIO);
    page(0, [['denominator', 'x', 0]]);
    page(90, [['denominator', 'x', 5]]);
    expect(await versions(backend)).toMatchObject([
      {
        model: { name: 'fraud', version: '1' },
        signals: [],
        unmatched: [
          { metric: 'derived', why: 'low_traffic', input: { kind: 'ratio', count: 5, min_count: 20 } },
        ],
        decision: { reason: 'no_drift' },
      },
    ]);
  });

  it('says nothing of its input where it is a gauge or pushed', async () => {
    const [version] = await versions(withHistory(), '?model=churn');
    expect((version!['signals'] as object[])[0]).not.toHaveProperty('input');
  });
});

describe('a metric without a sample of a version', () => {
  it.each<[sentence: string, from: CountingSettings, pages: (readonly Row[])[], why: string]>([
    ['waits for a second scrape', RATIO, [[['denominator', 'x', 0]]], 'first_scrape'],
    ['waits for its window', RATIO, [[['denominator', 'x', 0]], [['denominator', 'x', 90]]], 'window'],
    [
      'waits for its reference',
      DISTANCE,
      [buckets({ 1: 0, '+Inf': 0 }), buckets({ 1: 9, '+Inf': 20 })],
      'reference',
    ],
  ])('%s', async (_, from, pages, why) => {
    const { backend, page } = scraped(from);
    for (const [index, rows] of pages.entries()) page(index * 15, rows);
    expect((await versions(backend))[0]!['unmatched']).toEqual([
      { metric: 'derived', why, input: expect.objectContaining({ kind: from.kind }) },
    ]);
    // What is counted fits, however long its first sample takes: nobody needs to be alarmed.
    const matched = why === 'first_scrape' ? 0 : 1;
    expect(signalCounts(backend.world)).toEqual(new Map([['derived', matched]]));
    expect(metricsWithoutSignals(backend.world)).toEqual(matched === 0 ? ['derived'] : []);
  });

  it('has no series, no events, or none of its samples was taken', async () => {
    const backend = new FakeBackend(
      makeConfig({
        rules: [
          makeRule(),
          flag({ metric: 'recall', from: GAUGE, entry: 1 }),
          flag({ metric: 'pushed', entry: 2 }),
          flag({ metric: 'broken', from: GAUGE, entry: 3 }),
        ],
      }),
    );
    backend.scenario.sample(0.9);
    backend.scenario.sample(Number.NaN, { metric: 'broken' });
    expect((await versions(backend))[0]!['unmatched']).toEqual([
      { metric: 'recall', why: 'no_series' },
      { metric: 'pushed', why: 'no_events' },
      { metric: 'broken', why: 'no_samples' },
    ]);
  });

  it('is told once, by the entry whose models fit, and not where none fits', async () => {
    const backend = new FakeBackend(
      makeConfig({
        rules: [
          makeRule(),
          flag({ metric: 'recall', models: ['churn*'], entry: 1 }),
          flag({ metric: 'recall', models: ['fraud*'], from: GAUGE, entry: 2 }),
          flag({ metric: 'latency', models: ['churn*'], from: GAUGE, entry: 3 }),
        ],
      }),
    );
    backend.scenario.sample(0.9);
    expect((await versions(backend))[0]!['unmatched']).toEqual([{ metric: 'recall', why: 'no_series' }]);
  });
});

describe('beside the versions', () => {
  const RULES = [
    makeRule(),
    flag({ metric: 'recall', from: GAUGE, entry: 1 }),
    flag({ metric: 'recall', models: ['x'], entry: 2 }),
  ];

  it('stand the metrics that have a sample of no version, and what was dropped', async () => {
    const backend = new FakeBackend(makeConfig({ rules: RULES }));
    backend.scenario.sample(0.9);
    countDrop(backend.world, 'scrape', 'duplicate_series', 2);
    countDrop(backend.world, 'scrape', 'no_model');
    countDrop(backend.world, 'push', 'unmatched');
    expect(await explain(backend)).toEqual({
      status: 'success',
      data: [expect.anything()],
      versions_left_out: 0,
      metrics_without_signals: ['recall'],
      dropped_samples: { scrape: { duplicate_series: 2, no_model: 1 }, push: { unmatched: 1 } },
    });
  });

  it('they stand too where no such version is known', async () => {
    const backend = new FakeBackend(makeConfig({ rules: RULES }));
    countDrop(backend.world, 'scrape', 'no_model', 3);
    expect(await explain(backend)).toEqual({
      status: 'error',
      errorType: 'not_found',
      error: 'no such model version has been seen',
      metrics_without_signals: ['accuracy', 'recall'],
      dropped_samples: { scrape: { no_model: 3 } },
    });
  });
});
