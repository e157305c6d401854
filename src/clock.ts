/** Time as the shell sees it: a wall clock that may jump, a monotonic one that does not, and timers. */

export interface Clock {
  /** Milliseconds since 1970. */
  wall(): number;
  /** Milliseconds since some fixed instant. */
  monotonic(): number;
  /** Calls `run` once after `delayMs` (capped at 24.8 days) unless disposed before. */
  after(delayMs: number, run: () => void): Disposable;
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), MAX_TIMEOUT_MS));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** A clock that stands still until it is advanced. Due timers run in order, each at its own instant. */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  readonly #timers = new Set<{ due: number; run: () => void }>();

  constructor(wall = Date.UTC(2026, 0, 1)) {
    this.#wall = wall;
  }

  wall(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Timers that are neither due nor disposed. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { due: this.#monotonic + Math.max(delayMs, 0), run };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Lets time pass, timers included. Between two timers, pending promises get their turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      let next: { due: number; run: () => void } | undefined;
      for (const timer of this.#timers) if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
      if (!next) break;
      this.#move(Math.max(next.due - this.#monotonic, 0));
      this.#timers.delete(next);
      next.run();
    }
    this.#move(end - this.#monotonic);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass without running a timer, as when the event loop is busy. */
  pass(ms: number): void {
    this.#move(ms);
  }

  /** Moves the wall clock alone, as an administrator or NTP does. */
  stepWall(ms: number): void {
    this.#wall += ms;
  }

  #move(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }
}
