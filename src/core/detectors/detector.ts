/**
 * The contract of a detector: one file each, chosen by config. `memory` is all that it may remember between
 * samples, so its state is bounded and stored by construction.
 */

/** `between` lies on neither side: not beyond the threshold, not yet past `clear`. */
export type Verdict = 'breach' | 'between' | 'clear';

/** What API, metrics and page show of a judgement. */
export interface DetectorView {
  readonly bound: 'below' | 'above';
  readonly threshold: number;
  readonly clear: number;
}

export interface Detector<Settings> {
  readonly kind: string;
  /** Float64s that it keeps per signal. */
  readonly slots: number;
  judge(settings: Settings, memory: Float64Array, ema: number): Verdict;
  view(settings: Settings, memory: Float64Array): DetectorView;
}
