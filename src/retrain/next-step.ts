/** What becomes of a request after a failed attempt: tried again at a time, or parked for a named reason. Pure. */
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import { createBackoff } from './backoff.ts';
import type { RetrySettings } from './route.ts';
import type { FailedDelivery } from './trigger.ts';

/**
 * `gone`: the receiver answered 410. `refused`: it refused for 24 h in a row. `gave_up`: `retry.give_up_after` has
 * passed. `trigger_gone`: the config names its trigger no more.
 */
export type ParkReason = 'gone' | 'refused' | 'gave_up' | 'trigger_gone';

export interface FailedAttempt {
  readonly request: Pick<RetrainRequest, 'attempts' | 'attemptsBefore' | 'seriesSince' | 'refusedSince'>;
  readonly delivery: FailedDelivery;
  readonly retry: RetrySettings;
  readonly now: Time;
  readonly random: () => number;
}

/** After so long of nothing but refusals somebody must mend something; more attempts would not. */
const REFUSED_PARK_AFTER_MS = 24 * 3_600_000;

export type FailureReport = Extract<Report, { kind: 'attempt_failed' | 'parked' }>;

export function afterFailure(attempt: FailedAttempt): FailureReport {
  const { request, delivery, retry, now, random } = attempt;
  const { message, written } = delivery;
  const park = (reason: ParkReason): FailureReport => ({ kind: 'parked', reason, message, written });

  if (delivery.next === 'park') return park('gone');
  const refused = delivery.next === 'retry_slowly';
  if (refused && request.refusedSince !== null && now - request.refusedSince >= REFUSED_PARK_AFTER_MS)
    return park('refused');
  if (now - request.seriesSince >= retry.giveUpAfterMs) return park('gave_up');

  // The failed attempt is counted already.
  const failuresBefore = request.attempts - request.attemptsBefore - 1;
  const delayMs = refused ? retry.maxMs : createBackoff(retry).delayMs(failuresBefore, random);
  return {
    kind: 'attempt_failed',
    reason: delivery.reason,
    message,
    written,
    retryAt: now + Math.max(delayMs, delivery.retryAfterMs ?? 0),
    refused,
  };
}
