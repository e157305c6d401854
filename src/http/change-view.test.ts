import { expect, it } from 'vitest';
import { HOUR, makeConfig, makeRule, Scenario, SECOND } from '../core/scenario.testing.ts';
import { viewChange } from './change-view.ts';

it('a phase is told with its signal, and with none once that was forgotten', () => {
  const rules = [makeRule({ ttlMs: HOUR }), makeRule({ metric: 'recall', entry: 1 })];
  const scenario = new Scenario(makeConfig({ rules }));
  scenario.sample(0.9);
  scenario.wait(SECOND);
  scenario.sample(0.5);
  const change = scenario.changes.findLast(({ type }) => type === 'phase')!;
  const told = { type: 'phase', metric: 'accuracy', from: 'ok', to: 'drifting' };
  expect(viewChange(change)).toMatchObject({ ...told, signal: { state: 'drifting', ema: 0.5 } });
  scenario.sample(0.9, { metric: 'recall' });
  scenario.wait(2 * HOUR);
  expect(viewChange(change)).toMatchObject({ ...told, signal: null });
  // Another one of the same name, in the same version.
  scenario.sample(0.7);
  expect(scenario.version()!.signals.size).toBe(2);
  expect(viewChange(change)).toMatchObject({ ...told, signal: null });
});
