/**
 * The contract of a derivation: the samples of one page go in as columns, metric events come out as a batch. Each kind
 * (`gauge`; rates, ratios and histograms later) is one file; what feeds it is decided once per series, outside.
 */
import type { Time } from '../signal.ts';
import type { Batch, DropReason } from '../world.ts';

/** Samples of one page as columns, in the order of the page. */
export interface Samples {
  length: number;
  /** A number that stands for the series from one page of a target to the next. */
  series: Uint32Array;
  /** Milliseconds since 1970; NaN where the page gave none. */
  time: Float64Array;
  value: Float64Array;
}

export interface Derivation {
  /**
   * Appends to `into` what a page says; `at` is the time of its samples that have none. What it drops it reports by
   * reason; late, future and non-finite events are dropped by the core, not here.
   */
  derive(samples: Samples, at: Time, into: Batch): ReadonlyMap<DropReason, number>;
}

export function createSamples(capacity = 64): Samples {
  return {
    length: 0,
    series: new Uint32Array(capacity),
    time: new Float64Array(capacity),
    value: new Float64Array(capacity),
  };
}

/** Makes room for `capacity` rows in all; keeps what is there. */
export function growSamples(samples: Samples, capacity: number): void {
  if (samples.series.length >= capacity) return;
  const size = Math.max(capacity, samples.series.length * 2);
  const series = new Uint32Array(size);
  series.set(samples.series);
  const time = new Float64Array(size);
  time.set(samples.time);
  const value = new Float64Array(size);
  value.set(samples.value);
  Object.assign(samples, { series, time, value });
}
