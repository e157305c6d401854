/** A total deadline for an outgoing exchange: aborts after a time, or with the caller's own signal. */
import type { Clock } from '../clock.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts, for what cannot be aborted itself (a name lookup, a file on a dead disk). */
  readonly passed: Promise<never>;
  /** Whether the time was up, rather than that the caller gave up. */
  readonly expired: boolean;
  /** Ends the watch without aborting. */
  [Symbol.dispose](): void;
}

export function createDeadline(options: { clock: Clock; timeoutMs: number; signal?: AbortSignal }): Deadline {
  const { clock, timeoutMs, signal: outer } = options;
  const controller = new AbortController();
  const { promise: passed, reject } = Promise.withResolvers<never>();
  // It may reject when nobody waits any more.
  passed.catch(() => {});
  let expired = false;

  const abort = () => {
    controller.abort();
    reject(controller.signal.reason);
  };
  const timer = clock.after(timeoutMs, () => {
    expired = !controller.signal.aborted;
    abort();
  });
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();

  return {
    signal: controller.signal,
    passed,
    get expired() {
      return expired;
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      outer?.removeEventListener('abort', abort);
    },
  };
}
