/** What an entry's `from` says of its samples, parsed: which kind of derivation, and what that kind must know. */
import type { ClassicHistogram } from './histogram/classic.ts';

export type Aggregate = 'avg' | 'min' | 'max' | 'sum';

/** What one scraped series can be to a derivation. */
export type Role =
  /** A gauge, or the counter of a rate. */
  | 'value'
  | 'numerator'
  | 'denominator'
  | 'sum'
  | 'count'
  /** One bucket of a classic histogram: its label `le` is the upper bound. */
  | 'bucket'
  /** A native histogram. */
  | 'native'
  /** Seconds since 1970 at which the counters of the same labels began (`_created`). */
  | 'start'
  | 'numerator_start'
  | 'denominator_start';

interface Scaled {
  /** The derived value is multiplied by it. */
  readonly scale: number;
}

/** What all that count have in common: deltas are summed over a window, which then gives one sample. */
export interface Windowed extends Scaled {
  /** 0: each scrape. A window grows until the first scrape at which it is at least this long. */
  readonly windowMs: number;
  /** The window grows until it holds so many observations. */
  readonly minCount: number;
}

export interface GaugeSettings extends Scaled {
  readonly kind: 'gauge';
  /** How several series are combined; null: the first has it. */
  readonly aggregate: Aggregate | null;
}

export interface RateSettings extends Windowed {
  readonly kind: 'rate';
}

export interface RatioSettings extends Windowed {
  readonly kind: 'ratio';
}

export interface MeanSettings extends Windowed {
  readonly kind: 'mean';
}

export interface QuantileSettings extends Windowed {
  readonly kind: 'histogram_quantile';
  readonly quantile: number;
}

export type DistanceKind = 'psi' | 'js' | 'ks';

export type ReferenceSettings =
  /** The observations of the version's first so many milliseconds. */
  | { readonly kind: 'first'; readonly ms: number }
  /** The observations of the last so many milliseconds before the window. */
  | { readonly kind: 'trailing'; readonly ms: number }
  /** Cumulative counts that were read from a file. */
  | { readonly kind: 'file'; readonly histogram: ClassicHistogram };

export interface DistanceSettings extends Windowed {
  readonly kind: 'histogram';
  readonly distance: DistanceKind;
  readonly reference: ReferenceSettings;
}

/** The kinds that count. */
export type CountingSettings =
  | RateSettings
  | RatioSettings
  | MeanSettings
  | QuantileSettings
  | DistanceSettings;

export type DerivationSettings = GaugeSettings | CountingSettings;
