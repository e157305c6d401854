/** Replicas in a chosen order of scrapes, each on a target of its own, in one process. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOOKBACK_DELTA_MS } from '../core/derive/rounds.ts';
import type { RawEntry } from './config.testing.ts';
import { TestProcess } from './process.testing.ts';

/** A replica: a number is its page, the answer what that page gave. */
type Says = (value: number) => number[];

function deployment(from: RawEntry, count = 2) {
  const addresses = Array.from({ length: count }, (_, index) => `pod-${index}:8000`);
  const process = new TestProcess({
    metrics: [{ from, ttl: '1h' }],
    job: { static_configs: [{ targets: addresses, labels: { model: 'm' } }] },
  });
  const replica =
    (index: number): Says =>
    (value) =>
      process.targets[index]!.values(`accuracy ${value}`);
  return { process, intake: process.intake, replicas: addresses.map((_, index) => replica(index)) };
}

const GAUGE = { gauge: 'accuracy' };
const two = (from: RawEntry) => {
  const { replicas, ...rest } = deployment(from);
  const [one, other] = replicas as [Says, Says];
  const [first, second] = rest.process.targets;
  return { ...rest, one, two: other, first: first!, second: second! };
};

describe('without an aggregate', () => {
  it('the first replica has the signal, and samples of the others are counted', () => {
    const { one, two: other, second, intake } = two(GAUGE);
    for (let round = 0; round < 3; round++) expect([one(1), other(2)]).toEqual([[1], []]);
    expect(second.values('accuracy{pod="a"} 3', 'accuracy{pod="b"} 4')).toEqual([]);
    expect(intake.drops).toEqual({ duplicate_series: 5 });
  });

  it('a series of another replica takes over where that of the first is gone, and keeps it', () => {
    const { one, two: other, first } = two(GAUGE);
    one(1);
    expect([first.values('other 1'), other(2), one(1), other(2)]).toEqual([[], [2], [], [2]]);
  });

  it('a replica that fails is left at once, and does not get the signal back', () => {
    const { one, two: other, first } = two(GAUGE);
    one(1);
    first.fail();
    expect([other(2), one(1), other(2)]).toEqual([[2], [], [2]]);
  });

  it('the signal stays with its replica when memory is loaded again, whoever is scraped first', () => {
    const { one, two: other, intake } = two(GAUGE);
    one(1);
    other(2);
    intake.restart();
    expect([other(2), one(1)]).toEqual([[], [1]]);
  });

  it('a model version that is gone and comes back is had anew', () => {
    const { one, two: other, first } = two(GAUGE);
    one(1);
    for (let scrape = 0; scrape < 4; scrape++) first.values('other 1');
    expect([other(2), one(1)]).toEqual([[2], []]);
  });

  it('a signal that was refused belongs to who finds room for it', () => {
    const { one, two: other, intake } = two(GAUGE);
    intake.maxSignals = 0;
    one(1);
    intake.maxSignals = 1;
    expect([other(2), one(1)]).toEqual([[2], []]);
  });
});

describe('without an aggregate, after a restart', () => {
  it('who has a signal is waited for, where others want it too', () => {
    const { one, two: other, process } = two(GAUGE);
    one(1);
    other(2);
    process.restart();
    expect([other(2), other(2), one(1), other(2)]).toEqual([[], [], [1], []]);
  });

  it('who took it over is remembered, not who had it first', () => {
    const { one, two: other, process, first } = two(GAUGE);
    one(1);
    other(2);
    first.fail();
    other(2);
    one(1);
    process.restart();
    expect([one(1), other(2)]).toEqual([[], [2]]);
  });

  it.each([
    ['fails', ({ targets }: TestProcess) => targets[0]!.fail()],
    ['no longer has the series', ({ targets }: TestProcess) => targets[0]!.values('x 1')],
  ])('who had it is no longer waited for once it %s', (_case, happens) => {
    const { one, two: other, process } = two(GAUGE);
    one(1);
    other(2);
    process.restart();
    expect(other(2)).toEqual([]);
    happens(process);
    expect([other(2), one(1)]).toEqual([[2], []]);
  });
});

describe('with an aggregate', () => {
  it('each round gives the aggregate over the series of all replicas, once', () => {
    const { one, two: other, first } = two({ ...GAUGE, aggregate: 'avg' });
    expect(first.values('accuracy{pod="a"} 1', 'accuracy{pod="b"} 2')).toEqual([]);
    expect([other(6), one(6), other(8)]).toEqual([[3], [], [7]]);
  });

  it('a replica that is scraped more often is not heard twice: its last word counts', () => {
    const { one, two: other } = two({ ...GAUGE, aggregate: 'sum' });
    expect([one(1), other(1)]).toEqual([[], [2]]);
    expect([one(2), one(3), one(4), other(1), one(5), other(1)]).toEqual([[], [], [], [5], [], [6]]);
  });

  it('memory that is loaded again silences nothing', () => {
    const { one, two: other, intake } = two({ ...GAUGE, aggregate: 'sum' });
    one(1);
    const values = [];
    for (let round = 0; round < 4; round++) {
      intake.restart();
      values.push(round % 2 === 0 ? other(1) : one(1));
    }
    expect(values).toEqual([[2], [], [2], []]);
  });

  it('what was heard before a restart counts, and is waited for', () => {
    const { one, two: other, process } = two({ ...GAUGE, aggregate: 'sum' });
    one(1);
    other(1);
    one(10);
    process.restart();
    expect([other(2), other(3), one(20), other(4)]).toEqual([[12], [], [23], []]);
  });

  it.each([
    ['fails', ({ targets }: TestProcess) => targets[0]!.fail()],
    ['no longer has the series', ({ targets }: TestProcess) => targets[0]!.values('x 1')],
  ])('a replica that %s is not waited for, and counts again when it is back', (_case, happens) => {
    const { one, two: other, process } = two({ ...GAUGE, aggregate: 'sum' });
    one(1);
    other(1);
    happens(process);
    expect([other(1), other(2)]).toEqual([[1], [2]]);
    expect([one(1), other(2)]).toEqual([[], [3]]);
  });

  it('a replica that says less counts with what it still says', () => {
    const { two: other, first } = two({ ...GAUGE, aggregate: 'sum' });
    first.values('accuracy{pod="a"} 1', 'accuracy{pod="b"} 2');
    expect(other(10)).toEqual([13]);
    first.values('accuracy{pod="b"} 2');
    expect(other(10)).toEqual([12]);
  });

  it('nothing waits for ever for a target that is not heard at all', () => {
    const { one, two: other, intake } = two({ ...GAUGE, aggregate: 'sum' });
    expect(one(1)).toEqual([]);
    intake.time += LOOKBACK_DELTA_MS;
    expect(one(1)).toEqual([1]);
    expect([other(1), one(1), other(1)]).toEqual([[], [2], []]);
  });

  it('a target that never speaks of the signal is waited for once, until it is heard', () => {
    const { process, replicas } = deployment({ ...GAUGE, aggregate: 'sum' }, 3);
    const [one, other] = replicas as [Says, Says];
    expect([one(1), other(1)]).toEqual([[], []]);
    process.targets[2]!.values('x 1');
    expect([one(1), other(1), one(1), other(1)]).toEqual([[2], [], [2], []]);
  });

  it('a slow scrape that ends after a later one does not make the round end twice', () => {
    const { process, intake } = two({ ...GAUGE, aggregate: 'sum' });
    const [fast, slow] = process.targets;
    const values = [];
    for (let round = 1; round <= 4; round++) {
      intake.time += 10_000;
      for (const [target, ageMs] of [
        [fast!, 0],
        [slow!, 3000],
      ] as const) {
        target.take(`accuracy ${round}\n`, { ageMs });
        values.push(intake.batches.at(-1)!.map(({ value }) => value));
      }
    }
    expect(values.flat()).toEqual([2, 4, 6, 8]);
  });

  it('a replica whose values are no numbers does not count', () => {
    const { one, two: other } = two({ ...GAUGE, aggregate: 'sum' });
    one(1);
    other(1);
    expect([one(Number.NaN), other(1)]).toEqual([[], [1]]);
  });

  it('a replica counts only from when its signal has room', () => {
    const { one, two: other, intake } = two({ ...GAUGE, aggregate: 'sum' });
    intake.maxSignals = 0;
    expect(one(1)).toEqual([]);
    intake.maxSignals = 1;
    expect([other(1), one(1), other(1)]).toEqual([[], [2], []]);
    expect(intake.drops).toEqual({ max_signals: 1 });
  });
});

describe('counters of replicas', () => {
  it('are summed as rates, once per round', () => {
    const { one, two: other } = two({ rate: 'accuracy' });
    one(100);
    other(1000);
    one(110);
    // From the second page of the one to the second of the other: 20 and 10 in two seconds each.
    expect(other(1020)).toEqual([15]);
    one(120);
    expect(other(1040)).toEqual([15]);
  });

  it('of a replica that was down count from when it is back: a rate is of the present window only', () => {
    const { one, two: other, first } = two({ rate: 'accuracy' });
    // Each counts ten a second, in rounds of two seconds; the one is down in rounds 3 and 4.
    const values = [];
    for (let round = 0; round < 8; round++) {
      if (round === 3 || round === 4) first.fail();
      else values.push(...one(round * 20));
      values.push(...other(round * 20));
    }
    expect(values).toEqual([20, 20, 10, 10, 10, 20, 20]);
  });
});

describe('a restart', () => {
  const scrape = fc.record({
    target: fc.nat({ max: 2 }),
    says: fc.oneof(
      { weight: 6, arbitrary: fc.nat({ max: 50 }) },
      { weight: 1, arbitrary: fc.constantFrom('x 1', 'accuracy NaN', null) },
    ),
  });

  it.each<[string, RawEntry]>([
    ['who has a gauge', GAUGE],
    ['a sum', { ...GAUGE, aggregate: 'sum' }],
    ['an average', { ...GAUGE, aggregate: 'avg' }],
    ['a rate', { rate: 'accuracy' }],
    ['a rate of a window', { rate: 'accuracy', window: '5s', min_count: 20 }],
  ])('at any time changes nothing of %s', (_case, from) => {
    fc.assert(
      fc.property(
        fc.array(scrape, { minLength: 2, maxLength: 30 }),
        fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 3 }),
        (scrapes, restarts) => {
          const story = (at: readonly number[]) => {
            const { process } = deployment(from, 3);
            return scrapes.map(({ target, says }, index) => {
              if (at.includes(index)) process.restart();
              const scraped = process.targets[target]!;
              if (says === null) return scraped.fail();
              return scraped.page(typeof says === 'number' ? `accuracy ${says}` : says);
            });
          };
          expect(story(restarts)).toEqual(story([]));
        },
      ),
      { numRuns: 60 },
    );
  });
});
