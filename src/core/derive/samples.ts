/** Samples of one page of a target as growable columns, in the order of the page. */
import type { NativeHistogram } from './histogram/native.ts';

export interface Samples {
  length: number;
  /** A number that stands for the series from one page of a target to the next. */
  series: Uint32Array;
  /** Milliseconds since 1970; NaN where the page gave none. */
  time: Float64Array;
  value: Float64Array;
  /** Native histograms, by row; their `value` is NaN. */
  readonly histograms: Map<number, NativeHistogram>;
}

export function createSamples(capacity = 64): Samples {
  return {
    length: 0,
    series: new Uint32Array(capacity),
    time: new Float64Array(capacity),
    value: new Float64Array(capacity),
    histograms: new Map(),
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
