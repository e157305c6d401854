/** The grammar of a series: a metric name and its labels. What Prometheus' own parser refuses is refused. */
import { isUtf8 } from 'node:buffer';
import type { Scan } from './scan.ts';
import {
  BACKSLASH,
  CLOSE,
  COMMA,
  EQUALS,
  KINDS,
  LABEL_PART,
  LABEL_START,
  NAME_PART,
  NAME_START,
  NEWLINE,
  OPEN,
  QUOTE,
  refuse,
  skipBlanks,
  VALUE_STOP,
} from './scan.ts';

const METRIC_NAME = Buffer.from('__name__');
/** Above so many labels, duplicates are looked for in a set. */
const MANY_LABELS = 16;

/** The end of the metric name at `start`; `start` itself where there is none. */
export function scanName(bytes: Uint8Array, start: number): number {
  if (!(KINDS[bytes[start]!]! & NAME_START)) return start;
  let at = start + 1;
  while (KINDS[bytes[at]!]! & NAME_PART) at++;
  return at;
}

/** Reads a metric name and its labels; what lies between is the series' key. */
export function scanSeries(scan: Scan, start: number): number {
  const { bytes } = scan;
  const end = scanName(bytes, start);
  if (end === start) return refuse(scan, start, 'expected a metric name or a comment');
  const brace = skipBlanks(bytes, end);
  return bytes[brace] === OPEN ? scanLabels(scan, brace + 1) : end;
}

/** Reads what follows `{`, up to and including `}`. Blanks and a comma may stand between labels, and neither needs to. */
function scanLabels(scan: Scan, start: number): number {
  const { bytes } = scan;
  const names: number[] = [];
  let at = skipBlanks(bytes, start);
  while (bytes[at] !== CLOSE) {
    const nameEnd = scanLabelName(bytes, at);
    if (nameEnd === at) return refuse(scan, at, 'expected a label name or "}"');
    names.push(at, nameEnd);
    const equals = skipBlanks(bytes, nameEnd);
    if (bytes[equals] !== EQUALS) return refuse(scan, equals, 'expected "="');
    const value = skipBlanks(bytes, equals + 1);
    if (bytes[value] !== QUOTE) return refuse(scan, value, 'expected a label value in double quotes');
    const valueEnd = scanLabelValue(scan, value);
    if (valueEnd < 0) return valueEnd;
    at = skipBlanks(bytes, valueEnd);
    if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1);
  }
  const twice = duplicateOf(bytes, names);
  return twice < 0 ? at + 1 : refuse(scan, twice, 'expected each label once');
}

/** The end of the label name at `start`; `start` itself where there is none. */
export function scanLabelName(bytes: Uint8Array, start: number): number {
  if (!(KINDS[bytes[start]!]! & LABEL_START)) return start;
  let at = start + 1;
  while (KINDS[bytes[at]!]! & LABEL_PART) at++;
  return at;
}

/** Reads a value from its quote to the offset after the closing one. A line break inside is taken, as Prometheus does. */
function scanLabelValue(scan: Scan, start: number): number {
  const { bytes, end } = scan;
  let at = start + 1;
  for (;;) {
    while (!(KINDS[bytes[at]!]! & VALUE_STOP)) at++;
    if (bytes[at] === QUOTE) break;
    if (bytes[at] === BACKSLASH) {
      // Prometheus looks past NULs for what is escaped.
      do at++;
      while (bytes[at] === 0);
      if (bytes[at] === NEWLINE) return refuse(scan, at, 'expected an escaped character');
    } else if (at >= end) {
      return refuse(scan, start, 'expected a label value with a closing quote');
    }
    at++;
  }
  if (!scan.utf8 && !isUtf8(bytes.subarray(start + 1, at))) {
    return refuse(scan, start, 'expected a label value in valid UTF-8');
  }
  return at + 1;
}

/** Where a label name stands for the second time, or -1; `names` are starts and ends. The metric name is a label too. */
function duplicateOf(bytes: Buffer, names: readonly number[]): number {
  if (names.length > 2 * MANY_LABELS) return duplicateOfMany(bytes, names);
  for (let label = 0; label < names.length; label += 2) {
    const start = names[label]!;
    const length = names[label + 1]! - start;
    if (length === METRIC_NAME.length && sameBytes(METRIC_NAME, 0, bytes, start, length)) return start;
    for (let before = 0; before < label; before += 2) {
      const other = names[before]!;
      if (names[before + 1]! - other === length && sameBytes(bytes, other, bytes, start, length))
        return start;
    }
  }
  return -1;
}

function duplicateOfMany(bytes: Buffer, names: readonly number[]): number {
  const seen = new Set(['__name__']);
  for (let label = 0; label < names.length; label += 2) {
    const name = bytes.toString('latin1', names[label]!, names[label + 1]!);
    if (seen.has(name)) return names[label]!;
    seen.add(name);
  }
  return -1;
}

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let offset = 0; offset < length; offset++) if (a[aStart + offset] !== b[bStart + offset]) return false;
  return true;
}
