import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { MINUTE, makeConfig, makeRule, Scenario, SECOND, START } from '../core/scenario.testing.ts';
import { PHASES } from '../core/signal.ts';
import { followTime, INSTANTS, RecentTime } from './recent.ts';

const secondsOf = (times: readonly number[]) => times.map((time) => (time - START) / SECOND);

/** A sample and a look each second. */
function lookFor(seconds: number, scenario = new Scenario(), recent = new RecentTime()) {
  for (let second = 1; second <= seconds; second++) {
    scenario.wait(SECOND);
    scenario.sample(0.9 + second / 1e5);
    recent.note(scenario.world, scenario.at);
  }
  return { scenario, recent };
}

describe('what is remembered of a signal', () => {
  it('is its value, average and phase at each instant', () => {
    const rule = makeRule({ smoothing: { kind: 'alpha', alpha: 0.5 }, forMs: MINUTE });
    const scenario = new Scenario(makeConfig({ rules: [rule] }));
    const recent = new RecentTime();
    for (const value of [1, 0.5, 0.25]) {
      scenario.sample(value);
      recent.note(scenario.world, scenario.at);
      scenario.wait(SECOND);
    }
    const series = recent.of(scenario.signal());
    expect(secondsOf(series.times)).toEqual([0, 1, 2]);
    expect(series.values).toEqual([1, 0.5, 0.25]);
    expect(series.emas).toEqual([1, 0.75, 0.5]);
    expect(series.phases.map((phase) => PHASES[phase])).toEqual(['ok', 'pending', 'pending']);
  });

  it('is unknown before its first sample and while it is stale', () => {
    const scenario = new Scenario();
    const recent = new RecentTime();
    recent.note(scenario.world, scenario.at);
    scenario.wait(SECOND);
    scenario.sample(1);
    recent.note(scenario.world, scenario.at);
    scenario.wait(5 * MINUTE);
    recent.note(scenario.world, scenario.at);
    expect(recent.of(scenario.signal()).values).toEqual([Number.NaN, 1, Number.NaN]);
  });

  it('is unknown while it is stale, also where older instants were thinned out', () => {
    const { scenario, recent } = lookFor(INSTANTS);
    scenario.wait(5 * MINUTE);
    recent.note(scenario.world, scenario.at);
    const { values, emas, phases } = recent.of(scenario.signal());
    expect([values, emas, phases].map((column) => column.at(-1))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('goes with the signal, and is not handed to the one that takes its place', () => {
    const scenario = new Scenario();
    const recent = new RecentTime();
    scenario.sample(1);
    const gone = scenario.signal();
    recent.note(scenario.world, scenario.at);
    scenario.wait(24 * 60 * MINUTE);
    scenario.sample(2, { model: 'churn' });
    const next = scenario.signal('accuracy', '1', 'churn');
    expect(next.ref, 'the place is used again').toBe(gone.ref);
    expect(recent.of(next).values).toEqual([Number.NaN]);
    recent.note(scenario.world, scenario.at);
    expect(recent.of(next).values).toEqual([Number.NaN, 2]);
    expect(recent.of(gone).values).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('the instants', () => {
  it('are thinned out when all are used, and cover all the time since the first', () => {
    const { recent } = lookFor(INSTANTS + 1);
    expect(recent.stepMs).toBe(2 * SECOND);
    expect(secondsOf(recent.times)).toEqual([...Array.from({ length: 32 }, (_, index) => 2 * index + 2), 65]);
  });

  it('keep each its own values when they are thinned out', () => {
    const { scenario, recent } = lookFor(INSTANTS + 1);
    const { times, values } = recent.of(scenario.signal());
    for (const [index, second] of secondsOf(times).entries())
      expect(values[index]).toBeCloseTo(0.9 + second / 1e5, 6);
  });

  it('slide once they lie 256 s apart: never more than 64, the newest always among them', () => {
    const recent = new RecentTime();
    const scenario = new Scenario();
    for (let look = 0; look < 2000; look++) {
      scenario.wait(recent.stepMs);
      scenario.sample(1);
      recent.note(scenario.world, scenario.at);
      expect(recent.times.length).toBeLessThanOrEqual(INSTANTS);
      expect(recent.times.at(-1)).toBe(scenario.at);
    }
    expect(recent.stepMs).toBe(256 * SECOND);
    expect(recent.times.at(-1)! - recent.times[0]!).toBe(63 * 256 * SECOND);
    expect(recent.of(scenario.signal()).values).toEqual(Array.from({ length: INSTANTS }, () => 1));
  });

  it('are not noted twice', () => {
    const { scenario, recent } = lookFor(3);
    recent.note(scenario.world, scenario.at);
    recent.note(scenario.world, scenario.at - SECOND);
    expect(recent.times).toHaveLength(3);
  });
});

describe('following the time', () => {
  it('looks at once, then at each step, and not after its end', async () => {
    const clock = new ManualClock(START);
    const { world } = new Scenario();
    const recent = new RecentTime();
    const following = followTime(recent, { clock, world: () => world, now: () => clock.wall() });
    expect(recent.times).toHaveLength(1);
    await clock.advance(10 * SECOND);
    expect(recent.times).toHaveLength(11);
    following[Symbol.dispose]();
    await clock.advance(10 * SECOND);
    expect(recent.times).toHaveLength(11);
  });

  const upTo10 = Array.from({ length: 11 }, (_, second) => second);
  it.each<[string, number, number[]]>([
    ['begins anew where the clock was set back', MINUTE, [11 - 60]],
    ['waits where it was set back by less than a step from the last instant', 1.5 * SECOND, upTo10],
  ])('%s', async (_, setBack, expected) => {
    const clock = new ManualClock(START);
    const { world } = new Scenario();
    const recent = new RecentTime();
    let behind = 0;
    using _following = followTime(recent, { clock, world: () => world, now: () => clock.wall() - behind });
    await clock.advance(10 * SECOND);
    behind = setBack;
    await clock.advance(SECOND);
    expect(secondsOf(recent.times)).toEqual(expected);
  });
});
