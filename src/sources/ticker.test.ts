import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import type { Schedule } from '../config/config.ts';
import { startTicker } from './ticker.ts';

const START = Date.UTC(2026, 0, 1);

/** The times of ticks in seconds since the start, on both clocks. */
function ticks(schedule: Schedule, { seed = 'a', runMs = 0 }: { seed?: string; runMs?: number } = {}) {
  const clock = new ManualClock(START);
  const wall: number[] = [];
  const monotonic: number[] = [];
  const ticker = startTicker({
    schedule,
    seed,
    clock,
    run: () => {
      wall.push((clock.wall() - START) / 1000);
      monotonic.push(clock.monotonic() / 1000);
      return runMs === 0 ? Promise.resolve() : new Promise((resolve) => void clock.after(runMs, resolve));
    },
  });
  return { clock, ticker, wall, monotonic };
}

const every10s: Schedule = { kind: 'interval', intervalMs: 10_000 };
const cron = (expression: string): Schedule => ({ kind: 'cron', expression });

describe('a ticker with an interval', () => {
  it('ticks once per interval, at a place that follows from the seed and the wall clock', async () => {
    const one = ticks(every10s);
    await one.clock.advance(60_000);
    expect(one.wall).toHaveLength(6);
    const [first] = one.wall;
    expect(one.wall).toEqual([0, 1, 2, 3, 4, 5].map((index) => first! + index * 10));

    const restarted = ticks(every10s);
    restarted.clock.stepWall(3000);
    restarted.ticker[Symbol.dispose]();
    const later = ticks(every10s);
    await later.clock.advance(10_000);
    expect(later.wall[0]).toBe(first);
  });

  it('spreads seeds over the interval', async () => {
    const firsts = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const { clock, wall } = ticks(every10s, { seed: `target ${index}` });
        await clock.advance(10_000);
        return wall[0]!;
      }),
    );
    for (const third of [0, 1, 2]) {
      expect(firsts.filter((at) => Math.floor((at * 3) / 10.001) === third).length).toBeGreaterThan(5);
    }
  });

  it('skips the ticks that fall into a run', async () => {
    const { clock, monotonic } = ticks(every10s, { runMs: 25_000 });
    await clock.advance(90_000);
    const [first] = monotonic;
    expect(monotonic).toEqual([first, first! + 30, first! + 60]);
  });

  it('does not mind a step of the wall clock', async () => {
    const { clock, monotonic } = ticks(every10s);
    await clock.advance(20_000);
    clock.stepWall(-3_600_000);
    await clock.advance(20_000);
    clock.stepWall(10 * 365 * 86_400_000);
    await clock.advance(20_000);
    expect(monotonic).toHaveLength(6);
  });

  it('ends when it is disposed, in a run too', async () => {
    const { clock, ticker, wall } = ticks(every10s, { runMs: 5000 });
    await clock.advance(10_000);
    ticker[Symbol.dispose]();
    await clock.advance(60_000);
    expect(wall).toHaveLength(1);
  });
});

describe('a ticker with cron', () => {
  it('ticks when the expression is due', async () => {
    const { clock, wall } = ticks(cron('*/20 * * * * *'));
    await clock.advance(60_000);
    expect(wall).toEqual([20, 40, 60]);
  });

  it('waits longer than it looks ahead', async () => {
    const { clock, monotonic } = ticks(cron('0 0 */6 * * *'));
    await clock.advance(86_400_000);
    expect(monotonic).toHaveLength(4);
  });

  it('skips what is due during a run', async () => {
    const { clock, wall } = ticks(cron('*/10 * * * * *'), { runMs: 25_000 });
    await clock.advance(70_000);
    expect(wall).toEqual([10, 40, 70]);
  });

  it('ticks once after a step forward, however much was missed', async () => {
    const { clock, wall } = ticks(cron('*/10 * * * * *'));
    await clock.advance(15_000);
    clock.stepWall(3_600_000);
    await clock.advance(15_000);
    expect(wall).toEqual([10, 3620, 3630]);
  });

  it('goes on at once after a step back', async () => {
    const { clock, monotonic } = ticks(cron('*/10 * * * * *'));
    await clock.advance(15_000);
    clock.stepWall(-10 * 365 * 86_400_000);
    await clock.advance(30_000);
    expect(monotonic.length).toBeGreaterThanOrEqual(3);
    expect(monotonic.length).toBeLessThanOrEqual(4);
  });

  it('ends when it is disposed', async () => {
    const { clock, ticker, wall } = ticks(cron('* * * * * *'));
    await clock.advance(3000);
    ticker[Symbol.dispose]();
    await clock.advance(3000);
    expect(wall).toEqual([1, 2, 3]);
  });
});
