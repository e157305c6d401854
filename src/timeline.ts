/**
 * Our time: the wall clock at start, carried on by the monotonic clock, so that nobody who sets the wall clock makes
 * `for` or a cooldown end. A wall clock that differs by more than 10 s was set: then time moves over, once, by a step.
 */
import type { Clock } from './clock.ts';
import type { Time } from './core/signal.ts';

/** A smaller difference is drift, which NTP mends by and by. */
export const STEP_LIMIT_MS = 10_000;

export class Timeline {
  readonly #clock: Clock;
  #origin: Time;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#origin = clock.wall() - clock.monotonic();
  }

  now(): Time {
    return this.#origin + this.#clock.monotonic();
  }

  /** Goes on from a stored time that is a little ahead of the wall clock, so that time never decreases. */
  notBefore(at: Time): void {
    this.#origin += Math.max(0, at - this.now());
  }

  /** By how much the wall clock was set since the last call, in milliseconds; mostly 0. */
  takeStep(): number {
    const by = this.#clock.wall() - this.now();
    if (Math.abs(by) <= STEP_LIMIT_MS) return 0;
    this.#origin += by;
    return by;
  }
}
