import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../core/retrain.ts';
import { HOUR, makeConfig, makePolicy, Scenario, START } from '../core/scenario.testing.ts';
import { openStore } from './open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Event = Report | ((scenario: Scenario) => unknown);

const aDayLater: Event = (scenario) => scenario.wait(25 * HOUR);
const versionTwo: Event = (scenario) => scenario.sample(0.9, { version: '2' });
const attempt: Report = { kind: 'attempt' };
const delivered: Report = { kind: 'delivered' };
const outcome = (status: 'running' | 'succeeded' | 'failed', message: string | null = null): Report => ({
  kind: 'outcome',
  status,
  version: null,
  message,
});

/** A request whose story this is, in a file of version 2: it kept times, and no steps. */
function fillVersion2(reports: readonly Event[], config: Parameters<typeof makeConfig>[0]): Scenario {
  const { store } = openStore(folder, { now: START, onFatal: () => undefined });
  const scenario = new Scenario(makeConfig(config), store.load(makeConfig(config)));
  scenario.sample(0.5);
  const { request } = scenario;
  const bodies = new Map([[request.id, new Uint8Array()]]);
  for (const report of reports) {
    scenario.wait(1000);
    if (typeof report === 'function') report(scenario);
    else scenario.report(report, request);
  }
  store.commit(scenario.world, bodies);
  store.close();
  const database = new DatabaseSync(join(folder, 'driftgauge.db'));
  database.exec("UPDATE requests SET state = json_remove(state, '$.steps'); PRAGMA user_version = 2");
  database.close();
  return scenario;
}

const failed: Report = {
  kind: 'attempt_failed',
  reason: 'http_5xx',
  message: 'answered 503 Service Unavailable',
  written: true,
  retryAt: 0,
  refused: false,
};
const parked: Report = { kind: 'parked', reason: 'gave_up', message: 'answered 500', written: true };

it('a request of a file of schema version 2 says how many attempts are not kept one by one, and why it was parked', () => {
  const { id } = fillVersion2([attempt, failed, attempt, failed, attempt, parked], {}).request;
  const { store } = openStore(folder, { now: START, onFatal: () => undefined });
  expect(store.request(id)!.steps).toMatchObject([
    { event: 'requested', count: 1 },
    { event: 'omitted', count: 2 },
    { event: 'parked', count: 1, reason: 'gave_up' },
  ]);
  store.close();
});

it('a request of a file of schema version 2 does not count the attempt that was under way', () => {
  const { id } = fillVersion2([attempt, failed, attempt], {}).request;
  const { store } = openStore(folder, { now: START, onFatal: () => undefined });
  expect(store.request(id)!.steps).toMatchObject([
    { event: 'requested', count: 1 },
    { event: 'omitted', count: 1 },
  ]);
  store.close();
});

it('a request of a file of schema version 2 that timed out has what was said too late beside that', () => {
  const reports = [attempt, delivered, outcome('running', 'epoch 3 of 10')];
  const scenario = fillVersion2([...reports, aDayLater, outcome('succeeded', 'x'.repeat(1000))], {});
  const { id, steps } = scenario.request;
  const { store } = openStore(folder, { now: START, onFatal: () => undefined });
  const migrated = store.request(id)!.steps;
  expect(migrated.map(({ event }) => event)).toEqual([
    'requested',
    'delivered',
    'running',
    'timed_out',
    'succeeded',
  ]);
  expect(migrated.slice(3)).toEqual(steps.slice(3));
  store.close();
});

describe('a request of a file of schema version 2 has as its steps', () => {
  const none = { triggers: [{ name: 'training', models: [], outcome: 'none' as const }] };
  it.each<[what: string, reports: Event[], config?: Parameters<typeof makeConfig>[0]]>([
    ['that it was requested', []],
    ['its delivery', [attempt, delivered]],
    ['its delivery, once, where it ended with that', [attempt, delivered], none],
    ['that it runs, with what was said', [attempt, delivered, outcome('running', 'epoch 3 of 10')]],
    ['that it succeeded by a version', [attempt, delivered, versionTwo]],
    ['how it ended, with what was said', [attempt, delivered, outcome('running'), outcome('failed', 'why')]],
    ['that it was cancelled', [{ kind: 'cancel' }]],
    ['that it was for nobody', [], { policy: makePolicy({ mode: 'dry_run' }) }],
  ])('%s', (_what, reports, config = {}) => {
    const { id, steps } = fillVersion2(reports, config).request;
    const { store } = openStore(folder, { now: START, onFatal: () => undefined });
    const world = store.load(makeConfig(config));
    expect(store.request(id)!.steps).toEqual(steps);
    expect(world.requests.get(id)?.steps ?? steps).toEqual(steps);
    store.close();
  });
});
