/** How long to wait before an attempt is repeated: exponential with full jitter, as an immutable value without clock or timers. */

export interface Backoff {
  /** Milliseconds to wait after `failures` failures before this one (0: the first); `random` is uniform in [0, 1). */
  delayMs(failures: number, random: () => number): number;
}

/** Uniform between 0 and the smaller of `maxMs` and `initialMs` doubled once per failure. */
export function createBackoff({ initialMs, maxMs }: { initialMs: number; maxMs: number }): Backoff {
  return {
    delayMs(failures, random) {
      // 2 ** 1024 is Infinity, and 0 * Infinity is no number.
      const doublings = 2 ** Math.min(Math.max(failures, 0), 60);
      return random() * Math.min(maxMs, initialMs * doublings);
    },
  };
}
