import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { createDeadline } from './deadline.ts';

describe('a deadline', () => {
  it('aborts when its time is up, and not before', async () => {
    const clock = new ManualClock();
    const deadline = createDeadline({ clock, timeoutMs: 1_000 });
    await clock.advance(999);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([false, false]);
    await clock.advance(1);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([true, true]);
    await expect(deadline.passed).rejects.toThrow('aborted');
  });

  it.each([
    ['aborts', (controller: AbortController) => controller.abort(), 'after'],
    ['has aborted', (controller: AbortController) => controller.abort(), 'before'],
  ])('aborts when its caller %s, and then has not expired', async (_, abort, when) => {
    const clock = new ManualClock();
    const controller = new AbortController();
    if (when === 'before') abort(controller);
    const deadline = createDeadline({ clock, timeoutMs: 1_000, signal: controller.signal });
    if (when === 'after') abort(controller);
    await expect(deadline.passed).rejects.toThrow('aborted');
    await clock.advance(2_000);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([true, false]);
  });

  it('that is disposed stays quiet', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const deadline = createDeadline({ clock, timeoutMs: 1_000, signal: controller.signal });
    deadline[Symbol.dispose]();
    controller.abort();
    await clock.advance(2_000);
    expect(deadline.signal.aborted).toBe(false);
  });
});
