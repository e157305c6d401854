/** When a cron expression is due, by node-cron's own matching; asked ahead of time, so that no timer has to tick each second. */
import type { ScheduledTask } from 'node-cron';
import { createTask, parse } from 'node-cron';
import type { Time } from '../core/signal.ts';

const MINUTE_MS = 60_000;

export class CronTimes implements Disposable {
  readonly #task: ScheduledTask;
  readonly #seconds: readonly number[];

  /** Throws on an expression that node-cron refuses; the config's loader has checked it. */
  constructor(expression: string) {
    // Never started: only its calendar is of use here.
    this.#task = createTask(expression, () => {});
    this.#seconds = parse(expression).second.toSorted((a, b) => a - b);
  }

  /** The first due time after `time`, or undefined where there is none within `horizonMs`. Minutes are local time's. */
  nextAfter(time: Time, horizonMs: number): Time | undefined {
    const first = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    for (let minute = first; minute <= time + horizonMs; minute += MINUTE_MS) {
      const second = this.#seconds.find((candidate) => minute + candidate * 1000 > time);
      // All seconds of a minute share its other fields, so that one of them speaks for all.
      if (second === undefined || !this.#task.match(new Date(minute + second * 1000))) continue;
      return minute + second * 1000;
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    void this.#task.destroy();
  }
}
