import { describe, expect, it } from 'vitest';
import { createBatch } from './batch.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, Scenario, START } from './scenario.testing.ts';
import { DAY_MS, EMA, SAMPLES, TIME } from './signal.ts';
import { step } from './step.ts';

const B = 0.5;
const C = 0.9;
const ACCURACY_AND_F1 = [makeRule(), makeRule({ metric: 'f1_score', entry: 1 })];

describe('samples', () => {
  const dropped = (scenario: Scenario) => Object.fromEntries(scenario.world.drops);

  it.each([
    ['an older sample is late', { time: START - 1 }, { 'push late': 1 }],
    ['an equal time is a duplicate', { time: START }, { 'push duplicate': 1 }],
    [
      'a pulled sample more than 5m ahead is future',
      { time: START + 5 * MINUTE + 1, source: 'scrape' as const },
      { 'scrape future': 1 },
    ],
  ])('%s: dropped and counted', (_sentence, options, drops) => {
    const scenario = new Scenario();
    scenario.sample(C);
    const before = [...scenario.signal().record];
    scenario.sample(B, options);
    expect([...scenario.signal().record]).toEqual(before);
    expect(dropped(scenario)).toEqual(drops);
  });

  it.each([Number.NaN, Infinity, -Infinity])('%d never enters an average', (value) => {
    const scenario = new Scenario();
    scenario.sample(C);
    const before = [...scenario.signal().record];
    scenario.at += MINUTE;
    scenario.sample(value);
    expect([...scenario.signal().record]).toEqual(before);
    expect(dropped(scenario)).toEqual({ 'push non_finite': 1 });
  });

  it("Prometheus' stale marker never enters an average, and is told from other NaNs", () => {
    const scenario = new Scenario();
    scenario.sample(C);
    const before = [...scenario.signal().record];
    scenario.at += MINUTE;
    const batch = createBatch();
    batch.length = 1;
    batch.ref[0] = scenario.signal().ref;
    batch.time[0] = scenario.at;
    new BigUint64Array(batch.value.buffer)[0] = 0x7ff0000000000002n;
    step(scenario.world, { type: 'samples', at: scenario.at, source: 'scrape', batch });
    expect([...scenario.signal().record]).toEqual(before);
    expect(dropped(scenario)).toEqual({ 'scrape stale_marker': 1 });
  });

  it('a pulled sample 5m ahead is taken', () => {
    const scenario = new Scenario();
    scenario.sample(C, { time: START + 5 * MINUTE, source: 'scrape' });
    expect(scenario.signal().record[SAMPLES]).toBe(1);
  });

  it('without a time, each is put a microsecond after the newest, in body order', () => {
    const scenario = new Scenario();
    scenario.samples([1, 2, 3].map((value) => ({ value, time: Number.NaN })));
    const { record } = scenario.signal();
    expect(record[SAMPLES]).toBe(3);
    expect(record[EMA]).toBe(3);
    expect(record[TIME]! - START).toBeCloseTo(0.002, 3);
  });

  it('a batch is put in order per signal', () => {
    const scenario = new Scenario(
      makeConfig({ rules: [makeRule({ smoothing: { kind: 'alpha', alpha: 0.25 } })] }),
    );
    scenario.samples([
      { value: 4, time: START + 2 },
      { value: 1, time: START },
      { value: 2, time: START + 1 },
    ]);
    expect(scenario.signal().record[EMA]).toBe(1.9375);
  });

  it('beyond max_signals a new signal is refused', () => {
    const scenario = new Scenario(makeConfig({ maxSignals: 1 }));
    scenario.sample(C);
    expect(() => scenario.sample(C, { version: '2' })).toThrow();
    expect(scenario.world.signalCount).toBe(1);
  });

  it('a signal without samples for its ttl is forgotten, and its record is used again', () => {
    const scenario = new Scenario(makeConfig({ rules: [makeRule({ ttlMs: HOUR })] }));
    scenario.sample(C);
    const { ref } = scenario.signal();
    scenario.wait(HOUR - 1);
    expect(scenario.world.signalCount).toBe(1);
    scenario.wait(1);
    expect(scenario.world.signalCount).toBe(0);
    scenario.sample(C, { version: '2' });
    expect(scenario.signal('accuracy', '2').ref).toBe(ref);
    expect(scenario.signal('accuracy', '2').record[SAMPLES]).toBe(1);
  });
});

describe('an episode', () => {
  it('opens with the first drifting signal and asks once, however many samples breach', () => {
    const scenario = new Scenario();
    for (let n = 0; n < 1000; n++) {
      scenario.at += 1;
      scenario.sample(B);
    }
    expect(scenario.story).toEqual(['accuracy drifting', 'open ep_fraud:1#1', 'ask rt_fraud:1#1']);
  });

  it('closes when all its signals have recovered', () => {
    const scenario = new Scenario(makeConfig({ rules: ACCURACY_AND_F1 }));
    scenario.sample(B);
    scenario.sample(B, { metric: 'f1_score' });
    scenario.at += MINUTE;
    scenario.sample(C);
    expect(scenario.version()?.episode).not.toBeNull();
    scenario.sample(C, { metric: 'f1_score' });
    expect(scenario.story).toContain('close ep_fraud:1#1 recovered');
  });

  it('leaves no trace of its version in memory once its signals, cooldown and day have passed', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    scenario.wait(3 * DAY_MS);
    expect(scenario.world.models.size).toBe(0);
    scenario.sample(B);
    expect(scenario.version()?.episode?.id).toBe('ep_fraud:1#3');
  });

  it('of one among a thousand drifting versions costs no more than the others together', () => {
    const scenario = new Scenario();
    const versions = Array.from({ length: 1000 }, (_, index) => String(index));
    const begun = performance.now();
    scenario.samples(versions.map((version) => ({ value: B, version })));
    scenario.reconfigure(makeConfig());
    scenario.wait(DAY_MS);
    // Cubic cost took a minute.
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(scenario.requests).toHaveLength(1);
    expect(scenario.world.signalCount).toBe(0);
  });

  it('is not opened by a signal that only flags', () => {
    const scenario = new Scenario(makeConfig({ rules: [makeRule({ action: 'flag' })] }));
    scenario.sample(B);
    expect(scenario.story).toEqual(['accuracy drifting']);
  });

  it('tells in its request what every drifting signal shows', () => {
    const scenario = new Scenario(
      makeConfig({ rules: ACCURACY_AND_F1, policy: makePolicy({ groupWaitMs: 30_000 }) }),
    );
    scenario.sample(B);
    scenario.at += 1000;
    scenario.sample(0.0123, { metric: 'f1_score' });
    scenario.wait(30_000);
    expect(scenario.request.reason).toBe(
      'EMA for accuracy breached threshold 0.850, current 0.500; EMA for f1_score breached threshold 0.850, current 0.0123',
    );
    const asked = scenario.changes.find((change) => change.type === 'requested')!;
    expect(asked.at).toBe(START + 30_000);
    expect(asked.type === 'requested' && asked.facts).toMatchObject({
      breachSince: START,
      driftingSince: START,
      signals: [
        { metric: 'accuracy', value: 0.5, ema: 0.5, bound: 'below', threshold: 0.85, samples: 1 },
        { metric: 'f1_score', value: 0.0123, ema: 0.0123, samples: 1 },
      ],
    });
  });

  it('closes as replaced when only another version has samples for replaced_after', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    scenario.hold(C, { ms: HOUR + MINUTE, version: '2' });
    expect(scenario.story).toContain('close ep_fraud:1#1 replaced');
    const closed = scenario.changes.find((change) => change.type === 'episode_closed')!;
    expect(closed.at).toBe(START + HOUR);
  });

  it('stays open while the whole model is silent, and is replaced once another version has samples again', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.wait(3 * HOUR);
    expect(scenario.version()?.episode).not.toBeNull();
    scenario.sample(C, { version: '2' });
    expect(scenario.story).toContain('close ep_fraud:1#1 replaced');
  });

  it('closes as expired when its signals are forgotten', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.wait(DAY_MS);
    expect(scenario.story).toContain('close ep_fraud:1#1 expired');
  });

  it('closes with cause config when the config no longer asks', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.reconfigure(makeConfig({ rules: [makeRule({ action: 'flag' })] }));
    expect(scenario.story.at(-2)).toBe('close ep_fraud:1#1 config');
    expect(scenario.story.at(-1)).toBe('rt_fraud:1#1 withdrawn');
  });

  it('asks again, as a new episode, when cooldown has passed since its request ended and the drift persists', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    const ended = scenario.at;
    scenario.hold(B, { ms: 6 * HOUR });
    const opened = scenario.changes.filter((change) => change.type === 'episode_opened');
    expect(opened.map(({ at }) => at)).toEqual([START, ended + 6 * HOUR]);
    expect(opened[1]).toMatchObject({ episode: { id: 'ep_fraud:1#2', continues: 'ep_fraud:1#1' } });
    expect(scenario.requests.map(({ id }) => id)).toEqual(['rt_fraud:1#1', 'rt_fraud:1#2']);
  });

  it('of a version that comes back after it was replaced opens anew', () => {
    const scenario = new Scenario();
    scenario.sample(B);
    scenario.succeed();
    scenario.hold(C, { ms: 7 * HOUR, version: '2' });
    scenario.sample(B);
    expect(scenario.version()?.episode?.id).toBe('ep_fraud:1#2');
  });
});

describe('a clock step', () => {
  it.each([
    ['-1h', -HOUR],
    ['+1h', HOUR],
    ['+10 years', 3652 * DAY_MS],
  ])('of %s moves what we stamped and decides nothing', (_name, by) => {
    const scenario = new Scenario(makeConfig({ policy: makePolicy({ groupWaitMs: MINUTE }) }));
    scenario.sample(B);
    const story = [...scenario.story];
    const ema = scenario.signal().record[EMA];
    scenario.stepClock(by);
    scenario.wait(0);
    expect(scenario.story).toEqual(story);
    expect(scenario.signal().record[EMA]).toBe(ema);
    scenario.at += 1;
    scenario.sample(B);
    expect(scenario.signal().record[SAMPLES]).toBe(2);
    scenario.wait(MINUTE);
    expect(scenario.request.requestedAt).toBe(START + by + MINUTE);
  });
});
