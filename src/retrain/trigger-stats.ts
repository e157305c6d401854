/** Counts what the deliveries of one trigger did, for its status. */
import type { FailureReason } from '../outgoing/failure.ts';
import type { TriggerStatus } from './trigger-status.ts';

export interface TriggerStats {
  countAttempt(): void;
  /** An attempt has ended; `failure` is null where it delivered. */
  countEnd(durationMs: number, failure: FailureReason | null): void;
  status(): TriggerStatus;
}

const BOUNDS_SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createTriggerStats(trigger: string): TriggerStats {
  const failures = new Map<FailureReason, number>();
  const counts = BOUNDS_SECONDS.map(() => 0);
  let attempts = 0;
  let sum = 0;
  let count = 0;
  return {
    countAttempt() {
      attempts++;
    },
    countEnd(durationMs, failure) {
      const seconds = durationMs / 1000;
      sum += seconds;
      count++;
      BOUNDS_SECONDS.forEach((bound, index) => {
        if (seconds <= bound) counts[index]!++;
      });
      if (failure !== null) failures.set(failure, (failures.get(failure) ?? 0) + 1);
    },
    status: () => ({
      trigger,
      attempts,
      failures: new Map(failures),
      durations: { bounds: BOUNDS_SECONDS, counts: [...counts], sum, count },
    }),
  };
}
