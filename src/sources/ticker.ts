/**
 * Runs something again and again, by an interval or by cron, one run at a time: a tick that falls into a run is
 * skipped. Intervals follow the monotonic clock; cron follows the wall clock, where a step neither repeats nor bursts.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Schedule } from '../config/config.ts';
import type { Time } from '../core/signal.ts';
import { CronTimes } from './cron-times.ts';

export interface TickerOptions {
  readonly schedule: Schedule;
  /** Spreads the runs of many tickers over an interval: the same seed has the same place in it. */
  readonly seed: string;
  readonly clock: Clock;
  /** The next tick is planned when it settles. */
  readonly run: () => Promise<void>;
}

/** Timers may fire a little early. */
const EARLY_MS = 1;
/** So far ahead is a cron expression asked; where nothing is due, it is asked again after that. */
const CRON_HORIZON_MS = 3_600_000;

/** Starts at once; disposing it ends the ticks, not a run. */
export function startTicker(options: TickerOptions): Disposable {
  const { schedule } = options;
  return schedule.kind === 'interval'
    ? startInterval(options, schedule.intervalMs)
    : startCron(options, schedule.expression);
}

function startInterval({ seed, clock, run }: TickerOptions, intervalMs: number): Disposable {
  let timer: Disposable | undefined;
  let stopped = false;
  let due = clock.monotonic() + untilOffset(clock.wall(), { seed, intervalMs });

  const arm = () => {
    if (!stopped) timer = clock.after(due - clock.monotonic(), () => void tick());
  };
  const tick = async () => {
    // A timer does not reach further than some weeks.
    if (clock.monotonic() >= due - EARLY_MS) {
      await run();
      due += intervalMs * (Math.floor(Math.max(clock.monotonic() - due, 0) / intervalMs) + 1);
    }
    arm();
  };
  arm();
  return {
    [Symbol.dispose]() {
      stopped = true;
      timer?.[Symbol.dispose]();
    },
  };
}

/** How long until the wall clock reaches the seed's own place in the interval; places are the same after a restart. */
function untilOffset(wall: Time, { seed, intervalMs }: { seed: string; intervalMs: number }): number {
  const offset = createHash('sha256').update(seed).digest().readUInt32LE() % intervalMs;
  const past = (wall - offset) % intervalMs;
  return intervalMs - (past < 0 ? past + intervalMs : past);
}

function startCron({ clock, run }: TickerOptions, expression: string): Disposable {
  const times = new CronTimes(expression);
  let timer: Disposable | undefined;
  let stopped = false;
  let last = -Infinity;

  const arm = () => {
    if (stopped) return;
    const wall = clock.wall();
    // A timer that fired early must not meet the same time again; a clock that was set back meets all times anew.
    const after = last - wall < 1000 ? Math.max(wall, last) : wall;
    const due = times.nextAfter(after, CRON_HORIZON_MS);
    timer = clock.after(due === undefined ? CRON_HORIZON_MS : due - wall, () => void tick(due));
  };
  const tick = async (due: Time | undefined) => {
    if (due !== undefined && clock.wall() >= due - EARLY_MS) {
      last = due;
      await run();
    }
    arm();
  };
  arm();
  return {
    [Symbol.dispose]() {
      stopped = true;
      timer?.[Symbol.dispose]();
      times[Symbol.dispose]();
    },
  };
}
