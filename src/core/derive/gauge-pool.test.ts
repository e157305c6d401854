import { describe, expect, it } from 'vitest';
import { type Aggregate, Feeder, GaugePool } from './gauge-pool.ts';

const REF = 7;

function pool(feeders: number) {
  const shared = new GaugePool();
  const all = Array.from({ length: feeders }, () => new Feeder());
  for (const feeder of all) shared.feeders.add(feeder);
  /** One page of a feeder with one member of this value. */
  const page = (
    index: number,
    combined: number,
    { aggregate = 'sum' as Aggregate, count = 1, epoch = 1 } = {},
  ) => {
    const feeder = all[index]!;
    shared.begin(feeder, epoch);
    return shared.combine(feeder, { ref: REF, aggregate, part: { combined, count } });
  };
  const claim = (index: number, epoch = 1) => {
    shared.begin(all[index]!, epoch);
    return shared.claim(all[index]!, REF);
  };
  return { shared, all, page, claim };
}

describe('without an aggregate', () => {
  it('the first target keeps the signal while it goes on', () => {
    const { claim } = pool(2);
    expect([claim(0), claim(1), claim(0), claim(1)]).toEqual([true, false, true, false]);
  });

  it('another takes over when its scrape fails', () => {
    const { claim, shared, all } = pool(2);
    claim(0);
    shared.fail(all[0]!);
    expect([claim(1), claim(0)]).toEqual([true, false]);
  });

  it('another takes over when its page no longer has the series', () => {
    const { claim, shared, all } = pool(2);
    claim(0);
    shared.begin(all[0]!, 1);
    expect(claim(1)).toBe(true);
  });

  it('another takes over when it is removed', () => {
    const { claim, shared, all } = pool(2);
    claim(0);
    shared.feeders.delete(all[0]!);
    expect(claim(1)).toBe(true);
  });
});

describe('with an aggregate', () => {
  it.each<[Aggregate, number]>([
    ['sum', 30],
    ['min', 10],
    ['max', 20],
    ['avg', 10],
  ])('%s is over all targets', (aggregate, expected) => {
    const { page } = pool(2);
    page(0, 10, { aggregate, count: 2 });
    expect(page(1, 20, { aggregate, count: 1 })).toBe(expected);
  });

  it('says nothing before every target was heard, well or not', () => {
    const { page, shared, all } = pool(3);
    expect(page(0, 1)).toBeNull();
    expect(page(1, 1)).toBeNull();
    shared.fail(all[2]!);
    expect(page(0, 1)).toBe(2);
  });

  it('leaves out a target that is down, gone, or no longer has the series', () => {
    const { page, shared, all } = pool(4);
    for (const index of [0, 1, 2]) page(index, 100);
    expect(page(3, 100)).toBe(400);
    shared.fail(all[0]!);
    expect(page(3, 100)).toBe(300);
    shared.feeders.delete(all[1]!);
    expect(page(3, 100)).toBe(200);
    shared.begin(all[2]!, 1);
    expect(page(3, 100)).toBe(100);
  });

  it('waits for every target again when refs mean something else', () => {
    const { page } = pool(2);
    page(0, 1);
    expect(page(1, 1)).toBe(2);
    expect(page(0, 1, { epoch: 2 })).toBeNull();
    expect(page(1, 1, { epoch: 2 })).toBe(2);
  });
});
