import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { MINUTE, makeConfig, makePolicy, makeRule, START } from '../../core/scenario.testing.ts';
import { FakeBackend } from '../backend.testing.ts';
import { openStream, type Stream } from '../event-source.testing.ts';
import { startServer } from '../server.testing.ts';

const MODEL = { name: 'fraud', version: '1' };
const AT = new Date(START).toISOString();
const event = (value: number, overrides: object = {}) => ({
  model: MODEL,
  metric: 'accuracy',
  value,
  ...overrides,
});

const EPISODE = {
  id: 'ep_fraud:1#1',
  model: MODEL,
  started_at: AT,
  ended_at: null,
  cause: null,
  continues: null,
  signals: ['accuracy'],
  request: null,
  reason: null,
};
const step = (event: string) => ({ event, at: AT, last_at: AT, count: 1, reason: null, detail: null });
const RETRAIN = {
  id: 'rt_fraud:1#1',
  model: MODEL,
  episode: 'ep_fraud:1#1',
  status: 'requested',
  trigger: 'training',
  reason: 'EMA for accuracy breached threshold 0.850, current 0.500',
  attempts: 0,
  requested_at: AT,
  delivered_at: null,
  ended_at: null,
  outcome: null,
  effective: null,
  steps: [step('requested')],
};
const SIGNAL = {
  model: MODEL,
  metric: 'accuracy',
  state: 'drifting',
  value: 0.5,
  ema: 0.5,
  bound: 'below',
  threshold: 0.85,
  clear: 0.85,
  samples: 1,
  since: AT,
  last_sample_at: AT,
  stale: false,
};
const HELD = makeConfig({ policy: makePolicy({ groupWaitMs: MINUTE }) });

async function framesUntil(stream: Stream, type: string): Promise<unknown> {
  for (;;) {
    const { data } = await stream.next();
    if ((data as { type?: string }).type === type) return data;
  }
}

describe('a change is told in the shapes of the API', () => {
  it.each<[kind: string, backend: FakeBackend, drive: (backend: FakeBackend) => void, data: object]>([
    [
      'phase',
      new FakeBackend(),
      ({ scenario }) => scenario.sample(0.5),
      { metric: 'accuracy', from: 'warming', to: 'drifting', signal: SIGNAL },
    ],
    [
      'signal_removed',
      new FakeBackend(makeConfig({ rules: [makeRule({ ttlMs: MINUTE })] })),
      ({ scenario }) => [scenario.sample(0.9), scenario.wait(MINUTE)],
      { at: new Date(START + MINUTE).toISOString(), metric: 'accuracy', cause: 'expired' },
    ],
    [
      'episode_opened',
      new FakeBackend(HELD),
      ({ scenario }) => scenario.sample(0.5),
      { episode: { ...EPISODE, reason: 'group_wait' } },
    ],
    [
      'episode_held',
      new FakeBackend(HELD),
      ({ scenario }) => scenario.sample(0.5),
      {
        episode: { ...EPISODE, reason: 'group_wait' },
        reason: 'group_wait',
        until: new Date(START + MINUTE).toISOString(),
        detail: expect.any(String),
      },
    ],
    [
      'episode_closed',
      new FakeBackend(HELD),
      ({ scenario }) => [scenario.sample(0.5), scenario.wait(1000), scenario.sample(0.9)],
      {
        at: new Date(START + 1000).toISOString(),
        episode: {
          ...EPISODE,
          ended_at: new Date(START + 1000).toISOString(),
          cause: 'recovered',
          reason: 'group_wait',
        },
      },
    ],
    ['requested', new FakeBackend(), ({ scenario }) => scenario.sample(0.5), { retrain: RETRAIN }],
    [
      'request_changed',
      new FakeBackend(),
      ({ scenario }) => [scenario.sample(0.5), scenario.report({ kind: 'cancel' })],
      {
        retrain: {
          ...RETRAIN,
          status: 'cancelled',
          ended_at: AT,
          steps: [step('requested'), step('cancelled')],
        },
        report: 'cancel',
      },
    ],
  ])('%s', async (type, backend, drive, data) => {
    await using server = await startServer({ backend });
    using stream = await openStream(server.address, '?type=change');
    drive(backend);
    backend.tell();
    const told = (await framesUntil(stream, type)) as { retrain?: { status: string } };
    expect(told).toEqual({ type, at: AT, model: MODEL, ...data });
  });
});

describe('a metric event', () => {
  it('is told with its time', async () => {
    await using server = await startServer();
    using stream = await openStream(server.address, '?type=event');
    await server.backend.push([event(0.9), event(0.8, { timestamp: START + 1500 })]);
    expect([await stream.next(), await stream.next()]).toEqual([
      { event: 'event', data: { ...event(0.9), timestamp: AT } },
      { event: 'event', data: { ...event(0.8), timestamp: new Date(START + 1500).toISOString() } },
    ]);
  });

  it.each(['a\n\ndata: 1\r\n', 'a\u2028b', '"', '模型'])(
    'cannot break a frame by its name: %j',
    async (name) => {
      await using server = await startServer();
      using stream = await openStream(server.address, '?type=event');
      await server.backend.push([event(1, { model: { name, version: name }, metric: name })]);
      await server.backend.push([event(2)]);
      expect((await stream.next()).data).toMatchObject({ model: { name, version: name }, metric: name });
      expect((await stream.next()).data).toMatchObject({ value: 2 });
    },
  );
});

describe('filters', () => {
  const EVENTS = [
    event(0.5),
    event(0.51, { model: { name: 'fraud', version: '2' } }),
    event(0.52, { model: { name: 'churn', version: '1' } }),
    event(0.53, { metric: 'unjudged' }),
    event(0.99, { model: { name: 'end', version: '1' }, metric: 'end' }),
  ];

  it.each<[query: string, told: readonly string[]]>([
    ['?type=event', ['fraud 1 accuracy', 'fraud 2 accuracy', 'churn 1 accuracy', 'fraud 1 unjudged']],
    ['?type=event&model=fraud', ['fraud 1 accuracy', 'fraud 2 accuracy', 'fraud 1 unjudged']],
    ['?type=event&model=fraud&version=2', ['fraud 2 accuracy']],
    // The other version has the model's one slot.
    ['?version=2', ['phase', 'episode_opened', 'episode_held', 'fraud 2 accuracy']],
    ['?type=event&metric=unjudged', ['fraud 1 unjudged']],
    ['?metric=unjudged', ['fraud 1 unjudged']],
    ['?type=change&model=churn', ['phase', 'episode_opened', 'requested']],
    ['?type=change&model=churn&metric=accuracy', ['phase', 'episode_opened', 'requested']],
    ['?type=change&model=churn&metric=recall', []],
  ])('%s', async (query, told) => {
    await using server = await startServer();
    using stream = await openStream(server.address, query);
    using all = await openStream(server.address);
    await server.backend.push(EVENTS);
    await all.seen('"end"');
    await server.stop();
    await stream.ended;
    const words: string[] = [];
    for (let at = 0; at < told.length; at++) {
      const { data } = (await stream.next()) as {
        data: Partial<Record<'type' | 'metric', string>> & ReturnType<typeof event>;
      };
      words.push(data.type ?? `${data.model.name} ${data.model.version} ${data.metric}`);
    }
    expect(words).toEqual(told);
    const rest = await stream.next().catch(() => ({ data: { metric: 'end' } }));
    expect(rest).toMatchObject({ data: { metric: 'end' } });
  });

  it.each<[query: string, error: RegExp]>([
    ['?type=all', /^type: expected one of event, change$/],
    ['?state=ok', /^unknown parameter "state", expected one of type, model, version, metric$/],
    ['?model=a&model=b', /^model: given twice$/],
    ['?metric=', /^metric: must not be empty$/],
  ])('%s is refused', async (query, error) => {
    await using server = await startServer();
    const { status, text } = await server.ask(`/api/v1/events${query}`);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errorType: 'bad_data', error: expect.stringMatching(error) });
  });

  it('without readers of metric events, none is made into an object', async () => {
    await using server = await startServer();
    const { bus } = server.backend;
    using changes = await openStream(server.address, '?type=change');
    expect([changes.response.statusCode, bus.wantsEvents]).toEqual([200, false]);
    using events = await openStream(server.address, '?type=event');
    expect([events.response.statusCode, bus.wantsEvents]).toEqual([200, true]);
  });
});

describe('the answer', () => {
  it('is one that no cache and no proxy keeps', async () => {
    await using server = await startServer();
    using stream = await openStream(server.address);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(stream.text()).toBe('retry: 2000\n: the stream is open\n\n');
  });

  it('to HEAD ends with its head', async () => {
    await using server = await startServer();
    const { status, headers, text } = await server.ask('/api/v1/events', { method: 'HEAD' });
    expect([status, headers['content-type'], text]).toEqual([200, 'text/event-stream; charset=utf-8', '']);
  });

  it('has a comment every 15 seconds', async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock });
    using stream = await openStream(server.address);
    await clock.advance(14_999);
    expect(stream.text()).not.toContain('\n:\n\n');
    await clock.advance(15_001);
    await stream.seen('\n\n:\n\n:\n\n');
  });
});

/** A reader that asks for everything and takes nothing: a socket that is never read. */
async function openBlocked(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /api/v1/events?type=event HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return socket;
}

/** Pushes until the kernel takes no more of what this reader does not take. */
const LARGE = 'x'.repeat(1000);
async function flood(backend: FakeBackend, frames: number): Promise<void> {
  for (let sent = 0; sent < frames; sent += 500) {
    await backend.push(Array.from({ length: 500 }, (_, index) => event(sent + index, { metric: LARGE })));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Frames are buffers: what is not garbage of them. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

it('a reader that keeps up gets all of a batch of 10,000 events', async () => {
  await using server = await startServer();
  using stream = await openStream(server.address, '?type=event');
  await server.backend.push(Array.from({ length: 10_000 }, (_, index) => event(index)));
  const told: number[] = [];
  while (told.length < 10_000) told.push(((await stream.next()).data as { value: number }).value);
  expect(told).toEqual(Array.from(told.keys()));
});

describe('a slow reader', () => {
  it('is told how many it missed, and gets the newest', async () => {
    await using server = await startServer();
    using stream = await openStream(server.address, '?type=event');
    stream.response.pause();
    const total = 20_000;
    await flood(server.backend, total);
    stream.response.resume();
    let got = 0;
    let missed = 0;
    let last = -1;
    while (last < total - 1) {
      const { event: name, data } = (await stream.next()) as {
        event: string;
        data: { count: number; value: number };
      };
      if (name === 'missed') {
        missed += data.count;
        last += data.count;
      } else {
        got++;
        // Each gap is told before the first frame after it.
        expect(data.value).toBe(last + 1);
        last = data.value;
      }
    }
    expect(got + missed).toBe(total);
    expect(missed).toBeGreaterThan(1000);
  });

  it('costs no more memory than its buffer', async () => {
    await using server = await startServer();
    const before = heldBytes();
    const sockets = await Promise.all(Array.from({ length: 8 }, () => openBlocked(server.address.port)));
    await flood(server.backend, 30_000);
    // What was pushed is some 33 MB. Asked again and again, because buffers are freed by a thread of their own.
    await expect.poll(() => heldBytes() - before, { timeout: 20_000 }).toBeLessThan(10_000_000);
    for (const socket of sockets) socket.destroy();
  });

  it('that takes nothing for 30 seconds is cut off, whatever the heartbeats', async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock });
    const socket = await openBlocked(server.address.port);
    while (!server.backend.bus.wantsEvents) await new Promise((resolve) => setImmediate(resolve));
    await flood(server.backend, 20_000);
    await clock.advance(29_999);
    expect(server.backend.bus.wantsEvents).toBe(true);
    await clock.advance(1);
    while (server.backend.bus.wantsEvents) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  });
});

describe('readers', () => {
  it('are 64 at most, and one that leaves makes room', async () => {
    await using server = await startServer();
    const streams: Stream[] = [];
    for (let count = 0; count < 64; count++) streams.push(await openStream(server.address));
    const refused = await server.ask('/api/v1/events');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    expect(JSON.parse(refused.text)).toMatchObject({ errorType: 'unavailable' });
    const gone = streams.pop()!;
    gone[Symbol.dispose]();
    await gone.ended;
    for (;;) {
      const { status } = await server.ask('/api/v1/events', { method: 'HEAD' });
      if (status === 200) break;
    }
    for (const stream of streams) stream[Symbol.dispose]();
  });

  it('that leave are forgotten, with their timers', async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock });
    const { bus } = server.backend;
    const before = clock.pending;
    const stream = await openStream(server.address);
    expect([bus.wantsEvents, clock.pending]).toEqual([true, before + 1]);
    stream[Symbol.dispose]();
    while (bus.wantsEvents) await new Promise((resolve) => setImmediate(resolve));
    await server.backend.push([event(1)]);
    expect(clock.pending).toBe(before);
  });

  it('are told the end at once when the server stops', async () => {
    // Only a drain that ran out could end them later, and no time passes on this clock.
    await using server = await startServer({ clock: new ManualClock() });
    using stream = await openStream(server.address);
    await server.stop();
    await stream.ended;
    expect(stream.response.complete).toBe(true);
    await server.backend.push([event(1)]);
  });

  it('that come while the server stops are refused', async () => {
    await using server = await startServer({ clock: new ManualClock() });
    const { port } = server.address;
    const socket = connect(port, '127.0.0.1');
    // A request that is not whole yet keeps its connection, on which the next one can come.
    const host = 'Host: localhost\r\n';
    socket.write(`POST /api/v1/events HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    await once(socket, 'data');
    const stopped = server.stop();
    socket.write(`[]GET /api/v1/events HTTP/1.1\r\n${host}\r\n`);
    const [first, second] = (await text(socket)).split(/(?=HTTP\/1\.1 503)/);
    expect(first).toMatch(/^HTTP\/1\.1 20/);
    expect(second).toMatch(/^Retry-After: 5\r$/m);
    await stopped;
  });

  it('that take nothing hold up no stop', async () => {
    await using server = await startServer({ clock: new ManualClock() });
    const socket = await openBlocked(server.address.port);
    while (!server.backend.bus.wantsEvents) await new Promise((resolve) => setImmediate(resolve));
    await flood(server.backend, 20_000);
    await server.stop();
    socket.destroy();
  });
});
