/** What a metric holds by its type, each kind as the samples that a page of the text format would have. */
import { keyName } from './protobuf-key.ts';
import type { NativeFields } from './protobuf-native.ts';
import { createNativeFields, isNative, nativeOf, readNativeField } from './protobuf-native.ts';
import type { Rows } from './protobuf-rows.ts';
import { addBucket, addNative, addQuantile, addSample } from './protobuf-rows.ts';
import type { Wire } from './protobuf-wire.ts';
import {
  enter,
  FIXED64,
  LENGTH,
  leave,
  more,
  readDouble,
  readInt64,
  readTag,
  readVarint,
  skipField,
  tagOf,
  VARINT,
} from './protobuf-wire.ts';

/** A family of metrics, with the names of its samples as they were needed so far. */
export interface Family {
  readonly name: string;
  readonly names: Map<string, Buffer>;
}

export interface Kind {
  readonly word: string;
  /** The field of a metric that holds it. */
  readonly content: number;
  /** A label that its samples get, so that the metric may not have it. */
  readonly ownLabel?: 'le' | 'quantile';
  /** Reads the fields of that message and adds the samples. */
  read(wire: Wire, rows: Rows, family: Family): void;
}

/** By the number of the type. */
export const KINDS: readonly Kind[] = [
  { word: 'counter', content: tagOf(3, LENGTH), read: readCounter },
  { word: 'gauge', content: tagOf(2, LENGTH), read: readValue },
  { word: 'summary', content: tagOf(4, LENGTH), ownLabel: 'quantile', read: readSummary },
  { word: 'untyped', content: tagOf(5, LENGTH), read: readValue },
  {
    word: 'histogram',
    content: tagOf(7, LENGTH),
    ownLabel: 'le',
    read: (wire, rows, family) => readHistogram(wire, rows, family, true),
  },
  {
    word: 'gauge histogram',
    content: tagOf(7, LENGTH),
    ownLabel: 'le',
    // Its native buckets are no counters, and nothing here can read them as anything else.
    read: (wire, rows, family) => readHistogram(wire, rows, family, false),
  },
];

const FIRST_DOUBLE = tagOf(1, FIXED64);
const SECOND_DOUBLE = tagOf(2, FIXED64);
const ONE_FIELD = 0b10;
const TWO_FIELDS = 0b110;

/** Gauge and Untyped: a value. */
function readValue(wire: Wire, rows: Rows, family: Family): void {
  let value = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === FIRST_DOUBLE) value = readDouble(wire);
    else skipField(wire, tag, ONE_FIELD);
  }
  addSample(rows, nameWith(family, ''), value);
}

const COUNTER_CREATED = tagOf(3, LENGTH);
const COUNTER_FIELDS = 0b1010;

function readCounter(wire: Wire, rows: Rows, family: Family): void {
  let value = 0;
  let created = NaN;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === FIRST_DOUBLE) value = readDouble(wire);
    else if (tag === COUNTER_CREATED) created = readTimestamp(wire);
    else skipField(wire, tag, COUNTER_FIELDS);
  }
  addSample(rows, nameWith(family, ''), value);
  addCreated(rows, family, created);
}

const SAMPLE_COUNT = tagOf(1, VARINT);
const SAMPLE_SUM = SECOND_DOUBLE;
const QUANTILE = tagOf(3, LENGTH);
const SUMMARY_CREATED = tagOf(4, LENGTH);
const SUMMARY_FIELDS = 0b11110;

function readSummary(wire: Wire, rows: Rows, family: Family): void {
  let count = 0;
  let sum = 0;
  let created = NaN;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === SAMPLE_COUNT) count = readVarint(wire);
    else if (tag === SAMPLE_SUM) sum = readDouble(wire);
    else if (tag === QUANTILE) readQuantile(wire, rows, family);
    else if (tag === SUMMARY_CREATED) created = readTimestamp(wire);
    else skipField(wire, tag, SUMMARY_FIELDS);
  }
  addSample(rows, nameWith(family, '_sum'), sum);
  addSample(rows, nameWith(family, '_count'), count);
  addCreated(rows, family, created);
}

function readQuantile(wire: Wire, rows: Rows, family: Family): void {
  const outer = enter(wire);
  let quantile = 0;
  let value = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === FIRST_DOUBLE) quantile = readDouble(wire);
    else if (tag === SECOND_DOUBLE) value = readDouble(wire);
    else skipField(wire, tag, TWO_FIELDS);
  }
  leave(wire, outer);
  addQuantile(rows, nameWith(family, ''), quantile, value);
}

const BUCKET = tagOf(3, LENGTH);
const SAMPLE_COUNT_FLOAT = tagOf(4, FIXED64);
const HISTOGRAM_CREATED = tagOf(15, LENGTH);
/** 1 to 15. */
const HISTOGRAM_FIELDS = 0xfffe;

/** Classic buckets are added as they are read; the native ones make one row that comes last. */
function readHistogram(wire: Wire, rows: Rows, family: Family, counts: boolean): void {
  const start = wire.at;
  let count = 0;
  let countFloat = 0;
  let sum = 0;
  let created = NaN;
  let complete = false;
  let native: NativeFields | undefined;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === BUCKET) complete = readBucket(wire, rows, family) || complete;
    else if (tag === SAMPLE_COUNT) count = readVarint(wire);
    else if (tag === SAMPLE_SUM) sum = readDouble(wire);
    else if (tag === SAMPLE_COUNT_FLOAT) countFloat = readDouble(wire);
    else if (tag === HISTOGRAM_CREATED) created = readTimestamp(wire);
    else {
      native ??= createNativeFields();
      if (!readNativeField(wire, tag, native)) skipField(wire, tag, HISTOGRAM_FIELDS);
    }
  }
  const total = countFloat > 0 ? countFloat : count;
  if (!complete) addBucket(rows, nameWith(family, '_bucket'), Infinity, total);
  addSample(rows, nameWith(family, '_sum'), sum);
  addSample(rows, nameWith(family, '_count'), total);
  addCreated(rows, family, created);
  if (native === undefined || !counts || !isNative(native)) return;
  addNative(rows, nameWith(family, ''), nativeOf(wire, start, native, { count, countFloat, sum }));
}

const CUMULATIVE_COUNT = tagOf(1, VARINT);
const UPPER_BOUND = SECOND_DOUBLE;
const CUMULATIVE_COUNT_FLOAT = tagOf(4, FIXED64);
const BUCKET_FIELDS = 0b10110;

/** Whether it was the last one, +Inf. */
function readBucket(wire: Wire, rows: Rows, family: Family): boolean {
  const outer = enter(wire);
  let count = 0;
  let countFloat = 0;
  let bound = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === CUMULATIVE_COUNT) count = readVarint(wire);
    else if (tag === UPPER_BOUND) bound = readDouble(wire);
    else if (tag === CUMULATIVE_COUNT_FLOAT) countFloat = readDouble(wire);
    else skipField(wire, tag, BUCKET_FIELDS);
  }
  leave(wire, outer);
  addBucket(rows, nameWith(family, '_bucket'), bound, countFloat > 0 ? countFloat : count);
  return bound === Infinity;
}

const SECONDS = tagOf(1, VARINT);
const NANOS = tagOf(2, VARINT);

/** A google.protobuf.Timestamp, in seconds since 1970. */
function readTimestamp(wire: Wire): number {
  const outer = enter(wire);
  let seconds = 0;
  let nanos = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === SECONDS) seconds = readInt64(wire);
    else if (tag === NANOS) nanos = readInt64(wire);
    else skipField(wire, tag, TWO_FIELDS);
  }
  leave(wire, outer);
  return seconds + nanos / 1e9;
}

/** OpenMetrics calls it so, without the counter's `_total`. */
function addCreated(rows: Rows, family: Family, created: number): void {
  if (!Number.isNaN(created)) addSample(rows, nameWith(family, '_created'), created);
}

/** The name of one of its samples, as keys begin with it. */
function nameWith(family: Family, suffix: string): Buffer {
  let name = family.names.get(suffix);
  if (name === undefined) {
    const stem = suffix === '_created' ? family.name.replace(/_total$/, '') : family.name;
    name = keyName(stem + suffix);
    family.names.set(suffix, name);
  }
  return name;
}
