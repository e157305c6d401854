/** Counts what the deliveries of one trigger did, and keeps what the newest came to, for its status. */
import type { Time } from '../core/signal.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import type { Delivery } from './trigger.ts';
import type { AttemptEnd, TriggerStatus } from './trigger-status.ts';

export interface TriggerStats {
  countAttempt(): void;
  countEnd(delivery: Delivery, when: { readonly at: Time; readonly durationMs: number }): void;
  status(): TriggerStatus;
}

const BOUNDS_SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createTriggerStats(trigger: string): TriggerStats {
  const failures = new Map<FailureReason, number>();
  const counts = BOUNDS_SECONDS.map(() => 0);
  let attempts = 0;
  let sum = 0;
  let count = 0;
  let last: AttemptEnd | undefined;
  return {
    countAttempt() {
      attempts++;
    },
    countEnd(delivery, { at, durationMs }) {
      const seconds = durationMs / 1000;
      sum += seconds;
      count++;
      BOUNDS_SECONDS.forEach((bound, index) => {
        if (seconds <= bound) counts[index]!++;
      });
      last = { at, failure: delivery.ok ? null : delivery.message };
      if (!delivery.ok) failures.set(delivery.reason, (failures.get(delivery.reason) ?? 0) + 1);
    },
    status: () => ({
      trigger,
      attempts,
      failures: new Map(failures),
      durations: { bounds: BOUNDS_SECONDS, counts: [...counts], sum, count },
      ...(last && { last }),
    }),
  };
}
