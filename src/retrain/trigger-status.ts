/** How the deliveries of one trigger go, for metrics, API and page. */
import type { Time } from '../core/signal.ts';
import type { FailureReason } from '../outgoing/failure.ts';

export interface TriggerStatus {
  readonly trigger: string;
  /** Since the process began. */
  readonly attempts: number;
  readonly failures: ReadonlyMap<FailureReason, number>;
  /**
   * How long attempts took. `bounds` are upper bounds in seconds; `counts[i]` is how many took at most `bounds[i]`,
   * so the counts are cumulative, as on the wire of Prometheus; `count` is all of them (the bucket `+Inf`).
   */
  readonly durations: {
    readonly bounds: readonly number[];
    readonly counts: readonly number[];
    readonly sum: number;
    readonly count: number;
  };
  /** The newest attempt that has ended since the process began; absent before. */
  readonly last?: AttemptEnd;
}

export interface AttemptEnd {
  readonly at: Time;
  /** What was answered, or which error, in one line free of secrets; null where it delivered. */
  readonly failure: string | null;
}
