/** Episodes and retrain requests: rare things, kept as plain objects. */
import type { ModelVersion, Time } from './signal.ts';

/** Every gate, in the order in which they are judged. The word is the same in metrics, logs, API and page. */
export const GATE_NAMES = [
  'stale',
  'inhibited',
  'group_wait',
  'state_unknown',
  'in_flight',
  'cooldown',
  'max_per_day',
  'no_trigger',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

/** `until` is null where no time is known: only a report, a sample or a new config can open the gate. */
export type GateVerdict =
  | { readonly gate: GateName; readonly verdict: 'pass'; readonly detail: string }
  | {
      readonly gate: GateName;
      readonly verdict: 'wait';
      readonly until: Time | null;
      readonly detail: string;
    };

export type EpisodeCause = 'recovered' | 'replaced' | 'expired' | 'config' | 'asked_again';

/** One continuous drift of one model version. */
export interface Episode {
  readonly id: string;
  readonly model: ModelVersion;
  /** Counts the version's episodes from 1; part of the id's hash. */
  readonly number: number;
  startedAt: Time;
  endedAt: Time | null;
  cause: EpisodeCause | null;
  /** The id of the episode that this one continues (`asked_again`). */
  readonly continues: string | null;
  /** Every metric that took part, in the order in which they began to drift. */
  readonly metrics: string[];
  request: string | null;
  /** When that request ended. */
  requestEndedAt: Time | null;
  /** While open and unasked: the first gate that fails. Once closed unasked: the last such reason. */
  heldBy: GateName | null;
  /** When that gate could pass; null where no time is known. */
  heldUntil: Time | null;
}

export type RequestStatus =
  | 'requested'
  | 'delivered'
  | 'running'
  | 'parked'
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'withdrawn'
  | 'cancelled'
  | 'dry_run';

export interface Outcome {
  readonly status: 'running' | 'succeeded' | 'failed';
  /** The version that the pipeline made, where it said so. */
  readonly version: string | null;
  readonly message: string | null;
  readonly at: Time;
}

/** Something that has happened to a request, and how often in a row. */
export interface RequestStep {
  /** The status that it came to, or what else happened. `omitted` stands for older steps that are not kept. */
  readonly event: RequestStatus | 'attempt_failed' | 'redelivered' | 'omitted';
  /** The first and the last time. */
  at: Time;
  lastAt: Time;
  count: number;
  /** The word for why an attempt failed or it was parked; `version_seen`: a success that nobody reported. */
  readonly reason: string | null;
  /** In words: what the receiver answered, what the pipeline said, or which trigger it was given to. */
  readonly detail: string | null;
}

/** What an episode asks of the pipeline. It is in flight from `requested` until `endedAt` is set. */
export interface RetrainRequest {
  readonly id: string;
  readonly episode: string | null;
  readonly model: ModelVersion;
  status: RequestStatus;
  trigger: string;
  readonly reason: string;
  /** Attempts begun; committed before the first byte leaves. */
  attempts: number;
  /** An attempt has begun and its end is not known. */
  attempting: boolean;
  /** Some attempt may have written a byte of it: it can no longer be withdrawn. */
  exposed: boolean;
  /** No attempt before this time. */
  notBefore: Time;
  /** When the present series of refusals (4xx) began; null where the last attempt failed otherwise. */
  refusedSince: Time | null;
  /** Why the last attempt failed, or why it is parked; null before and after. */
  failure: string | null;
  /** When the present series of attempts began: at the request, or at its last redelivery. */
  seriesSince: Time;
  /** Attempts begun before the present series. */
  attemptsBefore: number;
  requestedAt: Time;
  deliveredAt: Time | null;
  runningAt: Time | null;
  endedAt: Time | null;
  outcome: Outcome | null;
  /** The oldest first. */
  readonly steps: RequestStep[];
}

/** What a dispatcher, a pipeline or a person says about a request. */
export type Report =
  | { readonly kind: 'attempt' }
  | {
      readonly kind: 'attempt_failed';
      readonly reason: string;
      /** One line, free of secrets: what was answered, or which error. */
      readonly message: string;
      /** Whether a byte of the request may have been written. */
      readonly written: boolean;
      readonly retryAt: Time;
      /** The receiver answered with a 4xx that counts towards parking. */
      readonly refused: boolean;
    }
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'parked';
      readonly reason: string;
      readonly message: string;
      readonly written: boolean;
    }
  | {
      readonly kind: 'outcome';
      readonly status: Outcome['status'];
      readonly version: string | null;
      readonly message: string | null;
    }
  | { readonly kind: 'redeliver'; readonly trigger: string }
  | { readonly kind: 'cancel' };

/** One signal of a request, as it was when the request was made. */
export interface RequestSignal {
  readonly metric: string;
  readonly value: number;
  readonly ema: number;
  readonly bound: 'below' | 'above';
  readonly threshold: number;
  readonly samples: number;
}

/** What the request's body is made from; frozen into bytes in the transaction that stores the request. */
export interface RequestFacts {
  readonly breachSince: Time;
  readonly driftingSince: Time;
  readonly signals: readonly RequestSignal[];
  readonly gates: readonly GateVerdict[];
}
