import { describe, expect, it } from 'vitest';
import type { Report } from '../core/retrain.ts';
import { DAY, down, HOUR, MINUTE, setUp } from './dispatcher.testing.ts';

const fail = () => {
  throw new Error('must not happen');
};

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
