/** The contract of a retrain trigger: a way to deliver a retrain request. It classifies a failure; the dispatcher retries. */
import type { FailureReason } from '../outgoing/failure.ts';

/** A stored request on its way out. Id and body are the same in every attempt. */
export interface OutgoingRequest {
  readonly id: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly reason: string;
  /** The frozen JSON bytes, in UTF-8. */
  readonly body: Uint8Array;
  /** Counts from 1. */
  readonly attempt: number;
}

export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: FailureReason;
      /** One line for logs and API, free of secrets: what was answered, or which error. */
      readonly message: string;
      /**
       * `retry`: by the schedule. `retry_slowly`: each `retry.max`, parked after 24 h (a refusal that somebody must mend).
       * `park`: at once (the receiver is gone for good).
       */
      readonly next: 'retry' | 'retry_slowly' | 'park';
      /** Whether a byte of the request may have been written. */
      readonly written: boolean;
      /** The receiver's own wish, a lower bound. */
      readonly retryAfterMs?: number;
      /** The receiver asks for quiet (429, 503 with Retry-After): the whole trigger pauses. */
      readonly pause?: boolean;
    };

export type FailedDelivery = Extract<Delivery, { ok: false }>;

export interface RetrainTrigger {
  readonly name: string;
  /** Must settle soon after `signal` aborts. A throw counts as a failure whose bytes may have been written. */
  deliver(request: OutgoingRequest, signal: AbortSignal): Promise<Delivery>;
}
