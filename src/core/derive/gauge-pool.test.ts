import { describe, expect, it } from 'vitest';
import type { Aggregate, GaugeFeeder } from './gauge-pool.ts';
import { GaugePool, LOOKBACK_DELTA_MS } from './gauge-pool.ts';

/** Targets of one pool, which speak of model version `m` of one entry; `nowMs` is theirs to set. */
function targets(count: number, aggregate: Aggregate | null = null) {
  const pool = new GaugePool();
  const time = { nowMs: 0 };
  pool.configure(['entry'], 0);
  const all = Array.from({ length: count }, () => pool.join(0));

  /** A page with one series of this value, or of `members` series that combine to it; null: without one. */
  const page = (feeder: GaugeFeeder, value: number | null, members = 1) => {
    feeder.begin(time.nowMs);
    if (value === null) {
      feeder.end();
      return null;
    }
    const part = feeder.take('entry', 'm', aggregate);
    feeder.speak(part);
    Object.assign(part, { combined: value, count: members });
    const said = { has: part.group.owner === part, value: feeder.combine(part.group) };
    feeder.end();
    return said;
  };
  return {
    pool,
    time,
    all,
    has: (index: number) => page(all[index]!, 1)!.has,
    value: (index: number, value: number, members = 1) => page(all[index]!, value, members)!.value,
    silent: (index: number) => void page(all[index]!, null),
  };
}

describe('without an aggregate', () => {
  it('the first target has the gauge while it goes on', () => {
    const { has } = targets(2);
    expect([has(0), has(1), has(0), has(1)]).toEqual([true, false, true, false]);
  });

  it('one that comes later does not take it from the first', () => {
    const { has, all, pool } = targets(1);
    expect(has(0)).toBe(true);
    all.push(pool.join(0));
    expect([has(1), has(0)]).toEqual([false, true]);
  });

  it.each<[string, (of: ReturnType<typeof targets>) => void]>([
    ['its scrape fails', ({ all }) => all[0]!.fail()],
    ['its page no longer has the series', ({ silent }) => silent(0)],
    ['it is removed', ({ all }) => all[0]!.leave()],
  ])('the next that comes takes over when %s', (_case, end) => {
    const all = targets(3);
    expect([all.has(0), all.has(1)]).toEqual([true, false]);
    end(all);
    expect([all.has(2), all.has(1)]).toEqual([true, false]);
  });

  it('one that comes back does not take it back', () => {
    const { has, all } = targets(2);
    has(0);
    all[0]!.fail();
    expect([has(1), has(0)]).toEqual([true, false]);
  });

  it('it stays where it is when series are routed anew and when the config changes beside it', () => {
    const { has, all, pool } = targets(2);
    has(0);
    for (const feeder of all) feeder.releaseAll();
    pool.configure(['another', 'entry'], 0);
    expect([has(1), has(0)]).toEqual([false, true]);
  });

  it('it is had anew when the entry becomes another one', () => {
    const { has, pool } = targets(2);
    has(0);
    pool.configure(['another'], 0);
    pool.configure(['entry'], 0);
    expect([has(1), has(0)]).toEqual([true, false]);
  });
});

describe('with an aggregate', () => {
  it.each<[Aggregate, number]>([
    ['sum', 30],
    ['min', 10],
    ['max', 20],
    ['avg', 10],
  ])('%s is over all series of all targets', (aggregate, expected) => {
    const { value } = targets(2, aggregate);
    value(0, 10, 2);
    expect(value(1, 20, 1)).toBe(expected);
  });

  it('says nothing before every target was heard, well or not', () => {
    const { value, all } = targets(3, 'sum');
    expect([value(0, 1), value(1, 1)]).toEqual([null, null]);
    all[2]!.fail();
    expect(value(0, 1)).toBe(2);
  });

  it('waits for a target that joins, but no longer than what it would say counts', () => {
    const { value, all, pool, time } = targets(1, 'sum');
    time.nowMs = 1000;
    all.push(pool.join(time.nowMs));
    expect(value(0, 1)).toBeNull();
    time.nowMs += LOOKBACK_DELTA_MS;
    expect(value(0, 1)).toBeNull();
    time.nowMs++;
    expect(value(0, 1)).toBe(1);
  });

  it('waits for every target again for an entry that is new, not for one that is as it was', () => {
    const { value, pool } = targets(2, 'sum');
    value(0, 1);
    expect(value(1, 1)).toBe(2);
    pool.configure(['entry', 'another'], 0);
    expect(value(0, 1)).toBe(2);
    pool.configure(['another'], 0);
    pool.configure(['another', 'entry'], 0);
    expect([value(0, 1), value(1, 1)]).toEqual([null, 2]);
  });

  it('leaves out a target that is down, gone, or no longer has the series', () => {
    const { value, silent, all } = targets(4, 'sum');
    for (const index of [0, 1, 2]) value(index, 100);
    expect(value(3, 100)).toBe(400);
    all[0]!.fail();
    expect(value(3, 100)).toBe(300);
    all[1]!.leave();
    expect(value(3, 100)).toBe(200);
    silent(2);
    expect(value(3, 100)).toBe(100);
  });

  it('leaves out what was said longer ago than the lookback delta', () => {
    const { value, time } = targets(2, 'sum');
    value(0, 1);
    time.nowMs = LOOKBACK_DELTA_MS;
    expect(value(1, 1)).toBe(2);
    time.nowMs++;
    expect(value(1, 1)).toBe(1);
  });

  it('counts a target on when its series are routed anew', () => {
    const { value, all } = targets(2, 'sum');
    value(0, 1);
    value(1, 1);
    for (const feeder of all) feeder.releaseAll();
    expect(value(0, 1)).toBe(2);
  });
});

describe('what is kept', () => {
  const groupsOf = (pool: GaugePool) =>
    pool.groupOf('entry', 'probe', { aggregate: null, nowMs: 0 }).entry.groups;

  it('goes with the last target that spoke of it', () => {
    const { pool, all, has } = targets(2);
    has(0);
    has(1);
    all[0]!.leave();
    expect([...groupsOf(pool).keys()]).toContain('m');
    all[1]!.leave();
    expect([...groupsOf(pool).keys()]).toEqual(['probe']);
  });

  it.each<[string, (feeder: GaugeFeeder) => void]>([
    [
      'released after its page',
      (feeder) => {
        const part = feeder.take('entry', 'm', null);
        feeder.begin(0);
        feeder.end();
        feeder.release(part);
      },
    ],
    [
      'released before its page',
      (feeder) => {
        feeder.release(feeder.take('entry', 'm', null));
        feeder.begin(0);
        feeder.end();
      },
    ],
    [
      'not taken again when all is routed anew',
      (feeder) => {
        feeder.begin(0);
        feeder.releaseAll();
        feeder.end();
      },
    ],
    [
      'released by a target that is down',
      (feeder) => {
        feeder.releaseAll();
        feeder.fail();
      },
    ],
  ])('goes when it is %s', (_case, end) => {
    const { pool, all, has } = targets(1);
    has(0);
    end(all[0]!);
    expect([...groupsOf(pool).keys()]).toEqual(['probe']);
  });
});
