/** Names of metrics and labels, plain or in quotes: quoted ones may hold any text, as Prometheus 3 takes them. */
import { isUtf8 } from 'node:buffer';
import type { Scan } from './scan.ts';
import {
  BACKSLASH,
  KINDS,
  LABEL_PART,
  LABEL_START,
  NAME_PART,
  NAME_START,
  NEWLINE,
  QUOTE,
  refuse,
  VALUE_STOP,
} from './scan.ts';

/** The end of the plain metric name at `start`; `start` itself where there is none. */
export function scanName(bytes: Uint8Array, start: number): number {
  if (!(KINDS[bytes[start]!]! & NAME_START)) return start;
  let at = start + 1;
  while (KINDS[bytes[at]!]! & NAME_PART) at++;
  return at;
}

/** The end of the plain label name at `start`; `start` itself where there is none. */
export function scanLabelName(bytes: Uint8Array, start: number): number {
  if (!(KINDS[bytes[start]!]! & LABEL_START)) return start;
  let at = start + 1;
  while (KINDS[bytes[at]!]! & LABEL_PART) at++;
  return at;
}

/** Reads a quoted text from its quote to the offset after the closing one; `what` it is goes into the fault. */
export function scanQuoted(scan: Scan, start: number, what: string): number {
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
    } else if (at >= end || !scan.lineBreaks) {
      return refuse(scan, start, `expected a ${what} with a closing quote`);
    }
    at++;
  }
  if (!scan.utf8 && !isUtf8(bytes.subarray(start + 1, at))) {
    return refuse(scan, start, `expected a ${what} in valid UTF-8`);
  }
  return at + 1;
}

/** Reads a name in quotes; Prometheus takes neither an empty one nor NUL in it. */
export function scanQuotedName(scan: Scan, start: number): number {
  const end = scanQuoted(scan, start, 'name');
  if (end < 0) return end;
  if (end === start + 2) return refuse(scan, start, 'expected a name that is not empty');
  return scan.bytes.subarray(start, end).includes(0)
    ? refuse(scan, start, 'expected a name without NUL')
    : end;
}

/** The name that stands between two offsets. */
export function readName(bytes: Buffer, start: number, end: number): string {
  return bytes[start] === QUOTE
    ? unescaped(bytes.toString('utf8', start + 1, end - 1))
    : bytes.toString('latin1', start, end);
}

/** Only three escapes mean something; any other backslash stands for itself, as in Prometheus. */
export function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : text;
}
