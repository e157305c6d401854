/** How a signal is smoothed and judged, and what is asked when it drifts: the parsed form of the config's judgement part. */
import type { DerivationSettings } from './derive/settings.ts';
import type { DetectorSettings } from './detectors/index.ts';

/** `retrain` asks, `flag` only shows, `inhibit` holds the requests of its model version while it drifts. */
export type Action = 'retrain' | 'flag' | 'inhibit';

export type Smoothing =
  | { readonly kind: 'alpha'; readonly alpha: number }
  | { readonly kind: 'half_life'; readonly halfLifeMs: number };

/** One entry of `metrics`. */
export interface Rule {
  readonly metric: string;
  /** Position in the config's `metrics` list. */
  readonly entry: number;
  /** Globs over model names; empty: all. */
  readonly models: readonly string[];
  /** How its samples are made of what is scraped; null: they are pushed. */
  readonly from: DerivationSettings | null;
  readonly smoothing: Smoothing;
  /** Samples before the signal is judged. */
  readonly warmUp: number;
  readonly detector: DetectorSettings;
  readonly forMs: number;
  readonly minSamples: number;
  readonly keepFiringForMs: number;
  readonly action: Action;
  readonly staleAfterMs: number;
  readonly ttlMs: number;
  /** Equal where `from` and `smoothing` are equal: the EMA may be kept over a reload. */
  readonly inputFingerprint: string;
  /** Equal where `drift` is equal: the drift state may be kept over a reload. */
  readonly judgeFingerprint: string;
}

/** The keys of `retrain` that may differ by model. */
export interface RetrainPolicy {
  readonly mode: 'act' | 'dry_run';
  readonly initialHoldMs: number;
  readonly groupWaitMs: number;
  readonly cooldownMs: number;
  /** Requests per model name in a rolling 24 hours. */
  readonly maxPerDay: number;
  readonly inFlightTimeoutMs: number;
  readonly replacedAfterMs: number;
}

/** What the core must know of a trigger: which models it serves, and whether its delivery is already the end. */
export interface TriggerRule {
  readonly name: string;
  readonly models: readonly string[];
  readonly outcome: 'reported' | 'none';
}

/** All that the core needs of a config. */
export interface JudgeConfig {
  readonly rules: readonly Rule[];
  readonly policy: RetrainPolicy;
  /** Overrides for some models; the first whose globs fit wins over `policy`. */
  readonly policies: readonly { readonly models: readonly string[]; readonly policy: RetrainPolicy }[];
  readonly triggers: readonly TriggerRule[];
  readonly maxSignals: number;
  /** Of all targets together; what derivations remember is bounded by it too. */
  readonly maxSeries: number;
}
