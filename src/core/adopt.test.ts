import { describe, expect, it } from 'vitest';
import type { Rule } from './rule.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, Scenario } from './scenario.testing.ts';
import { EMA, phaseOf, SAMPLES } from './signal.ts';

const B = 0.5;
const C = 0.9;
const configOf = (rule: Partial<Rule>) => makeConfig({ rules: [makeRule(rule)] });

describe('a new config', () => {
  it('that is equal changes nothing', () => {
    const scenario = new Scenario(configOf({ forMs: HOUR }));
    scenario.sample(B);
    const before = [...scenario.signal().record];
    scenario.reconfigure(configOf({ forMs: HOUR }));
    expect([...scenario.signal().record]).toEqual(before);
  });

  it('with other smoothing begins the signal anew, and it leaves its episode', () => {
    const scenario = new Scenario(configOf({}));
    scenario.sample(B);
    scenario.reconfigure(configOf({ smoothing: { kind: 'alpha', alpha: 0.5 } }));
    expect(scenario.signal().record[SAMPLES]).toBe(0);
    expect(scenario.story).toContain('close ep_fraud:1#1 config');
  });

  it('with another drift keeps the average and starts pending anew', () => {
    const scenario = new Scenario(configOf({ forMs: 3 * MINUTE }));
    scenario.hold(B, { ms: 2 * MINUTE });
    scenario.reconfigure(configOf({ forMs: MINUTE }));
    const { record } = scenario.signal();
    expect(record[EMA]).toBe(B);
    scenario.at += 1;
    scenario.sample(B);
    expect(phaseOf(record)).toBe('pending');
    scenario.at += MINUTE;
    scenario.sample(B);
    expect(phaseOf(record)).toBe('drifting');
  });

  it('with another drift keeps drifting until the new clear', () => {
    const scenario = new Scenario(configOf({}));
    scenario.sample(B);
    const detector = { kind: 'threshold', bound: 'below', threshold: 0.4, clear: 0.45 } as const;
    scenario.reconfigure(configOf({ detector }));
    expect(phaseOf(scenario.signal().record)).toBe('drifting');
    scenario.at += 1;
    scenario.sample(0.44);
    expect(phaseOf(scenario.signal().record)).toBe('drifting');
    scenario.at += 1;
    scenario.sample(0.45);
    expect(phaseOf(scenario.signal().record)).toBe('ok');
  });

  it('without the metric drops its signals', () => {
    const scenario = new Scenario(configOf({}));
    scenario.sample(B);
    scenario.reconfigure(configOf({ metric: 'f1_score' }));
    expect(scenario.world.signalCount).toBe(0);
    expect(scenario.story).toContain('accuracy config');
    expect(scenario.story).toContain('close ep_fraud:1#1 config');
  });

  it('without the action closes the episode, and takes back what nobody has seen', () => {
    const scenario = new Scenario(configOf({}));
    scenario.sample(B);
    scenario.reconfigure(configOf({ action: 'flag' }));
    expect(scenario.story.slice(-2)).toEqual(['close ep_fraud:1#1 config', 'rt_fraud:1#1 withdrawn']);
  });

  it('whose first fitting entry is another one gives the signal that rule', () => {
    const scenario = new Scenario(configOf({}));
    scenario.sample(C);
    scenario.reconfigure(
      makeConfig({ rules: [makeRule({ models: ['fr*'], action: 'flag' }), makeRule({ entry: 1 })] }),
    );
    expect(scenario.signal().rule).toMatchObject({ models: ['fr*'], action: 'flag' });
  });

  it('that begins to ask opens an episode at the next drifting sample', () => {
    const scenario = new Scenario(configOf({ action: 'flag' }));
    scenario.sample(B);
    scenario.reconfigure(configOf({}));
    expect(scenario.requests).toEqual([]);
    scenario.at += 1;
    scenario.sample(B);
    expect(scenario.requests).toHaveLength(1);
  });

  it('with a shorter cooldown lets a waiting episode ask', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    scenario.at += MINUTE;
    scenario.sample(B, { version: '2' });
    expect(scenario.requests).toHaveLength(1);
    scenario.reconfigure(makeConfig({ policy: makePolicy({ cooldownMs: 30_000 }) }));
    expect(scenario.requests).toHaveLength(2);
  });

  it('that closes the episodes of two versions gives each its own last reason', () => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ groupWaitMs: HOUR }) }));
    scenario.sample(B);
    scenario.sample(B, { version: '2' });
    scenario.reconfigure(configOf({ metric: 'f1_score' }));
    const reasons = scenario.changes.flatMap((change) =>
      change.type === 'episode_closed' ? [change.episode.heldBy] : [],
    );
    expect(reasons).toEqual(['group_wait', 'group_wait']);
  });

  it('keeps the id and the trigger of a pending request', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    const { id } = scenario.request;
    scenario.reconfigure(makeConfig({ triggers: [{ name: 'other', models: [], outcome: 'none' }] }));
    expect([...scenario.world.requests.keys()]).toEqual([id]);
    expect(scenario.request.trigger).toBe('training');
  });
});
