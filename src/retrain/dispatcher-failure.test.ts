import { describe, expect, it } from 'vitest';
import { DAY, down, HOUR, MINUTE, quiet, refusal, retry, setUp } from './dispatcher.testing.ts';
import type { Delivery } from './trigger.ts';

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
    expect(outbox.reports.at(-1)!.report).toEqual({
      kind: 'parked',
      reason: 'refused',
      message: refusal.message,
      written: true,
    });
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
    expect(outbox.reports.at(-1)!.report).toEqual({
      kind: 'parked',
      reason: 'gone',
      message: refusal.message,
      written: true,
    });
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
