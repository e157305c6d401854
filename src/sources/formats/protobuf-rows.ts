/** The samples of a page of protobuf on their way into columns: their series in the table, and the limits. */
import type { NativeHistogram } from '../../core/derive/histogram/native.ts';
import type { Samples } from '../../core/derive/samples.ts';
import { growSamples } from '../../core/derive/samples.ts';
import type { SeriesTable } from '../series-table.ts';
import { NO_SERIES, PAGE_START } from '../series-table.ts';
import type { ParseOptions } from './format.ts';
import { canonicalNumber } from './label-number.ts';
import type { SeriesKey } from './protobuf-key.ts';
import { compose, createKey, labelField } from './protobuf-key.ts';

export interface Rows {
  readonly table: SeriesTable;
  readonly into: Samples;
  readonly sampleLimit: number;
  /** Holds the labels of the metric that is being read. */
  readonly key: SeriesKey;
  /** Labels `le` and `quantile` by their numbers. */
  readonly bounds: Map<number, Buffer>;
  readonly quantiles: Map<number, Buffer>;
  /** When the metric was sampled, in milliseconds since 1970; NaN where the page says nothing. */
  time: number;
  /** A series of the metric did not follow as on the page before, so that its labels need a check. */
  surprise: boolean;
  length: number;
  /** Samples that the table had no room for. */
  refused: number;
  /** There are more samples than the limit; no more are taken. */
  tooMany: boolean;
  previous: number;
}

export function rowsOf({ table, into, sampleLimit }: ParseOptions): Rows {
  return {
    table,
    into,
    sampleLimit,
    key: createKey(),
    bounds: new Map(),
    quantiles: new Map(),
    time: NaN,
    surprise: false,
    length: 0,
    refused: 0,
    tooMany: false,
    previous: PAGE_START,
  };
}

/** Adds a sample of the metric; answers its row, or -1 where there is no room. */
export function addSample(rows: Rows, name: Buffer, value: number, label?: Buffer): number {
  const { into, key } = rows;
  if (rows.length + rows.refused === rows.sampleLimit) {
    rows.tooMany = true;
    return -1;
  }
  compose(key, name, label);
  const series = seriesOf(rows);
  if (series === NO_SERIES) {
    rows.refused++;
    return -1;
  }
  rows.previous = series;
  const row = rows.length++;
  if (row === into.series.length) growSamples(into, row + 1);
  into.series[row] = series;
  into.time[row] = rows.time;
  into.value[row] = value;
  return row;
}

export function addBucket(rows: Rows, name: Buffer, bound: number, count: number): void {
  addSample(rows, name, count, labelOf(rows.bounds, 'le', bound));
}

export function addQuantile(rows: Rows, name: Buffer, quantile: number, value: number): void {
  addSample(rows, name, value, labelOf(rows.quantiles, 'quantile', quantile));
}

export function addNative(rows: Rows, name: Buffer, histogram: NativeHistogram): void {
  const row = addSample(rows, name, NaN);
  if (row >= 0) rows.into.histograms.set(row, histogram);
}

/** Most likely the series that followed the last one on the page before. */
function seriesOf(rows: Rows): number {
  const { table, key, previous } = rows;
  const expected = table.successorOf(previous);
  if (expected !== NO_SERIES && table.keyLengthOf(expected) === key.end - key.start) {
    if (table.isKeyAt(expected, key.view, key.start)) return expected;
  }
  rows.surprise = true;
  const series = table.resolve(key.view, key.start, key.end);
  if (series !== NO_SERIES) table.follow(previous, series);
  return series;
}

function labelOf(known: Map<number, Buffer>, name: string, number: number): Buffer {
  let label = known.get(number);
  if (label === undefined) {
    label = labelField(name, spelled(number));
    known.set(number, label);
  }
  return label;
}

function spelled(number: number): string {
  if (number === Infinity) return '+Inf';
  return number === -Infinity ? '-Inf' : canonicalNumber(String(number));
}
