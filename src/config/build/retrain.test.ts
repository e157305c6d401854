import { describe, expect, it } from 'vitest';
import { DAY, HOUR, load, MINUTE, PUSHED, retrain, SECOND, webhook } from './loading.testing.ts';

describe('retrain', () => {
  const DEFAULT_POLICY = {
    mode: 'act',
    initialHoldMs: 6 * HOUR,
    groupWaitMs: 30 * SECOND,
    cooldownMs: 6 * HOUR,
    maxPerDay: 4,
    inFlightTimeoutMs: DAY,
    replacedAfterMs: HOUR,
  };

  it('has the defaults of the contract', () => {
    const config = load({ metrics: [PUSHED] });
    expect(config.judge.policy).toEqual(DEFAULT_POLICY);
    expect(config.judge.policies).toEqual([]);
    expect(config.triggers).toEqual([{ name: 'log', models: [], outcome: 'none', deliver: { kind: 'log' } }]);
    expect(config.judge.triggers).toEqual([{ name: 'log', models: [], outcome: 'none' }]);
    expect(config.limits).toEqual({ maxSignals: 20_000, maxSeries: 200_000 });
    expect(config.judge.maxSignals).toBe(20_000);
  });

  it.each<[string, object, object, number, number]>([
    ['the cooldown', { cooldown: '1h' }, {}, 1, 1],
    ['the cooldown of the policy', { cooldown: '1h' }, { cooldown: '2h' }, 1, 2],
    ['what is written for all', { cooldown: '1h', initial_hold: '3h' }, { cooldown: '2h' }, 3, 3],
    ['what is written for the policy', { cooldown: '1h', initial_hold: '3h' }, { initial_hold: '4h' }, 3, 4],
  ])('holds at first as long as %s says', (_name, all, own, hours, ownHours) => {
    const { policy, policies } = retrain({ ...all, policies: [{ models: ['a'], ...own }] }).judge;
    expect(policy.initialHoldMs).toBe(hours * HOUR);
    expect(policies).toMatchObject([{ models: ['a'], policy: { initialHoldMs: ownHours * HOUR } }]);
  });

  it('lets a policy differ in what it names only', () => {
    const all = { max_per_day: 2, group_wait: '1m', triggers: [{ name: 't', log: {} }] };
    const own = { mode: 'dry_run', in_flight_timeout: '1h', replaced_after: '2h' };
    expect(retrain({ ...all, policies: [{ models: ['a', 'b*'], ...own }] }).judge.policies).toEqual([
      {
        models: ['a', 'b*'],
        policy: {
          ...DEFAULT_POLICY,
          maxPerDay: 2,
          groupWaitMs: MINUTE,
          mode: 'dry_run',
          inFlightTimeoutMs: HOUR,
          replacedAfterMs: 2 * HOUR,
        },
      },
    ]);
  });

  it('has triggers with the outcome of their kind', () => {
    const triggers = [
      { name: 'a', models: ['a'], webhook: { url: 'http://t/' } },
      { name: 'b', models: ['b'], outcome: 'none', webhook: { url: 'http://t/' } },
      { name: 'c', models: ['c'], outcome: 'reported', log: {} },
      { name: 'd', log: {} },
    ];
    const config = retrain({ triggers });
    expect(config.judge.triggers).toEqual([
      { name: 'a', models: ['a'], outcome: 'reported' },
      { name: 'b', models: ['b'], outcome: 'none' },
      { name: 'c', models: ['c'], outcome: 'reported' },
      { name: 'd', models: [], outcome: 'none' },
    ]);
  });

  it('has webhooks with the defaults of the contract', () => {
    expect(webhook({})).toEqual({
      kind: 'webhook',
      url: 'http://trainer/',
      method: 'POST',
      headers: new Map(),
      timeoutMs: 15 * SECOND,
      retry: { initialMs: 5 * SECOND, maxMs: 15 * MINUTE, giveUpAfterMs: 7 * DAY },
    });
  });
});
