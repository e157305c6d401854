import { describe, expect, it } from 'vitest';
import { makeConfig, makePolicy, makeRule, START, word } from './core/scenario.testing.ts';
import { DriftDetector } from './detector.ts';

const event = (value: number, metric = 'accuracy') => ({
  model: { name: 'fraud', version: '1' },
  metric,
  value,
});

it('judges events without a store, and says what changed', () => {
  const detector = DriftDetector.create(makeConfig(), { at: START });
  expect(detector.observe([event(0.9)], START).map(word)).toEqual(['accuracy ok']);
  expect(detector.observe([event(0.5)], START + 1).map(word)).toEqual([
    'accuracy drifting',
    'open ep_driftgauge:fraud:1:1',
    'ask rt_driftgauge:fraud:1:1',
  ]);
});

it('settles what is due when time passes', () => {
  const detector = DriftDetector.create(makeConfig({ policy: makePolicy({ groupWaitMs: 30_000 }) }), {
    at: START,
  });
  detector.observe([event(0.5)], START);
  expect(detector.nextDeadline).toBe(START + 30_000);
  const asked = detector.advance(START + 60_000).find(({ type }) => type === 'requested');
  expect(asked?.at).toBe(START + 30_000);
});

describe('events that no signal takes are counted', () => {
  it.each([
    ['no entry has the name', makeConfig(), [event(1, 'unknown')], 'push unmatched'],
    [
      'the entry is pulled',
      makeConfig({ rules: [makeRule({ from: { kind: 'gauge', scale: 1, aggregate: null } })] }),
      [event(1)],
      'push unmatched',
    ],
    ['there are too many signals', makeConfig({ maxSignals: 0 }), [event(1)], 'push max_signals'],
  ] as const)('%s', (_reason, config, events, key) => {
    const detector = DriftDetector.create(config, { at: START });
    expect(detector.observe(events, START)).toEqual([]);
    expect(Object.fromEntries(detector.world.drops)).toEqual({ [key]: 1 });
  });
});

it('says when a drift that has asked may ask again', () => {
  const detector = DriftDetector.create(makeConfig(), { at: START });
  detector.observe([event(0.5)], START);
  const [request] = detector.world.requests.values();
  detector.report(request!, { kind: 'cancel' }, START + 10);
  const version = detector.world.models.get('fraud')!.versions.get('1')!;
  expect(detector.explain(version, START + 20).decision).toEqual({
    ask: false,
    reason: 'asked',
    nextAt: START + 10 + makePolicy().cooldownMs,
  });
});

describe('the decision', () => {
  const explain = (value: number, policy = makePolicy()) => {
    const detector = DriftDetector.create(makeConfig({ policy }), { at: START });
    detector.observe([event(value)], START);
    const version = detector.world.models.get('fraud')!.versions.get('1')!;
    return detector.explain(version, START).decision;
  };

  it.each([
    ['nothing drifts', explain(0.9), { ask: false, reason: 'no_drift', nextAt: null }],
    ['it has asked', explain(0.5), { ask: false, reason: 'asked', nextAt: null }],
    [
      'a gate holds',
      explain(0.5, makePolicy({ groupWaitMs: 10 })),
      { ask: false, reason: 'group_wait', nextAt: START + 10 },
    ],
  ])('when %s', (_when, decision, expected) => {
    expect(decision).toEqual(expected);
  });
});
