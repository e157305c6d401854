import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../core/retrain.ts';
import { makeConfig, makePolicy, Scenario, START } from '../core/scenario.testing.ts';
import { openStore } from './open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const attempt: Report = { kind: 'attempt' };
const delivered: Report = { kind: 'delivered' };
const outcome = (status: 'running' | 'succeeded' | 'failed', message: string | null = null): Report => ({
  kind: 'outcome',
  status,
  version: null,
  message,
});

/** A request whose story this is, in a file of version 2: it kept times, and no steps. */
function fillVersion2(reports: readonly Report[], config: Parameters<typeof makeConfig>[0]): Scenario {
  const { store } = openStore(folder, { now: START, onFatal: () => undefined });
  const scenario = new Scenario(makeConfig(config), store.load(makeConfig(config)));
  scenario.sample(0.5);
  const bodies = new Map([[scenario.request.id, new Uint8Array()]]);
  for (const report of reports) {
    scenario.wait(1000);
    scenario.report(report);
  }
  store.commit(scenario.world, bodies);
  store.close();
  const database = new DatabaseSync(join(folder, 'driftgauge.db'));
  database.exec("UPDATE requests SET state = json_remove(state, '$.steps'); PRAGMA user_version = 2");
  database.close();
  return scenario;
}

describe('a request of a file of schema version 2 has as its steps', () => {
  const none = { triggers: [{ name: 'training', models: [], outcome: 'none' as const }] };
  it.each<[what: string, reports: Report[], config?: Parameters<typeof makeConfig>[0]]>([
    ['that it was requested', []],
    ['its delivery', [attempt, delivered]],
    ['its delivery, once, where it ended with that', [attempt, delivered], none],
    ['that it runs', [attempt, delivered, outcome('running')]],
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
