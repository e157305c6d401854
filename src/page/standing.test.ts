import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, Scenario } from '../core/scenario.testing.ts';
import { byUrgency, servingOf, standingOf, standings } from './standing.ts';
import { judgementOf } from './words/judgement.ts';

const latency = makeRule({
  metric: 'latency',
  entry: 1,
  action: 'flag',
  detector: { kind: 'threshold', bound: 'above', threshold: 150, clear: 150 },
});
const recall = makeRule({ metric: 'recall', entry: 2, forMs: MINUTE });
const dropRate = makeRule({ metric: 'drop_rate', entry: 3, action: 'flag', staleAfterMs: 3 * HOUR });

function scenario(): Scenario {
  const config = makeConfig({
    rules: [makeRule(), latency, recall, dropRate],
    policy: makePolicy({ groupWaitMs: 24 * HOUR }),
  });
  return new Scenario(config);
}

function standingIn(one: Scenario) {
  const version = one.version()!;
  return standingOf(version, { world: one.world, at: one.at, serving: servingOf(version.model, one.at) });
}

const worstOf = (one: Scenario) => standingIn(one)?.worst.metric;

describe('the worst signal speaks for its version', () => {
  it.each<[string, readonly [string, number][], string, string]>([
    [
      'drifting before pending',
      [
        ['recall', 0.1],
        ['accuracy', 0.8],
      ],
      'accuracy',
      'drifting',
    ],
    [
      'pending before ok',
      [
        ['accuracy', 0.9],
        ['recall', 0.8],
      ],
      'recall',
      'pending',
    ],
    [
      'what asks for a retrain before what flags',
      [
        ['latency', 900],
        ['accuracy', 0.84],
      ],
      'accuracy',
      'drifting',
    ],
    [
      'what flags, before what is pending',
      [
        ['latency', 151],
        ['recall', 0.1],
      ],
      'latency',
      'drifting',
    ],
    [
      'what is nearest to its threshold, where all is well',
      [
        ['latency', 10],
        ['accuracy', 0.86],
      ],
      'accuracy',
      'ok',
    ],
    [
      'what is nearest by the measure of its own threshold',
      [
        ['latency', 149],
        ['drop_rate', 0.9],
      ],
      'latency',
      'ok',
    ],
    [
      'what is furthest beyond, by the same measure',
      [
        ['latency', 160],
        ['drop_rate', 0.5],
      ],
      'drop_rate',
      'drifting',
    ],
  ])('%s', (_, samples, metric, state) => {
    const one = scenario();
    for (const [name, value] of samples) one.sample(value, { metric: name });
    expect(standingIn(one)).toMatchObject({ state, worst: { metric } });
  });

  it('as stale only where it does not drift', () => {
    const one = scenario();
    one.sample(0.9);
    one.sample(0.9, { metric: 'recall' });
    one.wait(5 * MINUTE);
    expect(standingIn(one)?.state).toBe('stale');
    one.sample(0.9, { metric: 'recall' });
    expect(worstOf(one), 'the stale one is worse than the one that is ok').toBe('accuracy');
    one.sample(0.5);
    one.wait(5 * MINUTE);
    expect(standingIn(one)?.state).toBe('drifting');
  });

  it('and there is none without a sample', () => {
    const one = scenario();
    one.sample(Number.NaN);
    expect(standingIn(one)).toBeNull();
    expect(standings(one.world, one.at)).toEqual([]);
  });
});

it('lists what has an open episode first, then by state, then by name as people count', () => {
  const one = scenario();
  for (const [model, metric, value] of [
    ['m10', 'accuracy', 0.9],
    ['m9', 'accuracy', 0.9],
    ['z', 'recall', 0.1],
    ['flags', 'latency', 900],
    ['y', 'accuracy', 0.1],
  ] as const)
    one.sample(value, { model, metric });
  const order = standings(one.world, one.at).map(({ version }) => version.name.name);
  expect(order).toEqual(['y', 'flags', 'z', 'm9', 'm10']);
});

it('lists the version that came last first', () => {
  const one = scenario();
  for (const version of ['2', '10', '1']) {
    one.sample(0.9, { version });
    one.wait(1000);
  }
  expect(standings(one.world, one.at).map(({ version }) => version.name.version)).toEqual(['1', '10', '2']);
});

/** A sample of each of these versions now, and then it is `ms` later. */
type Round = readonly [ms: number, ...samples: readonly [version: string, value: number, metric?: string][]];

describe('what serves, and what it replaced:', () => {
  it.each<[string, readonly Round[], readonly string[]]>([
    [
      'a stale version beside a fresh one is replaced by it',
      [
        [6 * MINUTE, ['1', 0.9]],
        [0, ['2', 0.9]],
      ],
      ['2 ok', '1 replaced by 2'],
    ],
    [
      'a version with an open episode is not, however long it has been silent',
      [
        [6 * MINUTE, ['1', 0.5]],
        [0, ['2', 0.9]],
      ],
      ['1 drifting', '2 ok'],
    ],
    [
      'a version whose samples are fresh is not, either',
      [
        [4 * MINUTE, ['1', 0.9]],
        [0, ['2', 0.9]],
      ],
      ['2 ok', '1 ok'],
    ],
    [
      'a version whose flag drifts is not, while its samples are fresh',
      [
        [4 * MINUTE, ['1', 900, 'latency']],
        [0, ['2', 0.9]],
      ],
      ['1 drifting', '2 ok'],
    ],
    [
      'of several fresh ones the newest serves, whichever had the last sample',
      [
        [6 * MINUTE, ['1', 0.9]],
        [MINUTE, ['2', 0.9]],
        [MINUTE, ['3', 0.9]],
        [0, ['2', 0.9]],
      ],
      ['3 ok', '2 ok', '1 replaced by 3'],
    ],
    [
      'a fresh one serves before a newer one that is stale',
      [
        [MINUTE, ['1', 0.9]],
        [6 * MINUTE, ['2', 0.9]],
        [0, ['1', 0.9]],
      ],
      ['1 ok', '2 replaced by 1'],
    ],
    [
      'versions of one target that has gone down are stale together',
      [[2 * HOUR, ['1', 0.9], ['2', 0.9]]],
      ['1 stale', '2 stale'],
    ],
    [
      'a version is not replaced by one that is only slower to become stale',
      [[6 * MINUTE, ['1', 0.9], ['2', 0.9, 'drop_rate']]],
      ['1 stale', '2 ok'],
    ],
    [
      'where nobody is fresh, the one that had the last sample serves, and the other waits for its time',
      [
        [MINUTE, ['1', 0.9]],
        [MINUTE, ['2', 0.9]],
        [10 * MINUTE, ['1', 0.9]],
      ],
      ['2 stale', '1 stale'],
    ],
    [
      'and is replaced when that has passed',
      [
        [MINUTE, ['1', 0.9]],
        [MINUTE, ['2', 0.9]],
        [HOUR, ['1', 0.9]],
      ],
      ['1 stale', '2 replaced by 1'],
    ],
  ])('%s', (_, rounds, expected) => {
    const one = scenario();
    for (const [ms, ...samples] of rounds) {
      for (const [version, value, metric = 'accuracy'] of samples) one.sample(value, { version, metric });
      one.wait(ms);
    }
    const told = standings(one.world, one.at).map(({ version, state, successor }) => {
      const by = successor ? ` by ${successor.name.version}` : '';
      return `${version.name.version} ${state}${by}`;
    });
    expect(told).toEqual(expected);
  });
});

it('equal signals come by name', () => {
  const one = scenario();
  one.sample(0.9, { metric: 'recall' });
  one.sample(0.9);
  const signals = byUrgency([...one.version()!.signals.values()], one.at);
  expect(signals.map(({ metric }) => metric)).toEqual(['accuracy', 'recall']);
});

describe('a judgement names both sides', () => {
  it.each([
    ['accuracy', 0.6123, '0.612 < 0.85'],
    ['accuracy', 0.93, '0.93 ≥ 0.85'],
    ['accuracy', 0.85, '0.85 ≥ 0.85'],
    ['accuracy', 0.84999, '0.84999 < 0.85'],
    ['latency', 181.4, '181 > 150'],
    ['latency', 150, '150 ≤ 150'],
  ])('%s of %d', (metric, value, expected) => {
    const one = scenario();
    one.sample(value, { metric });
    expect(judgementOf(one.signal(metric))).toBe(expected);
  });
});

it('20,000 versions of one model are told apart in no time', () => {
  const one = new Scenario(makeConfig({ rules: [makeRule({ staleAfterMs: MINUTE })] }));
  const samples = Array.from({ length: 20_000 }, (_, index) => ({ value: 0.9, version: `v${index}` }));
  one.samples(samples);
  one.wait(2 * MINUTE);
  one.sample(0.9, { version: 'v7' });
  const all = standings(one.world, one.at);
  expect(all.map(({ state }) => state).slice(0, 2)).toEqual(['ok', 'replaced']);
  expect(new Set(all.slice(1).map(({ successor }) => successor?.name.version))).toEqual(new Set(['v7']));
});
