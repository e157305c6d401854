/**
 * When each pending request is due, on the monotonic clock. A stored `notBefore` that lies absurdly far ahead (the
 * wall clock was wrong when it was stored, or is now) is cut to what the schedule can want at most.
 */
import type { RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import type { RetrySettings } from './route.ts';
import { MAX_RETRY_AFTER_MS } from './triggers/retry-after.ts';

export interface Instant {
  /** Our time, in which `notBefore` is given. */
  readonly now: Time;
  /** Monotonic milliseconds of the same instant. */
  readonly monotonic: number;
}

export interface DueTimes {
  /** Milliseconds until the request is due; 0 or less: it is. */
  untilDueMs(request: RetrainRequest, retry: RetrySettings, at: Instant): number;
  /** Forgets requests that are no longer pending, once they are many. */
  keepOnly(pending: readonly RetrainRequest[]): void;
}

export function createDueTimes(): DueTimes {
  // The latest instant is fixed when a `notBefore` is first seen: else a clock that was set back would push it on for ever.
  const seen = new Map<string, { readonly notBefore: Time; readonly latest: number }>();
  return {
    untilDueMs({ id, notBefore }, retry, { now, monotonic }) {
      let bound = seen.get(id);
      if (bound?.notBefore !== notBefore) {
        bound = { notBefore, latest: monotonic + Math.max(retry.maxMs, MAX_RETRY_AFTER_MS) };
        seen.set(id, bound);
      }
      return Math.min(notBefore - now, bound.latest - monotonic);
    },
    keepOnly(pending) {
      if (seen.size <= 2 * pending.length + 64) return;
      const ids = new Set(pending.map(({ id }) => id));
      for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id);
    },
  };
}

export interface Candidate {
  readonly request: RetrainRequest;
  readonly untilDueMs: number;
}

/** The order of a queue: what is due first; among equals the older request. */
export function goesBefore(a: Candidate, b: Candidate): boolean {
  if (a.untilDueMs !== b.untilDueMs) return a.untilDueMs < b.untilDueMs;
  if (a.request.requestedAt !== b.request.requestedAt) return a.request.requestedAt < b.request.requestedAt;
  return a.request.id < b.request.id;
}
