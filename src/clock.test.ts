import { describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from './clock.ts';

describe('a manual clock', () => {
  it('runs due timers in order, each at its own instant', async () => {
    const clock = new ManualClock(1000);
    const seen: [string, number][] = [];
    clock.after(20, () => seen.push(['b', clock.wall()]));
    clock.after(10, () => {
      seen.push(['a', clock.wall()]);
      clock.after(5, () => seen.push(['a again', clock.wall()]));
    });
    clock.after(30, () => seen.push(['never', clock.wall()]));
    await clock.advance(20);
    expect(seen).toEqual([
      ['a', 1010],
      ['a again', 1015],
      ['b', 1020],
    ]);
  });

  it('forgets a timer that was disposed', async () => {
    const clock = new ManualClock();
    let ran = false;
    clock
      .after(1, () => {
        ran = true;
      })
      [Symbol.dispose]();
    await clock.advance(10);
    expect(ran).toBe(false);
  });

  it('moves the wall alone when it is set', () => {
    const clock = new ManualClock(1000);
    clock.stepWall(-500);
    expect([clock.wall(), clock.monotonic()]).toEqual([500, 0]);
  });
});

it('the system clock runs a timer that is due', async () => {
  const begun = systemClock.monotonic();
  await new Promise<void>((resolve) => void systemClock.after(5, resolve));
  expect(systemClock.monotonic()).toBeGreaterThan(begun);
});
