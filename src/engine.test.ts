import { describe, expect, it } from 'vitest';
import type { MetricEvent } from './bus.ts';
import { MetricBus } from './bus.ts';
import { ManualClock } from './clock.ts';
import { claimCell } from './core/cells.ts';
import type { JudgeConfig } from './core/rule.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, word } from './core/scenario.testing.ts';
import { EMA, SAMPLES } from './core/signal.ts';
import type { Batch, Signal } from './core/world.ts';
import { Engine } from './engine.ts';
import { silentLogger } from './log.ts';
import { StorageError } from './storage-error.ts';
import { openMemoryStore } from './store/open.ts';

const event = (value: number, name = 'fraud'): MetricEvent => ({
  model: { name, version: '1' },
  metric: 'accuracy',
  value,
});

function setUp(config: JudgeConfig = makeConfig()) {
  const clock = new ManualClock();
  const store = openMemoryStore({ now: clock.wall(), onFatal: () => undefined });
  const disk = { full: false, commits: 0 };
  const commit = store.commit.bind(store);
  store.commit = (...args) => {
    if (disk.full) throw new StorageError('disk full');
    commit(...args);
    disk.commits++;
  };
  const bus = new MetricBus();
  const story: string[] = [];
  bus.observe({ onChange: (change) => story.push(word(change).replace(/_[0-9a-f]{24}/, '')) });
  const bodies = { broken: false };
  const composeBody = () => {
    if (bodies.broken) throw new Error('no body');
    return new TextEncoder().encode('{}');
  };
  const begin = (at = clock) => {
    const engine = new Engine({ store, config, clock: at, bus, log: silentLogger, composeBody });
    engine.start();
    return engine;
  };
  return { clock, store, disk, bus, story, begin, bodies, composeBody };
}

const signalOf = (engine: Engine, name = 'fraud') =>
  engine.world.models.get(name)?.versions.get('1')?.signals.get('accuracy');

describe('the engine', () => {
  it('stores before it tells', async () => {
    const { begin, bus, store } = setUp();
    const engine = begin();
    const stored: number[] = [];
    bus.observe({ onChange: () => stored.push(store.requests({ limit: 10 }).length) });
    await engine.push([event(0.5)]);
    expect(stored).toEqual([1, 1, 1]);
  });

  it('settles a deadline by itself, when it is due', async () => {
    const { begin, clock, story } = setUp(makeConfig({ policy: makePolicy({ groupWaitMs: 30_000 }) }));
    const engine = begin();
    await engine.push([event(0.5)]);
    await clock.advance(29_999);
    expect(story).toEqual(['accuracy drifting', 'open ep', 'held group_wait']);
    await clock.advance(1);
    expect(story.at(-1)).toBe('ask rt');
    expect(engine.pending()[0]!.requestedAt).toBe(clock.wall());
  });

  it('drops and counts what no entry judges, but tells observers of it', async () => {
    const { begin, bus } = setUp();
    const engine = begin();
    const told: string[] = [];
    bus.observe({ onEvent: ({ metric }) => told.push(metric) });
    await engine.push([{ ...event(1), metric: 'unknown' }]);
    expect(told).toEqual(['unknown']);
    expect(Object.fromEntries(engine.world.drops)).toEqual({ 'push unmatched': 1 });
    expect(engine.world.signalCount).toBe(0);
  });

  it('goes on where it stopped', async () => {
    const patient = makeConfig({
      rules: [makeRule({ staleAfterMs: HOUR })],
      policy: makePolicy({ groupWaitMs: HOUR }),
    });
    const { begin, clock, story } = setUp(patient);
    await begin().push([event(0.5)]);
    const later = new ManualClock(clock.wall() + 30 * MINUTE);
    const engine = begin(later);
    await engine.push([event(0.6)]);
    expect(signalOf(engine)!.record[SAMPLES]).toBe(2);
    await later.advance(30 * MINUTE);
    expect(story.filter((line) => line.startsWith('open'))).toHaveLength(1);
    expect(story).toContain('ask rt');
  });
});

describe('what a source takes', () => {
  const pulled = () =>
    setUp(
      makeConfig({
        rules: [makeRule({ ttlMs: HOUR, from: { kind: 'gauge', scale: 1, aggregate: null } })],
      }),
    );
  const append = (into: Batch, signal: Signal, time: number) => {
    const row = into.length++;
    into.ref[row] = signal.ref;
    into.time[row] = time;
    into.value[row] = 0.9;
    into.weight[row] = 1;
  };
  const resolve = (engine: Engine, name = 'fraud') => engine.resolve(0, { name, version: '1' })!;
  const sample = (engine: Engine) => engine.take('scrape', (into, at) => append(into, resolve(engine), at));

  it('is filled when all that was due is settled: what is then named does not expire before it is taken', () => {
    const { begin, clock } = pulled();
    const engine = begin();
    sample(engine);
    // Time has passed, but no timer has run yet.
    clock.pass(HOUR);
    engine.take('scrape', (into, at) => {
      expect(at).toBe(clock.wall());
      expect(signalOf(engine)).toBeUndefined();
      append(into, resolve(engine), at);
    });
    expect(signalOf(engine)!.record[SAMPLES]).toBe(1);
  });

  it('names a signal anew once it was forgotten: its record may be given to another', async () => {
    const { begin, clock } = pulled();
    const engine = begin();
    sample(engine);
    const first = signalOf(engine)!;
    const { epoch } = engine;
    const { removals } = engine.world;
    await clock.advance(HOUR);
    expect(engine.world.removals).toBe(removals + 1);
    expect(engine.epoch).toBe(epoch);
    const second = resolve(engine, 'churn');
    expect(second.ref).toBe(first.ref);
    expect(engine.world.signals[first.ref]).not.toBe(first);
  });

  it('is stored with what was remembered on the way, though it gave no event', () => {
    const { begin, disk } = pulled();
    const engine = begin();
    sample(engine);
    const { commits } = disk;
    engine.take('scrape', () => {
      claimCell(engine.world, signalOf(engine)!, { key: 'target x', width: 3 }).record[2] = 7;
    });
    expect(disk.commits).toBe(commits + 1);
    expect(signalOf(begin())!.cells!.get('target x')!.record[2]).toBe(7);
  });

  it('is told to observers as far as it entered a signal', () => {
    const { begin, bus } = pulled();
    const engine = begin();
    const told: number[] = [];
    bus.observe({ onEvent: ({ timestamp }) => told.push(timestamp!) });
    engine.take('scrape', (into, at) => {
      for (const time of [at, at, at - 1]) append(into, resolve(engine), time);
    });
    expect(told).toEqual([engine.now(), engine.now() - 1]);
    expect(Object.fromEntries(engine.world.drops)).toEqual({ 'scrape duplicate': 1 });
  });

  it.each([
    ['the disk is full', 'disk full', (disk: object) => Object.assign(disk, { full: true })],
    [
      'filling fails half way',
      'a bug',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('leaves nothing behind where %s', (_case, message, happens) => {
    const { begin, disk } = pulled();
    const engine = begin();
    sample(engine);
    const { epoch } = engine;
    const fill = (into: Batch, at: number) => {
      claimCell(engine.world, signalOf(engine)!, { key: 'target x', width: 3 });
      append(into, resolve(engine, 'churn'), at);
      happens(disk);
    };
    expect(() => engine.take('scrape', fill)).toThrow(message);
    expect(engine.epoch).toBeGreaterThan(epoch);
    expect([engine.world.signalCount, engine.world.cellCount]).toEqual([1, 0]);
    disk.full = false;
    engine.take('scrape', (into, at) => append(into, resolve(engine), at + 1));
    expect(signalOf(engine)!.record[SAMPLES]).toBe(2);
    expect(signalOf(begin())!.record[SAMPLES]).toBe(2);
  });
});

describe('a store that cannot be written', () => {
  it('refuses a push whole, and memory is what is stored', async () => {
    const { begin, disk, clock } = setUp();
    const engine = begin();
    await engine.push([event(0.9)]);
    const { epoch } = engine;
    disk.full = true;
    clock.stepWall(1);
    await expect(engine.push([event(0.5), event(0.5, 'churn')])).rejects.toThrow(StorageError);
    expect(engine.storageUp).toBe(false);
    expect(signalOf(engine)!.record[EMA]).toBe(0.9);
    expect(signalOf(engine, 'churn')).toBeUndefined();
    expect(engine.epoch).toBeGreaterThan(epoch);
  });

  it('is tried again with each push, and works again by itself', async () => {
    const { begin, disk, story } = setUp();
    const engine = begin();
    disk.full = true;
    await expect(engine.push([event(0.5)])).rejects.toThrow(StorageError);
    await expect(engine.push([event(0.5)])).rejects.toThrow(StorageError);
    disk.full = false;
    await engine.push([event(0.5)]);
    expect(engine.storageUp).toBe(true);
    expect(story).toEqual(['accuracy drifting', 'open ep', 'ask rt']);
    expect(engine.body(engine.pending()[0]!.id)).toEqual(new TextEncoder().encode('{}'));
  });

  it('does not stop time', async () => {
    const { begin, disk, clock, story } = setUp(makeConfig({ policy: makePolicy({ groupWaitMs: 30_000 }) }));
    const engine = begin();
    await engine.push([event(0.5)]);
    disk.full = true;
    await clock.advance(MINUTE);
    expect(story.at(-1)).toBe('held group_wait');
    disk.full = false;
    await clock.advance(MINUTE);
    expect(story.at(-1)).toBe('ask rt');
  });

  it('leaves the old config in place', () => {
    const { begin, disk } = setUp();
    const engine = begin();
    disk.full = true;
    expect(() => engine.reconfigure(makeConfig({ rules: [makeRule({ metric: 'f1_score' })] }))).toThrow(
      StorageError,
    );
    expect(engine.world.config.rules[0]!.metric).toBe('accuracy');
  });
});

describe('the wall clock', () => {
  it.each([-HOUR, HOUR, 3652 * 24 * HOUR])(
    'set by %d ms is a step: counted, and nothing is decided',
    async (by) => {
      const { begin, clock, story } = setUp(makeConfig({ policy: makePolicy({ groupWaitMs: MINUTE }) }));
      const engine = begin();
      await engine.push([event(0.5)]);
      clock.stepWall(by);
      await clock.advance(10_000);
      expect(engine.clockSteps).toBe(1);
      expect(story.at(-1)).toBe('held group_wait');
      await engine.push([event(0.6)]);
      expect(signalOf(engine)!.record[SAMPLES]).toBe(2);
      await clock.advance(50_000);
      expect(engine.pending()[0]!.requestedAt).toBe(clock.wall());
    },
  );

  it('that differs by less than 10 s is left alone', async () => {
    const { begin, clock } = setUp();
    const engine = begin();
    clock.stepWall(-9_000);
    await engine.push([event(0.5)]);
    expect(engine.clockSteps).toBe(0);
  });

  it('that was set back while the process was down moves what is stored', async () => {
    const { begin, clock } = setUp();
    await begin().push([event(0.5)]);
    const engine = begin(new ManualClock(clock.wall() - HOUR));
    await engine.push([event(0.6)]);
    expect(engine.clockSteps).toBe(1);
    expect(signalOf(engine)!.record[SAMPLES]).toBe(2);
  });
});

it('an ended request moves with the clock while its episode is open', async () => {
  const { begin, clock, store } = setUp();
  const engine = begin();
  await engine.push([event(0.5)]);
  const { id } = engine.pending()[0]!;
  await engine.report(id, { kind: 'attempt' });
  await engine.report(id, { kind: 'outcome', status: 'failed', version: null, message: null });
  const before = store.request(id)!;
  for (const by of [2 * HOUR, -3 * HOUR]) {
    clock.stepWall(by);
    await clock.advance(5000);
  }
  const after = store.request(id)!;
  const times = ({ requestedAt, endedAt, outcome, steps }: typeof after) => [
    requestedAt,
    endedAt!,
    outcome!.at,
    ...steps.flatMap(({ at, lastAt }) => [at, lastAt]),
  ];
  expect(times(after)).toEqual(times(before).map((at) => at - HOUR));
  expect(engine.world.models.get('fraud')!.versions.get('1')!.episode!.requestEndedAt).toBe(after.endedAt);
});

it('what is said of an ended request right after a step does not undo its move', async () => {
  const { begin, clock, store } = setUp();
  const engine = begin();
  await engine.push([event(0.5)]);
  const { id } = engine.pending()[0]!;
  await engine.report(id, { kind: 'attempt' });
  await engine.report(id, { kind: 'delivered' });
  await clock.advance(20 * HOUR);
  await engine.push([event(0.5)]);
  await clock.advance(4 * HOUR);
  const { requestedAt, status } = store.request(id)!;
  expect(status).toBe('timed_out');
  clock.stepWall(2 * HOUR);
  await engine.report(id, { kind: 'outcome', status: 'succeeded', version: null, message: null });
  expect(store.request(id)).toMatchObject({
    requestedAt: requestedAt + 2 * HOUR,
    outcome: { at: clock.wall() },
  });
});

describe('a step of the clock whose commit fails', () => {
  it.each([-2 * HOUR, 3652 * 24 * HOUR])('by %d ms is not forgotten', async (by) => {
    const { begin, clock, disk, story } = setUp(makeConfig({ policy: makePolicy({ groupWaitMs: MINUTE }) }));
    const engine = begin();
    await engine.push([event(0.5)]);
    clock.stepWall(by);
    disk.full = true;
    await expect(engine.push([event(0.6)])).rejects.toThrow(StorageError);
    disk.full = false;
    await clock.advance(30_000);
    expect(engine.world.at).toBeLessThanOrEqual(engine.now());
    expect(story.at(-1)).toBe('held group_wait');
    await clock.advance(30_000);
    expect(story.at(-1)).toBe('ask rt');
  });
});

describe('the life of an engine', () => {
  it('before its start it takes nothing, because it has no rules yet', async () => {
    const { store, clock, bus, composeBody } = setUp();
    const engine = new Engine({ store, config: makeConfig(), clock, bus, log: silentLogger, composeBody });
    await expect(engine.push([event(0.5)])).rejects.toThrow('not started');
  });

  it('what is published while it stops is refused or durable, never half', async () => {
    const { begin, clock } = setUp();
    const engine = begin();
    const early = engine.push([event(0.9)]);
    const stopped = engine[Symbol.asyncDispose]();
    await expect(engine.push([event(0.8)])).rejects.toThrow('stopped');
    await expect(early).resolves.toBeUndefined();
    await stopped;
    await clock.advance(MINUTE);
  });

  it('a body that cannot be made leaves no half decision behind', async () => {
    const { begin, bodies, story } = setUp();
    const engine = begin();
    bodies.broken = true;
    await expect(engine.push([event(0.5)])).rejects.toThrow('no body');
    expect(engine.pending()).toEqual([]);
    bodies.broken = false;
    await engine.push([event(0.5)]);
    expect(engine.body(engine.pending()[0]!.id)).toEqual(new TextEncoder().encode('{}'));
    expect(story).toEqual(['accuracy drifting', 'open ep', 'ask rt']);
  });
});

describe('an attempt that is under way', () => {
  const told = (engine: Engine) =>
    [...engine.world.requests.values()][0]!.steps.map(({ event: what, reason }) =>
      `${what} ${reason ?? ''}`.trim(),
    );

  it('is interrupted by a restart', async () => {
    const { begin } = setUp();
    const engine = begin();
    await engine.push([event(0.5)]);
    await engine.report(engine.pending()[0]!.id, { kind: 'attempt' });
    const again = begin();
    expect(told(again)).toEqual(['requested', 'attempt_failed interrupted']);
    expect(again.pending()[0]).toMatchObject({ attempting: false, exposed: true, failure: 'interrupted' });
  });

  it('goes on while the storage fails and comes back', async () => {
    const { begin, disk } = setUp();
    const engine = begin();
    await engine.push([event(0.5)]);
    const { id } = engine.pending()[0]!;
    await engine.report(id, { kind: 'attempt' });
    disk.full = true;
    await expect(engine.push([event(0.4)])).rejects.toThrow(StorageError);
    expect(engine.pending()[0]).toMatchObject({ attempting: true });
    disk.full = false;
    await engine.report(id, { kind: 'delivered' });
    expect(told(engine)).toEqual(['requested', 'delivered']);
  });
});

describe('reports', () => {
  it('about an unknown request are not found', async () => {
    await expect(setUp().begin().report('rt_nobody', { kind: 'cancel' })).resolves.toMatchObject({
      ok: false,
      error: 'not_found',
    });
  });

  it('that repeat what is known change nothing', async () => {
    const { begin } = setUp();
    const engine = begin();
    await engine.push([event(0.5)]);
    const { id } = engine.pending()[0]!;
    expect(await engine.report(id, { kind: 'cancel' })).toEqual({ ok: true, changed: true });
    expect(await engine.report(id, { kind: 'cancel' })).toEqual({ ok: true, changed: false });
    expect(await engine.report(id, { kind: 'redeliver', trigger: 'training' })).toMatchObject({
      ok: false,
      error: 'conflict',
    });
  });

  it('need the token of their own request', async () => {
    const { begin, store } = setUp();
    const engine = begin();
    expect(engine.tokenFits('rt_a', store.outcomeToken('rt_a'))).toBe(true);
    expect(engine.tokenFits('rt_a', store.outcomeToken('rt_b'))).toBe(false);
    expect(engine.tokenFits('rt_a', '')).toBe(false);
  });
});
