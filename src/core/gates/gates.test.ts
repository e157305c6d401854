import { describe, expect, it } from 'vitest';
import { GATE_NAMES } from '../retrain.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, Scenario, START } from '../scenario.testing.ts';
import { DAY_MS } from '../signal.ts';
import { policyFor } from '../signals.ts';
import { judgeGates } from './index.ts';

const B = 0.5;
const C = 0.9;

function verdicts(scenario: Scenario, version = '1') {
  const owner = scenario.version(version)!;
  const policy = policyFor(scenario.world.config, owner.model.name);
  return judgeGates({
    world: scenario.world,
    version: owner,
    episode: owner.episode,
    policy,
    at: scenario.at,
  });
}

const verdict = (scenario: Scenario, gate: string, version = '1') =>
  verdicts(scenario, version).find((one) => one.gate === gate)!;

it('the gates are judged in the order of their names', () => {
  const scenario = new Scenario();
  scenario.sample(C);
  expect(verdicts(scenario).map(({ gate }) => gate)).toEqual(GATE_NAMES);
});

describe('stale', () => {
  const policy = makePolicy({ groupWaitMs: HOUR });

  it('holds when every breaching signal is stale, and a fresh sample lets go', () => {
    const scenario = new Scenario(makeConfig({ policy }));
    scenario.sample(B);
    scenario.wait(HOUR);
    expect(scenario.story).toEqual([
      'accuracy drifting',
      'open ep_fraud:1#1',
      'held group_wait',
      'held stale',
    ]);
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });

  it('holds while nothing breaches because everything recovers', () => {
    const scenario = new Scenario(
      makeConfig({
        rules: [makeRule({ keepFiringForMs: HOUR })],
        policy: makePolicy({ groupWaitMs: 30_000 }),
      }),
    );
    scenario.sample(B);
    scenario.at += 1000;
    scenario.sample(C);
    expect(scenario.story.at(-1)).toBe('held stale');
    scenario.wait(MINUTE);
    expect(scenario.requests).toEqual([]);
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });

  it('passes while one breaching signal is fresh', () => {
    const rules = [makeRule(), makeRule({ metric: 'f1_score', entry: 1 })];
    const scenario = new Scenario(makeConfig({ rules, policy }));
    scenario.sample(B);
    scenario.hold(B, { ms: HOUR, metric: 'f1_score' });
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });
});

describe('inhibited', () => {
  const rules = [makeRule(), makeRule({ metric: 'error_ratio', entry: 1, action: 'inhibit' })];

  it('holds while a signal that inhibits drifts, and lets go when it recovers', () => {
    const scenario = new Scenario(makeConfig({ rules }));
    scenario.sample(B, { metric: 'error_ratio' });
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('held inhibited');
    scenario.at += MINUTE;
    scenario.sample(C, { metric: 'error_ratio' });
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });

  it('concerns its own model version only', () => {
    const scenario = new Scenario(makeConfig({ rules }));
    scenario.sample(B, { metric: 'error_ratio', version: '2' });
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });
});

describe('group_wait', () => {
  it('passes at its very end', () => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ groupWaitMs: 30_000 }) }));
    scenario.sample(B);
    expect(verdict(scenario, 'group_wait')).toMatchObject({ verdict: 'wait', until: START + 30_000 });
    scenario.wait(29_999);
    expect(scenario.requests).toEqual([]);
    scenario.wait(1);
    expect(scenario.request.requestedAt).toBe(START + 30_000);
  });
});

describe('state_unknown', () => {
  it('holds for initial_hold after the store was made', () => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ initialHoldMs: 6 * HOUR }) }));
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('held state_unknown');
    scenario.hold(B, { ms: 6 * HOUR });
    expect(scenario.request.requestedAt).toBe(START + 6 * HOUR);
  });
});

describe('in_flight', () => {
  it('one request per model, whatever the version; the slot goes to the oldest episode', () => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ cooldownMs: 0 }) }));
    for (const version of ['3', '2', '1']) {
      scenario.at += 1;
      scenario.sample(B, { version });
    }
    expect(scenario.requests.map(({ id }) => id)).toEqual(['rt_fraud:3#1']);
    expect(verdict(scenario, 'in_flight', '2')).toMatchObject({ verdict: 'wait', until: null });
    scenario.succeed();
    expect(scenario.requests.map(({ id }) => id)).toEqual(['rt_fraud:3#1', 'rt_fraud:2#2']);
  });

  it('another model has its own slot', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.sample(B, { model: 'churn' });
    expect(scenario.requests.map(({ id }) => id)).toEqual(['rt_fraud:1#1', 'rt_churn:1#2']);
  });

  it('a parked request keeps the slot', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'parked', reason: 'gave_up', message: 'answered 500', written: true });
    scenario.sample(B, { version: '2' });
    scenario.wait(10 * DAY_MS);
    expect(scenario.requests).toHaveLength(1);
  });

  it('ends by in_flight_timeout after delivery, or after the last running report', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.wait(23 * HOUR);
    scenario.report({ kind: 'outcome', status: 'running', version: null, message: null });
    expect(verdict(scenario, 'in_flight')).toMatchObject({ verdict: 'wait', until: START + 47 * HOUR });
    scenario.wait(24 * HOUR);
    expect(scenario.request).toMatchObject({ status: 'timed_out', endedAt: START + 47 * HOUR });
  });
});

describe('cooldown', () => {
  it('runs from the end of the last request of the model name', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    scenario.at += HOUR;
    scenario.sample(B, { version: '2' });
    expect(verdict(scenario, 'cooldown', '2')).toMatchObject({
      verdict: 'wait',
      until: START + 6 * HOUR,
      detail: 'last request ended 1h ago',
    });
    scenario.hold(B, { ms: 5 * HOUR, version: '2' });
    expect(scenario.request).toMatchObject({ id: 'rt_fraud:2#2', requestedAt: START + 6 * HOUR });
  });
});

describe('max_per_day', () => {
  const policy = makePolicy({ maxPerDay: 2, cooldownMs: 0, replacedAfterMs: 10 * DAY_MS });

  it('allows so many requests per model name in a rolling 24 hours', () => {
    const scenario = new Scenario(
      makeConfig({ policy, rules: [makeRule({ staleAfterMs: 10 * DAY_MS, ttlMs: 10 * DAY_MS })] }),
    );
    for (const version of ['1', '2', '3']) {
      scenario.wait(HOUR);
      scenario.sample(B, { version });
      if (version !== '3') {
        scenario.succeed();
        scenario.sample(C, { version, time: scenario.at + 1 });
      }
    }
    expect(verdict(scenario, 'max_per_day', '3')).toMatchObject({
      verdict: 'wait',
      until: START + HOUR + DAY_MS,
    });
    scenario.wait(DAY_MS);
    expect(scenario.requests.at(-1)).toMatchObject({
      id: 'rt_fraud:3#5',
      requestedAt: START + HOUR + DAY_MS,
    });
  });

  it('of 0 allows none', () => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ maxPerDay: 0 }) }));
    scenario.sample(B);
    expect(verdict(scenario, 'max_per_day')).toMatchObject({ verdict: 'wait', until: null });
  });
});

describe('no_trigger', () => {
  it('holds where no trigger is for the model', () => {
    const triggers = [{ name: 'training', models: ['churn*'], outcome: 'reported' as const }];
    const scenario = new Scenario(makeConfig({ triggers }));
    scenario.sample(B);
    expect(scenario.story.at(-1)).toBe('held no_trigger');
    scenario.reconfigure(makeConfig());
    expect(scenario.story.at(-1)).toBe('ask rt_fraud:1#1');
  });
});

it('an episode that closes unasked is suppressed once, with its last reason', () => {
  const scenario = new Scenario(makeConfig({ policy: makePolicy({ initialHoldMs: HOUR }) }));
  scenario.sample(B);
  scenario.at += MINUTE;
  scenario.sample(C);
  expect(Object.fromEntries(scenario.version()!.suppressed)).toEqual({ state_unknown: 1 });
});
