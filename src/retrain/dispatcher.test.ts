import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { LogFields, Logger } from '../log.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { TestOutbox } from './outbox.testing.ts';
import type { DeliveryRoute } from './route.ts';
import type { Delivery, FailedDelivery, OutgoingRequest, RetrainTrigger } from './trigger.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const retry = { initialMs: 5_000, maxMs: 15 * MINUTE, giveUpAfterMs: 7 * DAY };

const down: FailedDelivery = {
  ok: false,
  reason: 'connect',
  message: 'connect ECONNREFUSED',
  next: 'retry',
  written: false,
};
const refusal: FailedDelivery = {
  ok: false,
  reason: 'http_4xx',
  message: 'answered 400 Bad Request',
  next: 'retry_slowly',
  written: true,
};
const quiet = (retryAfterMs: number): FailedDelivery => ({
  ok: false,
  reason: 'http_4xx',
  message: 'answered 429 Too Many Requests',
  next: 'retry',
  written: true,
  retryAfterMs,
  pause: true,
});

interface Attempt {
  readonly id: string;
  readonly at: number;
  readonly request: OutgoingRequest;
}

/** A trigger whose answers a test decides, and which notices when two attempts overlap. */
class TestTrigger implements RetrainTrigger {
  readonly name: string;
  readonly attempts: Attempt[] = [];
  inFlight = 0;
  mostInFlight = 0;
  answer: (attempt: Attempt, signal: AbortSignal) => Delivery | Promise<Delivery> = () => ({ ok: true });
  readonly #clock: ManualClock;

  constructor(name: string, clock: ManualClock) {
    this.name = name;
    this.#clock = clock;
  }

  async deliver(request: OutgoingRequest, signal: AbortSignal): Promise<Delivery> {
    const attempt = { id: request.id, at: this.#clock.wall(), request };
    this.attempts.push(attempt);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      return await this.answer(attempt, signal);
    } finally {
      this.inFlight--;
    }
  }
}

interface World {
  readonly clock: ManualClock;
  readonly outbox: TestOutbox;
  readonly trigger: TestTrigger;
  readonly routes: Map<string, DeliveryRoute>;
  readonly dispatcher: Dispatcher;
  readonly logged: { level: string; message: string; fields: LogFields | undefined }[];
  route(name: string, trigger?: RetrainTrigger): TestTrigger;
  /** Adds a request and lets the dispatcher act on it. */
  ask(facts: Partial<RetrainRequest> & { id: string }): Promise<RetrainRequest>;
}

function setUp(options: { random?: () => number; graceMs?: number } = {}): World {
  const clock = new ManualClock();
  const outbox = new TestOutbox(clock);
  const routes = new Map<string, DeliveryRoute>();
  const logged: World['logged'] = [];
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (message: string, fields?: LogFields) => logged.push({ level, message, fields }),
    ]),
  ) as unknown as Logger;
  const dispatcher = createDispatcher({
    outbox,
    triggers: () => routes,
    clock,
    random: () => 1,
    log,
    ...options,
  });
  const route = (name: string, trigger: RetrainTrigger = new TestTrigger(name, clock)) => {
    routes.set(name, { trigger, retry, limitMs: MINUTE });
    return trigger as TestTrigger;
  };
  return {
    clock,
    outbox,
    routes,
    dispatcher,
    logged,
    route,
    trigger: route('training'),
    async ask(facts) {
      const request = outbox.add(facts);
      dispatcher.wake();
      await clock.advance(0);
      return request;
    },
  };
}

const kinds = (outbox: TestOutbox) => outbox.reports.map(({ report }) => report.kind);
const fail = () => {
  throw new Error('must not happen');
};

describe('an attempt', () => {
  it('is durable before the trigger hears of it, and its result after', async () => {
    const { outbox, trigger, ask } = setUp();
    trigger.answer = () => {
      expect(kinds(outbox)).toEqual(['attempt']);
      return { ok: true };
    };
    const request = await ask({ id: 'rt_1' });
    expect(kinds(outbox)).toEqual(['attempt', 'delivered']);
    expect(request).toMatchObject({ status: 'delivered', attempts: 1, attempting: false });
  });

  it('hands over the frozen bytes, the facts and a number', async () => {
    const { trigger, ask, outbox } = setUp();
    const request = await ask({ id: 'rt_1', attempts: 2 });
    expect(trigger.attempts[0]!.request).toEqual({
      id: 'rt_1',
      model: request.model,
      reason: request.reason,
      body: outbox.body('rt_1'),
      attempt: 3,
    });
  });

  it('waits for its time, and then happens at it', async () => {
    const { clock, trigger, ask } = setUp();
    const due = clock.wall() + 10 * MINUTE;
    await ask({ id: 'rt_1', notBefore: due });
    await clock.advance(10 * MINUTE - 1);
    expect(trigger.attempts).toEqual([]);
    await clock.advance(1);
    expect(trigger.attempts).toMatchObject([{ id: 'rt_1', at: due }]);
  });

  it('that a crash cut off is due again under the same id, and may have been seen', async () => {
    const { trigger, ask } = setUp();
    trigger.answer = () => down;
    const request = await ask({ id: 'rt_1', attempts: 1, attempting: true });
    expect(trigger.attempts).toMatchObject([{ id: 'rt_1', request: { attempt: 2 } }]);
    expect(request.exposed).toBe(true);
  });

  it('that wrote nothing leaves the request unseen', async () => {
    const { trigger, ask } = setUp();
    trigger.answer = () => down;
    expect(await ask({ id: 'rt_1' })).toMatchObject({
      exposed: false,
      attempting: false,
      failure: 'connect',
    });
  });

  it.each<[string, (request: RetrainRequest, world: World) => void]>([
    ['was cancelled', (request) => Object.assign(request, { status: 'cancelled', endedAt: 1 })],
    ['was withdrawn', (request) => Object.assign(request, { status: 'withdrawn', endedAt: 1 })],
    ['timed out', (request) => Object.assign(request, { status: 'timed_out', endedAt: 1 })],
    [
      'moved to another trigger',
      (request) => Object.assign(request, { trigger: 'other', notBefore: Number.MAX_VALUE }),
    ],
    ['lost its trigger', (_, { routes }) => routes.clear()],
  ])('is not sent where the request %s while the attempt was stored', async (_, meanwhile) => {
    const world = setUp();
    world.route('other');
    const request = world.outbox.add({ id: 'rt_1' });
    world.outbox.beforeStored = () => {
      world.outbox.beforeStored = () => {};
      meanwhile(request, world);
    };
    world.dispatcher.wake();
    await world.clock.advance(0);
    expect(world.trigger.attempts).toEqual([]);
  });
});

describe('a queue', () => {
  it('is served one at a time: what is due first, then what was asked first, then by id', async () => {
    const { clock, outbox, trigger, dispatcher } = setUp();
    const now = clock.wall();
    outbox.add({ id: 'rt_d', notBefore: now, requestedAt: now });
    outbox.add({ id: 'rt_c', notBefore: now, requestedAt: now });
    outbox.add({ id: 'rt_b', notBefore: now, requestedAt: now - 1 });
    outbox.add({ id: 'rt_a', notBefore: now - 1, requestedAt: now });
    trigger.answer = () => new Promise((resolve) => clock.after(1_000, () => resolve({ ok: true })));
    dispatcher.wake();
    await clock.advance(10_000);
    expect(trigger.attempts.map(({ id, at }) => [id, at - now])).toEqual([
      ['rt_a', 0],
      ['rt_b', 1_000],
      ['rt_c', 2_000],
      ['rt_d', 3_000],
    ]);
    expect(trigger.mostInFlight).toBe(1);
  });

  it('does not wait for that of another trigger', async () => {
    const { trigger, route, ask } = setUp();
    const other = route('other');
    trigger.answer = () => new Promise(() => {});
    await ask({ id: 'rt_1' });
    await ask({ id: 'rt_2', trigger: 'other' });
    expect(trigger.attempts).toHaveLength(1);
    expect(other.attempts).toHaveLength(1);
  });

  it('does not attempt what another is still attempting', async () => {
    const { trigger, route, ask, outbox, dispatcher, clock } = setUp();
    const other = route('other');
    trigger.answer = () => new Promise(() => {});
    const request = await ask({ id: 'rt_1' });
    await outbox.report('rt_1', { kind: 'redeliver', trigger: 'other' });
    dispatcher.wake();
    await clock.advance(1_000);
    expect(request.trigger).toBe('other');
    expect(other.attempts).toEqual([]);
  });

  it('of ten thousand requests is delivered once each', async () => {
    const { clock, outbox, trigger, dispatcher } = setUp();
    for (let index = 0; index < 10_000; index++) outbox.add({ id: `rt_${index}`, trigger: 'training' });
    // Only a hundred are pending at a time, as in a storm that goes on; else the fake's own lists would dominate.
    const all = [...outbox.requests.values()];
    for (let from = 0; from < all.length; from += 100) {
      outbox.requests.clear();
      for (const request of all.slice(from, from + 100)) outbox.requests.set(request.id, request);
      dispatcher.wake();
      while (outbox.pending().length > 0) await clock.advance(0);
    }
    expect(new Set(trigger.attempts.map(({ id }) => id)).size).toBe(10_000);
    expect(trigger.attempts).toHaveLength(10_000);
    expect(trigger.mostInFlight).toBe(1);
  });
});

describe('a failure', () => {
  it('is repeated by full jitter between nothing and a bound that doubles', async () => {
    const delays = async (random: () => number) => {
      const { clock, trigger, ask } = setUp({ random });
      trigger.answer = () => down;
      await ask({ id: 'rt_1' });
      await clock.advance(2 * HOUR);
      return trigger.attempts.slice(1, 11).map(({ at }, index) => (at - trigger.attempts[index]!.at) / 1_000);
    };
    expect(await delays(() => 1)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    expect(await delays(() => 0.5)).toEqual([2.5, 5, 10, 20, 40, 80, 160, 320, 450, 450]);
  });

  it('of a receiver that is down for a day ends within the longest delay after it is back; nothing is lost', async () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const { clock, outbox, trigger, dispatcher } = setUp({ random });
    const back = clock.wall() + DAY;
    for (let index = 0; index < 20; index++) outbox.add({ id: `rt_${index}`, trigger: 'training' });
    trigger.answer = ({ at }) => (at < back ? down : { ok: true });
    dispatcher.wake();
    await clock.advance(DAY + retry.maxMs);
    for (const request of outbox.requests.values()) {
      expect(request.status).toBe('delivered');
      expect(request.deliveredAt! - back).toBeLessThanOrEqual(retry.maxMs);
    }
    expect(trigger.mostInFlight).toBe(1);
    const acknowledged = trigger.attempts.filter(({ at }) => at >= back).map(({ id }) => id);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
  });

  it('asks again no sooner than the receiver wishes', async () => {
    const { clock, trigger, ask } = setUp({ random: () => 0 });
    trigger.answer = () => ({ ...down, retryAfterMs: 90_000 });
    await ask({ id: 'rt_1' });
    await clock.advance(89_999);
    expect(trigger.attempts).toHaveLength(1);
    await clock.advance(1);
    expect(trigger.attempts).toHaveLength(2);
  });

  it('of 429 or 503 with Retry-After pauses the whole trigger, and only that one', async () => {
    const { clock, trigger, route, ask } = setUp({ random: () => 0 });
    const other = route('other');
    trigger.answer = ({ id }) =>
      id === 'rt_1' && trigger.attempts.length === 1 ? quiet(10 * MINUTE) : { ok: true };
    await ask({ id: 'rt_1' });
    await ask({ id: 'rt_2' });
    await ask({ id: 'rt_3', trigger: 'other' });
    expect(other.attempts).toHaveLength(1);
    await clock.advance(10 * MINUTE - 1);
    expect(trigger.attempts).toHaveLength(1);
    await clock.advance(1);
    expect(trigger.attempts.map(({ id }) => id)).toEqual(['rt_1', 'rt_2', 'rt_1']);
  });

  it('with Retry-After alone lets other requests go on', async () => {
    const { trigger, ask } = setUp();
    trigger.answer = ({ id }) =>
      id === 'rt_1' ? { ...down, retryAfterMs: HOUR, pause: false } : { ok: true };
    await ask({ id: 'rt_1' });
    expect(await ask({ id: 'rt_2' })).toMatchObject({ status: 'delivered' });
  });

  it('pauses no longer than the trigger that was asked for quiet lives', async () => {
    const { routes, trigger, route, ask } = setUp();
    trigger.answer = () => quiet(HOUR);
    await ask({ id: 'rt_1' });
    routes.clear();
    const reloaded = route('training');
    await ask({ id: 'rt_2' });
    expect(reloaded.attempts.map(({ id }) => id)).toEqual(['rt_2']);
  });
});

describe('a refusal', () => {
  it('is repeated each longest delay and parked after a day of refusals', async () => {
    const { clock, outbox, trigger, ask, logged } = setUp({ random: () => 0 });
    trigger.answer = () => refusal;
    const request = await ask({ id: 'rt_1' });
    await clock.advance(DAY - 1);
    expect(request.status).toBe('requested');
    expect(
      new Set(trigger.attempts.slice(1).map(({ at }, index) => at - trigger.attempts[index]!.at)),
    ).toEqual(new Set([15 * MINUTE]));
    await clock.advance(1);
    expect(request.status).toBe('parked');
    expect(outbox.reports.at(-1)!.report).toEqual({ kind: 'parked', reason: 'refused', written: true });
    expect(logged.at(-1)).toMatchObject({ level: 'error', fields: { request: 'rt_1', reason: 'refused' } });
    await clock.advance(7 * DAY);
    expect(trigger.attempts).toHaveLength(97);
  });

  it('that another failure interrupts starts its day anew', async () => {
    const { clock, trigger, ask } = setUp();
    const start = clock.wall();
    trigger.answer = ({ at }) => (at - start >= 20 * HOUR && at - start < 21 * HOUR ? down : refusal);
    const request = await ask({ id: 'rt_1' });
    await clock.advance(44 * HOUR);
    expect(request.status).toBe('requested');
    await clock.advance(3 * HOUR);
    expect(request.status).toBe('parked');
  });

  it('for good parks at once', async () => {
    const { trigger, ask, outbox } = setUp();
    trigger.answer = () => ({ ...refusal, next: 'park' });
    expect(await ask({ id: 'rt_1' })).toMatchObject({ status: 'parked', failure: 'gone', attempts: 1 });
    expect(outbox.reports.at(-1)!.report).toEqual({ kind: 'parked', reason: 'gone', written: true });
  });
});

describe('parking', () => {
  it('gives up after give_up_after, and a redelivery starts the schedule anew', async () => {
    const { clock, outbox, trigger, dispatcher, ask } = setUp();
    trigger.answer = () => down;
    const request = await ask({ id: 'rt_1' });
    await clock.advance(8 * DAY);
    expect(request).toMatchObject({ status: 'parked', failure: 'gave_up' });
    const attemptsBefore = trigger.attempts.length;

    await outbox.report('rt_1', { kind: 'redeliver', trigger: 'training' });
    const redeliveredAt = clock.wall();
    dispatcher.wake();
    await clock.advance(16_000);
    expect(trigger.attempts.slice(attemptsBefore).map(({ at }) => at - redeliveredAt)).toEqual([
      0, 5_000, 15_000,
    ]);
    await clock.advance(6 * DAY);
    expect(request.status).toBe('requested');
    await clock.advance(2 * DAY);
    expect(request.status).toBe('parked');
  });

  it('is where a request goes whose trigger is gone, unseen where it was never attempted', async () => {
    const { outbox, ask, logged } = setUp();
    expect(await ask({ id: 'rt_1', trigger: 'removed' })).toMatchObject({
      status: 'parked',
      failure: 'trigger_gone',
      exposed: false,
    });
    expect(outbox.reports).toHaveLength(1);
    expect(logged).toMatchObject([
      { level: 'error', fields: { request: 'rt_1', trigger: 'removed', reason: 'trigger_gone' } },
    ]);
  });

  it('for a trigger that is gone says that a cut-off attempt may have been seen', async () => {
    const { ask } = setUp();
    expect(await ask({ id: 'rt_1', trigger: 'removed', attempting: true })).toMatchObject({
      status: 'parked',
      exposed: true,
    });
  });

  it('does not happen while an attempt is still under way', async () => {
    const { clock, routes, dispatcher, trigger, ask } = setUp();
    const answer = Promise.withResolvers<Delivery>();
    trigger.answer = () => answer.promise;
    const request = await ask({ id: 'rt_1' });
    routes.clear();
    dispatcher.wake();
    await clock.advance(1_000);
    expect(request.status).toBe('requested');
    answer.resolve({ ok: true });
    await clock.advance(0);
    expect(request.status).toBe('delivered');
  });
});

describe('a store that is full', () => {
  it('before an attempt: nothing is sent, and it is tried again with growing delays', async () => {
    const { clock, outbox, trigger, ask, logged } = setUp();
    const start = clock.wall();
    const tried: number[] = [];
    outbox.refuses = () => true;
    outbox.beforeStored = () => tried.push(clock.wall() - start);
    const request = await ask({ id: 'rt_1' });
    await clock.advance(2 * MINUTE);
    expect(tried).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
    expect(trigger.attempts).toEqual([]);
    expect(logged.at(-1)).toMatchObject({
      level: 'warn',
      fields: { request: 'rt_1', error: 'the disk is full' },
    });
    outbox.refuses = () => false;
    await clock.advance(MINUTE);
    expect(request).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('and gets space again begins anew with short delays', async () => {
    const { clock, outbox, trigger, ask } = setUp();
    trigger.answer = () => ({ ...down, retryAfterMs: HOUR });
    outbox.refuses = () => true;
    await ask({ id: 'rt_1' });
    await clock.advance(10 * MINUTE);
    outbox.refuses = () => false;
    await clock.advance(MINUTE);
    outbox.refuses = () => outbox.refused < refusedBefore + 1;
    const refusedBefore = outbox.refused;
    await ask({ id: 'rt_2' });
    await clock.advance(1_000);
    expect(trigger.attempts.map(({ id }) => id)).toEqual(['rt_1', 'rt_2']);
  });

  it('after an answer: the result is kept and stored later, without a second attempt', async () => {
    const { clock, outbox, trigger, dispatcher, ask } = setUp();
    outbox.refuses = ({ kind }: Report) => kind !== 'attempt';
    const request = await ask({ id: 'rt_1' });
    await ask({ id: 'rt_2' });
    for (let minute = 0; minute < 60; minute++) {
      dispatcher.wake();
      await clock.advance(MINUTE);
    }
    expect(trigger.attempts.map(({ id }) => id)).toEqual(['rt_1']);
    expect(request.status).toBe('requested');
    outbox.refuses = () => false;
    await clock.advance(MINUTE);
    expect(request).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(trigger.attempts.map(({ id }) => id)).toEqual(['rt_1', 'rt_2']);
  });

  it('after a failure keeps the time of the next attempt', async () => {
    const { clock, outbox, trigger, ask } = setUp();
    trigger.answer = () => down;
    outbox.refuses = ({ kind }: Report) => kind === 'attempt_failed' && outbox.refused < 1;
    const start = clock.wall();
    const request = await ask({ id: 'rt_1' });
    await clock.advance(2_000);
    expect(request.notBefore).toBe(start + 5_000);
  });
});

describe('a clock', () => {
  it.each([
    ['an hour back', -HOUR],
    ['ten years back', -3_653 * DAY],
  ])('that was set %s delays an attempt by an hour at most', async (_, step) => {
    const { clock, trigger, ask, dispatcher } = setUp();
    await ask({ id: 'rt_1', notBefore: clock.wall() + 10 * MINUTE });
    clock.stepWall(step);
    for (let minute = 0; minute < 60; minute++) {
      dispatcher.wake();
      await clock.advance(MINUTE);
    }
    expect(trigger.attempts).toHaveLength(1);
  });

  it('that was wrong when a time was stored does not hold the request longer', async () => {
    const { clock, trigger, ask } = setUp();
    await ask({ id: 'rt_1', notBefore: clock.wall() + 3_653 * DAY });
    await clock.advance(HOUR - 1);
    expect(trigger.attempts).toEqual([]);
    await clock.advance(1);
    expect(trigger.attempts).toHaveLength(1);
  });

  it('that was set forward makes due what lies before it', async () => {
    const { clock, trigger, ask, dispatcher } = setUp();
    await ask({ id: 'rt_1', notBefore: clock.wall() + 10 * MINUTE });
    clock.stepWall(HOUR);
    dispatcher.wake();
    await clock.advance(0);
    expect(trigger.attempts).toHaveLength(1);
  });
});

describe('a trigger of an embedding program', () => {
  it('that throws has failed, and may have been seen', async () => {
    const { trigger, ask, logged } = setUp();
    trigger.answer = () => {
      throw new Error('queue\nis full');
    };
    expect(await ask({ id: 'rt_1' })).toMatchObject({ status: 'requested', exposed: true, failure: 'reset' });
    expect(logged.at(-1)).toMatchObject({
      level: 'warn',
      fields: { message: 'queue is full', reason: 'reset' },
    });
  });

  it('that throws what is no error, or before it returns a promise, has failed likewise', async () => {
    const { route, ask } = setUp();
    route('bad', {
      name: 'bad',
      deliver: () => {
        throw 'text';
      },
    });
    expect(await ask({ id: 'rt_1', trigger: 'bad' })).toMatchObject({ status: 'requested', attempts: 1 });
  });

  it.each([undefined, null, {}, true, { ok: 'yes' }])('that answers %j has failed', async (nonsense) => {
    const { trigger, ask } = setUp();
    trigger.answer = () => nonsense as unknown as Delivery;
    expect(await ask({ id: 'rt_1' })).toMatchObject({ status: 'requested', exposed: true });
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'that wishes to wait %d ms cannot break the schedule',
    async (retryAfterMs) => {
      const { clock, trigger, ask } = setUp({ random: () => 0.5 });
      trigger.answer = () => ({ ...down, retryAfterMs, pause: true });
      const request = await ask({ id: 'rt_1' });
      expect(request.notBefore - clock.wall()).toBe(retryAfterMs === Number.POSITIVE_INFINITY ? HOUR : 2_500);
    },
  );

  it('that never settles is aborted, counts as a timeout and does not hold its queue', async () => {
    const { clock, trigger, ask } = setUp();
    let aborted = false;
    trigger.answer = ({ id }, signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return id === 'rt_1' ? new Promise(() => {}) : { ok: true };
    };
    const stuck = await ask({ id: 'rt_1' });
    const next = await ask({ id: 'rt_2' });
    await clock.advance(MINUTE);
    expect(aborted).toBe(true);
    await clock.advance(2_000);
    expect(stuck).toMatchObject({ failure: 'timeout', exposed: true });
    expect(next.status).toBe('delivered');
  });

  it('that settles when its signal aborts has its own say', async () => {
    const { clock, trigger, ask } = setUp();
    trigger.answer = (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(down)));
    const request = await ask({ id: 'rt_1' });
    await clock.advance(MINUTE);
    expect(request).toMatchObject({ failure: 'connect', exposed: false });
  });
});

describe('stopping', () => {
  it('lets a running attempt finish and be reported', async () => {
    const { clock, trigger, dispatcher, ask } = setUp();
    trigger.answer = () => new Promise((resolve) => clock.after(3_000, () => resolve({ ok: true })));
    const request = await ask({ id: 'rt_1' });
    const stopped = dispatcher.stop();
    await clock.advance(3_000);
    await stopped;
    expect(request.status).toBe('delivered');
  });

  it('aborts it after the grace, and leaves it due for the next start', async () => {
    const { clock, trigger, dispatcher, ask } = setUp({ graceMs: 1_000 });
    trigger.answer = (_, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ ...down, reason: 'timeout', written: true })),
      );
    const request = await ask({ id: 'rt_1' });
    const stopped = dispatcher.stop();
    await clock.advance(1_000);
    await stopped;
    expect(request).toMatchObject({
      status: 'requested',
      attempting: false,
      exposed: true,
      notBefore: clock.wall(),
    });
  });

  it('sends nothing where an attempt is stored only after the grace', async () => {
    const { clock, outbox, trigger, dispatcher } = setUp({ graceMs: 1_000 });
    const request = outbox.add({ id: 'rt_1' });
    const stored = Promise.withResolvers<void>();
    const report = outbox.report.bind(outbox);
    outbox.report = async (id, what) => {
      if (what.kind === 'attempt') await stored.promise;
      await report(id, what);
    };
    dispatcher.wake();
    await clock.advance(0);
    const stopped = dispatcher.stop();
    await clock.advance(1_000);
    stored.resolve();
    await stopped;
    expect(trigger.attempts).toEqual([]);
    expect(request).toMatchObject({ status: 'requested', attempting: false, exposed: false });
  });

  it('does not wait for a trigger that never settles', async () => {
    const { clock, trigger, dispatcher, ask } = setUp();
    trigger.answer = () => new Promise(() => {});
    const request = await ask({ id: 'rt_1' });
    const stopped = dispatcher.stop();
    await clock.advance(5_000 + 2_000);
    await stopped;
    expect(request).toMatchObject({ status: 'requested', exposed: true });
  });

  it('does not wait for a store that stays full', async () => {
    const { clock, outbox, dispatcher, ask } = setUp();
    outbox.refuses = ({ kind }) => kind === 'delivered';
    const request = await ask({ id: 'rt_1' });
    const stopped = dispatcher.stop();
    await clock.advance(5_000);
    await stopped;
    expect(request).toMatchObject({ status: 'requested', attempting: true });
  });

  it('starts nothing more, however often it is woken', async () => {
    const { clock, trigger, dispatcher, ask } = setUp();
    trigger.answer = () => down;
    await ask({ id: 'rt_1' });
    await Promise.all([dispatcher.stop(), dispatcher.stop(), clock.advance(0)]);
    trigger.answer = fail;
    await ask({ id: 'rt_2' });
    await clock.advance(DAY);
    expect(trigger.attempts).toHaveLength(1);
  });
});

describe('what is seen', () => {
  it('are attempts, failures by reason and durations, for each live trigger in the order of the config', async () => {
    const { clock, routes, trigger, route, dispatcher, ask } = setUp();
    route('other');
    const answers: Delivery[] = [down, { ...down, reason: 'http_5xx' }, { ok: true }];
    trigger.answer = async () => {
      await new Promise<void>((resolve) => clock.after(40, resolve));
      return answers.shift()!;
    };
    await ask({ id: 'rt_1' });
    await clock.advance(MINUTE);
    const [status, idle] = dispatcher.statuses();
    expect(status).toMatchObject({ trigger: 'training', attempts: 3 });
    expect([...status!.failures]).toEqual([
      ['connect', 1],
      ['http_5xx', 1],
    ]);
    expect(status!.durations).toMatchObject({
      bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      counts: [0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3],
      count: 3,
    });
    expect(status!.durations.sum).toBeCloseTo(0.12);
    expect(idle).toMatchObject({ trigger: 'other', attempts: 0 });
    routes.delete('training');
    expect(dispatcher.statuses().map(({ trigger: name }) => name)).toEqual(['other']);
  });

  it('is told in the log: what failed and when it goes on, and what was delivered', async () => {
    const { clock, trigger, ask, logged } = setUp();
    trigger.answer = () => (trigger.attempts.length === 1 ? down : { ok: true });
    await ask({ id: 'rt_1' });
    await clock.advance(5_000);
    const facts = { request: 'rt_1', trigger: 'training', model: 'fraud', version: '1.4.0' };
    expect(logged).toEqual([
      {
        level: 'warn',
        message: 'delivery attempt failed',
        fields: {
          ...facts,
          attempts: 1,
          reason: 'connect',
          message: 'connect ECONNREFUSED',
          next_attempt_at: '2026-01-01T00:00:05.000Z',
        },
      },
      { level: 'info', message: 'retrain request delivered', fields: { ...facts, attempts: 2 } },
    ]);
  });
});
