import { describe, expect, it } from 'vitest';
import type { RetrainRequest } from '../core/retrain.ts';
import { DAY, down, HOUR, kinds, MINUTE, setUp, type World } from './dispatcher.testing.ts';
import type { Delivery } from './trigger.ts';

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
    expect(idle).not.toHaveProperty('last');
    routes.delete('training');
    expect(dispatcher.statuses().map(({ trigger: name }) => name)).toEqual(['other']);
  });

  it('is what the newest attempt came to, and when it ended', async () => {
    const { clock, outbox, trigger, dispatcher, ask } = setUp();
    trigger.answer = async () => {
      await new Promise<void>((resolve) => clock.after(40, resolve));
      return trigger.attempts.length === 1 ? down : { ok: true };
    };
    const begun = outbox.now();
    const last = () => dispatcher.statuses()[0]!.last;
    await ask({ id: 'rt_1' });
    expect(last()).toBeUndefined();
    await clock.advance(40);
    expect(last()).toEqual({ at: begun + 40, failure: 'connect ECONNREFUSED' });
    await clock.advance(5_000);
    expect(last()).toMatchObject({ failure: 'connect ECONNREFUSED' });
    await clock.advance(40);
    expect(last()).toEqual({ at: begun + 5_080, failure: null });
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
