/**
 * The native buckets of a histogram: spans of bucket numbers with a count for each, as Prometheus' native histogram
 * specification has them. What Prometheus would refuse to store is refused.
 */
import type { NativeBuckets, NativeHistogram } from '../../core/derive/histogram/native.ts';
import type { Wire } from './protobuf-wire.ts';
import {
  enter,
  FIXED64,
  LENGTH,
  leave,
  more,
  readDouble,
  readSint64,
  readTag,
  readVarint,
  refuse,
  skipField,
  tagOf,
  VARINT,
} from './protobuf-wire.ts';

/** What a histogram message says of its native buckets, in the order of the page. */
export interface NativeFields {
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  readonly positive: Side;
  readonly negative: Side;
}

/** One sign. Deltas are of whole counts, counts are of histograms with fractions. */
interface Side {
  /** Pairs of offset and length. */
  readonly spans: number[];
  readonly deltas: number[];
  readonly counts: number[];
}

const SCHEMA = tagOf(5, VARINT);
const ZERO_THRESHOLD = tagOf(6, FIXED64);
const ZERO_COUNT = tagOf(7, VARINT);
const ZERO_COUNT_FLOAT = tagOf(8, FIXED64);
/** The first of a side's fields: spans, deltas and counts follow each other. */
const NEGATIVE = 9;
const POSITIVE = 12;

const SPAN_OFFSET = tagOf(1, VARINT);
const SPAN_LENGTH = tagOf(2, VARINT);
const SPAN_FIELDS = 0b110;

const LEAST_SCHEMA = -4;
const MOST_SCHEMA = 8;
/** Bucket numbers are 32-bit integers. */
const INDEX_LIMIT = 2 ** 31;

export function createNativeFields(): NativeFields {
  const side = () => ({ spans: [], deltas: [], counts: [] });
  return { schema: 0, zeroThreshold: 0, zeroCount: 0, zeroCountFloat: 0, positive: side(), negative: side() };
}

/** Reads the field if it is one of native buckets; answers whether it was. */
export function readNativeField(wire: Wire, tag: number, into: NativeFields): boolean {
  switch (tag) {
    case SCHEMA:
      into.schema = readSint64(wire);
      return true;
    case ZERO_THRESHOLD:
      into.zeroThreshold = readDouble(wire);
      return true;
    case ZERO_COUNT:
      into.zeroCount = readVarint(wire);
      return true;
    case ZERO_COUNT_FLOAT:
      into.zeroCountFloat = readDouble(wire);
      return true;
  }
  return (
    readSideField(wire, tag, NEGATIVE, into.negative) || readSideField(wire, tag, POSITIVE, into.positive)
  );
}

function readSideField(wire: Wire, tag: number, first: number, into: Side): boolean {
  switch (tag) {
    case tagOf(first, LENGTH):
      readSpan(wire, into.spans);
      return true;
    case tagOf(first + 1, VARINT):
      into.deltas.push(readSint64(wire));
      return true;
    case tagOf(first + 1, LENGTH):
      readPacked(wire, readSint64, into.deltas);
      return true;
    case tagOf(first + 2, FIXED64):
      into.counts.push(readDouble(wire));
      return true;
    case tagOf(first + 2, LENGTH):
      readPacked(wire, readDouble, into.counts);
      return true;
  }
  return false;
}

function readSpan(wire: Wire, into: number[]): void {
  const outer = enter(wire);
  let offset = 0;
  let length = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === SPAN_OFFSET) offset = readSint64(wire);
    else if (tag === SPAN_LENGTH) length = readVarint(wire);
    else skipField(wire, tag, SPAN_FIELDS);
  }
  leave(wire, outer);
  into.push(offset, length);
}

function readPacked(wire: Wire, read: (wire: Wire) => number, into: number[]): void {
  const outer = enter(wire);
  while (more(wire)) into.push(read(wire));
  leave(wire, outer);
}

/** A histogram without any of these is a classic one; a span of no buckets marks a native one without observations. */
export function isNative(fields: NativeFields): boolean {
  return (
    fields.positive.spans.length > 0 ||
    fields.negative.spans.length > 0 ||
    fields.zeroThreshold > 0 ||
    fields.zeroCount > 0 ||
    fields.zeroCountFloat > 0
  );
}

/** Checks the fields and puts the histogram together; what is refused is refused at `at`. */
export function nativeOf(
  wire: Wire,
  at: number,
  fields: NativeFields,
  total: { readonly count: number; readonly countFloat: number; readonly sum: number },
): NativeHistogram {
  const { schema, zeroThreshold } = fields;
  const float = total.countFloat > 0 || fields.zeroCountFloat > 0;
  const count = float ? total.countFloat : total.count;
  const zeroCount = float ? fields.zeroCountFloat : fields.zeroCount;
  if (schema < LEAST_SCHEMA || schema > MOST_SCHEMA) {
    refuse(wire, at, `expected a schema from ${LEAST_SCHEMA} to ${MOST_SCHEMA}, found ${schema}`);
  }
  if (!(zeroThreshold >= 0 && zeroThreshold < Infinity)) {
    refuse(wire, at, `expected a zero threshold that is not negative, found ${zeroThreshold}`);
  }
  if (!(count >= 0 && zeroCount >= 0)) {
    refuse(wire, at, `expected counts that are not negative, found ${count >= 0 ? zeroCount : count}`);
  }
  const positive = bucketsOf(wire, at, fields.positive, float);
  const negative = bucketsOf(wire, at, fields.negative, float);
  const populated = zeroCount + sumOf(positive) + sumOf(negative);
  // Fractions do not add up exactly, nor do whole numbers that a double cannot hold. Observations that are NaN lie in
  // no bucket, and make the sum NaN.
  const exact = !float && count <= Number.MAX_SAFE_INTEGER;
  if (exact && !(Number.isNaN(total.sum) ? populated <= count : populated === count)) {
    refuse(wire, at, `expected ${count} observations in the buckets, as the count says, found ${populated}`);
  }
  return { schema, zeroThreshold, zeroCount, count, sum: total.sum, positive, negative };
}

/** The populated buckets of one sign. */
function bucketsOf(wire: Wire, at: number, side: Side, float: boolean): NativeBuckets {
  const { spans } = side;
  const all = float ? side.counts : absolute(side.deltas);
  const indexes: number[] = [];
  const counts: number[] = [];
  let claimed = 0;
  for (let span = 0; span < spans.length; span += 2) {
    if (span > 0 && spans[span]! < 0)
      refuse(wire, at, `expected spans in order, found an offset of ${spans[span]}`);
    claimed += spans[span + 1]!;
  }
  // Before anything is made of them: a span may claim four billion buckets.
  if (claimed !== all.length) {
    refuse(wire, at, `expected ${claimed} buckets, as the spans say, found ${all.length}`);
    return { indexes, counts };
  }

  let index = 0;
  let bucket = 0;
  for (let span = 0; span < spans.length; span += 2) {
    index += spans[span]!;
    const stop = bucket + spans[span + 1]!;
    for (; bucket < stop; bucket++, index++) {
      const count = all[bucket]!;
      if (!(count >= 0)) refuse(wire, at, `expected buckets that are not negative, found ${count}`);
      if (count === 0) continue;
      if (!(Math.abs(index) < INDEX_LIMIT))
        refuse(wire, at, `expected bucket numbers of 32 bits, found ${index}`);
      indexes.push(index);
      counts.push(count);
    }
  }
  return { indexes, counts };
}

function absolute(deltas: readonly number[]): number[] {
  let count = 0;
  return deltas.map((delta) => {
    count += delta;
    return count;
  });
}

function sumOf({ counts }: NativeBuckets): number {
  let sum = 0;
  for (let at = 0; at < counts.length; at++) sum += counts[at]!;
  return sum;
}
