/**
 * The wire format of Protocol Buffers: tags, varints, doubles, and messages inside messages. Whatever cannot be read is
 * noted once as a fault and moves the reader to the end of the page, so that every loop over fields ends by itself.
 */
import { isUtf8 } from 'node:buffer';

/** A page that is being read. */
export interface Wire {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The end of the page. */
  readonly length: number;
  /** The next byte to read. */
  at: number;
  /** The end of the innermost message, which nothing is read past. */
  end: number;
  /** Empty while all is well. */
  fault: string;
  faultAt: number;
  /** The halves of the varint that was read last, as signed 32-bit integers. */
  low: number;
  high: number;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED32 = 5;
const WIRE_TYPES = ['a varint', '8 bytes', 'a length', 'a group', 'the end of a group', '4 bytes', '?', '?'];

const MAX_TAG = 2 ** 32;
const HIGH = 2 ** 32;
/** Groups within groups, as protobuf's own readers limit them. */
const MAX_DEPTH = 100;

export function wireOf(bytes: Buffer, view: DataView, length: number): Wire {
  return { bytes, view, length, at: 0, end: length, fault: '', faultAt: 0, low: 0, high: 0 };
}

/** An unsigned integer of at most 53 bits, as it is written. */
export function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 0x80);
  return Buffer.of(...bytes, rest);
}

/** The tag that a field begins with. */
export function tagOf(field: number, type: number): number {
  return field * 8 + type;
}

/** Notes what is wrong, where, unless something was wrong before. */
export function refuse(wire: Wire, at: number, fault: string): void {
  if (wire.fault !== '') return;
  wire.fault = fault;
  wire.faultAt = at;
  wire.at = wire.length;
  wire.end = wire.length;
}

/** Whether the message has another field. */
export function more(wire: Wire): boolean {
  return wire.at < wire.end;
}

/** Reads the length of a message and enters it; answers what `leave` wants to know. */
export function enter(wire: Wire): number {
  const outer = wire.end;
  const size = readLength(wire);
  if (wire.fault === '') wire.end = wire.at + size;
  return outer;
}

/** The message was read to its end, or is left where it was not. */
export function leave(wire: Wire, outer: number): void {
  if (wire.fault !== '') return;
  wire.at = wire.end;
  wire.end = outer;
}

/** The length of what follows, which lies within the message. */
export function readLength(wire: Wire): number {
  const start = wire.at;
  const size = readVarint(wire);
  const left = wire.end - wire.at;
  if (size <= left) return size;
  refuse(wire, start, `expected a length of at most ${left} bytes, found ${size}`);
  return 0;
}

/** The tag of the next field; 0 after a fault. */
export function readTag(wire: Wire): number {
  const start = wire.at;
  const tag = readVarint(wire);
  if (tag >= 8 && tag < MAX_TAG && (tag & 7) <= FIXED32) return tag;
  refuse(wire, start, `expected a tag, found ${tag}`);
  return 0;
}

/** An unsigned integer; above 2^53 the nearest double. */
export function readVarint(wire: Wire): number {
  const { bytes, end } = wire;
  const start = wire.at;
  // Most are of one byte.
  const first = bytes[start]!;
  if (first < 0x80 && start < end) {
    wire.at = start + 1;
    wire.low = first;
    wire.high = 0;
    return first;
  }
  let low = 0;
  let high = 0;
  for (let at = start, shift = 0; at < end && shift < 70; at++, shift += 7) {
    const byte = bytes[at]!;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) {
      // The tenth byte has room for one bit.
      if (shift === 63 && byte > 1) break;
      wire.at = at + 1;
      wire.low = low;
      wire.high = high;
      return (high >>> 0) * HIGH + (low >>> 0);
    }
  }
  refuse(wire, start, 'expected a varint of at most 64 bits within its message');
  wire.low = 0;
  wire.high = 0;
  return 0;
}

/** An integer of 64 bits with its sign in the highest: int64 and int32. */
export function readInt64(wire: Wire): number {
  readVarint(wire);
  return wire.high * HIGH + (wire.low >>> 0);
}

/** An integer of 64 bits with its sign in the lowest (zigzag): sint64 and sint32. */
export function readSint64(wire: Wire): number {
  readVarint(wire);
  const sign = -(wire.low & 1);
  const low = ((wire.low >>> 1) | (wire.high << 31)) ^ sign;
  const high = (wire.high >>> 1) ^ sign;
  return high * HIGH + (low >>> 0);
}

export function readDouble(wire: Wire): number {
  const { at } = wire;
  if (at + 8 > wire.end) {
    refuse(wire, at, `expected 8 bytes, found ${wire.end - at}`);
    return 0;
  }
  wire.at = at + 8;
  return wire.view.getFloat64(at, true);
}

/** Skips a message, a string or a packed list without a look at it. */
export function skipLength(wire: Wire): void {
  const size = readLength(wire);
  wire.at += size;
}

/** A string; the empty one after a fault. */
export function readText(wire: Wire): string {
  const size = readLength(wire);
  const start = wire.at;
  if (size === 0) return '';
  const text = wire.bytes.subarray(start, start + size);
  if (!isUtf8(text)) {
    refuse(wire, start, 'expected text in valid UTF-8');
    return '';
  }
  wire.at = start + size;
  return text.toString();
}

/**
 * Skips a field that is not wanted. One that the message does know comes here only with a wire type that it never has,
 * and is refused; `known` has a bit for each.
 */
export function skipField(wire: Wire, tag: number, known: number): void {
  const field = tag >>> 3;
  if (field < 32 && (known >>> field) & 1) {
    refuse(wire, wire.at, `expected another wire type for field ${field}, found ${WIRE_TYPES[tag & 7]}`);
  } else skip(wire, tag, 0);
}

function skip(wire: Wire, tag: number, depth: number): void {
  const start = wire.at;
  switch (tag & 7) {
    case VARINT:
      readVarint(wire);
      break;
    case FIXED64:
      readDouble(wire);
      break;
    case LENGTH:
      skipLength(wire);
      break;
    case FIXED32:
      if (start + 4 > wire.end) refuse(wire, start, `expected 4 bytes, found ${wire.end - start}`);
      else wire.at = start + 4;
      break;
    case GROUP:
      if (depth === MAX_DEPTH) refuse(wire, start, `expected at most ${MAX_DEPTH} groups within each other`);
      else skipGroup(wire, tag, depth);
      break;
    default:
      refuse(wire, start, 'expected a field, found the end of a group');
  }
}

function skipGroup(wire: Wire, tag: number, depth: number): void {
  const start = wire.at;
  while (more(wire)) {
    const inner = readTag(wire);
    if (inner === tag - GROUP + GROUP_END) return;
    if (wire.fault === '') skip(wire, inner, depth + 1);
  }
  refuse(wire, start, `expected the end of the group ${tag >>> 3}`);
}
