/** The grammar of the rest of a line: value and timestamp of a sample, and comments. As strict as Prometheus' own parser. */
import { isUtf8 } from 'node:buffer';
import type { Samples } from '../../core/derive/samples.ts';
import { scanName, scanQuotedName } from './names.ts';
import { readNumber, readNumberToken } from './number.ts';
import type { Scan } from './scan.ts';
import { endOfLine, NEWLINE, OPEN, QUOTE, refuse, SPACE, skipBlanks, TAB } from './scan.ts';

const ZERO = 0x30;
const HELP = Buffer.from('HELP');
const TYPE = Buffer.from('TYPE');
const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const LONGEST_TYPE = 'histogram'.length;
const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** Reads value and timestamp into `row` of the columns; answers the start of the next line. */
export function scanSample(scan: Scan, start: number, into: Samples, row: number): number {
  const { bytes } = scan;
  const valueAt = skipBlanks(bytes, start);
  let at = readNumber(bytes, valueAt, into.value, row);
  if (at < 0 || !endsToken(bytes[at]!)) {
    at = valueAt;
    while (!endsToken(bytes[at]!)) at++;
    if (at === valueAt) return refuse(scan, at, 'expected a value');
    const value = readNumberToken(bytes, valueAt, at);
    if (value === 'not a number') return refuse(scan, valueAt, 'expected a number');
    if (value === 'out of range') return refuse(scan, valueAt, 'expected a number that fits a 64-bit float');
    into.value[row] = value;
  }
  at = skipBlanks(bytes, at);
  into.time[row] = NaN;
  return bytes[at] === NEWLINE ? at + 1 : scanTimestamp(scan, at, into.time, row);
}

function endsToken(byte: number): boolean {
  return byte === NEWLINE || byte === SPACE || byte === TAB || byte === OPEN;
}

/** Milliseconds since 1970 without a sign, as Prometheus takes them. */
function scanTimestamp(scan: Scan, start: number, into: Float64Array, row: number): number {
  const { bytes } = scan;
  let at = start;
  let time = 0;
  for (let digit = bytes[at]! ^ ZERO; digit <= 9; digit = bytes[at]! ^ ZERO) {
    time = time * 10 + digit;
    at++;
  }
  if (at === start) return refuse(scan, at, 'expected a timestamp in milliseconds or the end of the line');
  if (time > Number.MAX_SAFE_INTEGER) {
    const digits = bytes.toString('latin1', start, at);
    if (exceedsInt64(digits)) return refuse(scan, start, 'expected a timestamp that fits a 64-bit integer');
    time = Number(digits);
  }
  const lineEnd = skipBlanks(bytes, at);
  if (bytes[lineEnd] !== NEWLINE) return refuse(scan, lineEnd, 'expected the end of the line');
  into[row] = time;
  return lineEnd + 1;
}

function exceedsInt64(digits: string): boolean {
  const significant = digits.replace(/^0+/, '');
  return significant.length > 19 || BigInt(significant) > MAX_TIMESTAMP;
}

/** Reads a line that begins with `#`; answers the start of the next line. */
export function scanComment(scan: Scan, start: number): number {
  const { bytes } = scan;
  const word = skipBlanks(bytes, start + 1);
  const isHelp = word > start + 1 && isWordAt(bytes, word, HELP);
  const isType = word > start + 1 && isWordAt(bytes, word, TYPE);
  if (!isHelp && !isType) return endOfLine(bytes, word) + 1;

  const name = skipBlanks(bytes, word + 4);
  const nameEnd = bytes[name] === QUOTE ? scanQuotedName(scan, name) : scanName(bytes, name);
  if (nameEnd < 0) return nameEnd;
  if (nameEnd === name) return refuse(scan, name, `expected a metric name after ${isHelp ? 'HELP' : 'TYPE'}`);
  const lineEnd = endOfLine(bytes, nameEnd);
  // One byte parts the name from the text, and Prometheus does not look at which.
  const text = Math.min(nameEnd + 1, lineEnd);
  if (isType && !TYPES.has(bytes.toString('latin1', text, Math.min(lineEnd, text + LONGEST_TYPE + 1)))) {
    return refuse(scan, text, 'expected one of the types counter, gauge, histogram, summary, untyped');
  }
  if (isHelp && !scan.utf8 && !isUtf8(bytes.subarray(text, lineEnd))) {
    return refuse(scan, text, 'expected a help text in valid UTF-8');
  }
  return lineEnd + 1;
}

/** The word must be followed by a blank; otherwise the line is an ordinary comment. */
function isWordAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let offset = 0; offset < word.length; offset++) if (bytes[at + offset] !== word[offset]) return false;
  const after = bytes[at + word.length];
  return after === SPACE || after === TAB;
}
