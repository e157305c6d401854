/**
 * The key of a series of a page of protobuf: the metric name after its length, then the label fields of the metric as
 * they lie on the page, then perhaps one more, such as `le`. It is put together in a scratch buffer: the labels are
 * copied once for all samples of a metric, and what is before and behind them changes from sample to sample.
 */
import { LENGTH, tagOf, varintOf } from './protobuf-wire.ts';

export interface SeriesKey {
  bytes: Buffer;
  view: DataView;
  /** Where the labels begin, and what precedes them ends. */
  labelsAt: number;
  labelsEnd: number;
  /** What precedes them, if it is already written. */
  name: Buffer | undefined;
  /** The key as it was put together last. */
  start: number;
  end: number;
}

/** Room for a name and for labels at first; most need no more. */
const NAME_BYTES = 256;
const LABEL_BYTES = 1024;
/** Whole words are read and written past the end of a key. */
const SPARE_BYTES = 4;

export function createKey(): SeriesKey {
  const bytes = Buffer.allocUnsafeSlow(NAME_BYTES + LABEL_BYTES);
  return {
    bytes,
    view: new DataView(bytes.buffer),
    labelsAt: NAME_BYTES,
    labelsEnd: NAME_BYTES,
    name: undefined,
    start: NAME_BYTES,
    end: NAME_BYTES,
  };
}

/** A name as keys begin with it. */
export function keyName(name: string): Buffer {
  const text = Buffer.from(name);
  return Buffer.concat([varintOf(text.length), text]);
}

/** A label as a metric would have it. */
export function labelField(name: string, value: string): Buffer {
  const parts = [name, value].map((part) => Buffer.from(part));
  const pair = parts.flatMap((part, index) => [
    varintOf(tagOf(index + 1, LENGTH)),
    varintOf(part.length),
    part,
  ]);
  const content = Buffer.concat(pair);
  return Buffer.concat([varintOf(tagOf(1, LENGTH)), varintOf(content.length), content]);
}

/** Forgets the labels of the metric before. */
export function beginLabels(key: SeriesKey): void {
  key.labelsEnd = key.labelsAt;
}

/** Adds a run of label fields of a page, where four more bytes must be readable. */
export function addLabels(key: SeriesKey, page: DataView, start: number, end: number): void {
  const length = end - start;
  reserve(key, length);
  const { view, labelsEnd } = key;
  // The last word may bring too much; what comes next overwrites it.
  for (let offset = 0; offset < length; offset += 4) {
    view.setInt32(labelsEnd + offset, page.getInt32(start + offset, true), true);
  }
  key.labelsEnd = labelsEnd + length;
}

/** Puts a key together. */
export function compose(key: SeriesKey, name: Buffer, label?: Buffer): void {
  if (key.name !== name) writeName(key, name);
  key.start = key.labelsAt - name.length;
  key.end = key.labelsEnd;
  if (label === undefined) return;
  reserve(key, label.length);
  const { bytes, labelsEnd } = key;
  for (let at = 0; at < label.length; at++) bytes[labelsEnd + at] = label[at]!;
  key.end = labelsEnd + label.length;
}

function writeName(key: SeriesKey, name: Buffer): void {
  const missing = name.length - key.labelsAt;
  if (missing > 0) grow(key, key.bytes.length, missing);
  name.copy(key.bytes, key.labelsAt - name.length);
  key.name = name;
}

/** Makes room for so many bytes behind the labels. */
function reserve(key: SeriesKey, bytes: number): void {
  const capacity = key.labelsEnd + bytes + SPARE_BYTES;
  if (capacity > key.bytes.length) grow(key, Math.max(capacity, 2 * key.bytes.length), 0);
}

/** Moves the labels `shift` bytes to the right in a larger buffer; the name before them is lost. */
function grow(key: SeriesKey, capacity: number, shift: number): void {
  const bytes = Buffer.allocUnsafeSlow(capacity + shift);
  key.bytes.copy(bytes, key.labelsAt + shift, key.labelsAt, key.labelsEnd);
  key.bytes = bytes;
  key.view = new DataView(bytes.buffer);
  key.labelsAt += shift;
  key.labelsEnd += shift;
  key.name = undefined;
}
