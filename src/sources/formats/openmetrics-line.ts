/** The grammar of the rest of a sample's line in OpenMetrics 1.0: value, timestamp, exemplar, one space before each. */
import type { Samples } from '../../core/derive/samples.ts';
import { readNumber, readNumberToken } from './number.ts';
import { scanExemplarLabels } from './openmetrics-series.ts';
import type { Scan } from './scan.ts';
import { HASH, NEWLINE, OPEN, refuse, SPACE } from './scan.ts';

/** What a line says beyond series and value. One object serves all lines, so that none is made for each. */
export interface Line {
  /** Where the line begins, its value, and its exemplar; the latter -1 where it has none. */
  at: number;
  valueAt: number;
  exemplarAt: number;
  /** SECONDS and EXEMPLAR. */
  readonly numbers: Float64Array;
}

/** The timestamp; NaN where the line has none. Ordering goes by it, since milliseconds lose what comes after. */
export const SECONDS = 0;
/** The value of the exemplar. */
export const EXEMPLAR = 1;
const EXEMPLAR_SECONDS = 2;

const MS_PER_SECOND = 1000;

export function createLine(): Line {
  return { at: 0, valueAt: 0, exemplarAt: -1, numbers: new Float64Array(3) };
}

/** Reads value and timestamp into `row` of the columns, and the rest into `line`; answers the start of the next line. */
export function scanSample(scan: Scan, start: number, line: Line, into: Samples, row: number): number {
  const { bytes } = scan;
  if (bytes[start] !== SPACE) return refuse(scan, start, 'expected one space and a value');
  line.valueAt = start + 1;
  line.exemplarAt = -1;
  line.numbers[SECONDS] = NaN;
  into.time[row] = NaN;
  const end = scanNumber(scan, start + 1, 'value', into.value, row);
  if (end < 0 || bytes[end] === NEWLINE) return end < 0 ? end : end + 1;
  return scanTail(scan, end, line, into, row);
}

/** Reads what follows the value, from its space. */
function scanTail(scan: Scan, start: number, line: Line, into: Samples, row: number): number {
  const { bytes } = scan;
  let at = start;
  if (bytes[at + 1] !== HASH) {
    at = scanTimestamp(scan, at + 1, line.numbers, SECONDS);
    if (at < 0) return at;
    // Adding 0 makes 0 of -0.
    into.time[row] = Math.round(line.numbers[SECONDS]! * MS_PER_SECOND) + 0;
    if (bytes[at] === NEWLINE) return at + 1;
  }
  line.exemplarAt = at + 1;
  if (bytes[at + 1] !== HASH || bytes[at + 2] !== SPACE || bytes[at + 3] !== OPEN) {
    return refuse(scan, at + 1, 'expected the end of the line or an exemplar that begins with "# {"');
  }
  at = scanExemplarLabels(scan, at + 3);
  if (at < 0) return at;
  if (bytes[at] !== SPACE) return refuse(scan, at, 'expected one space and the value of the exemplar');
  at = scanNumber(scan, at + 1, 'value', line.numbers, EXEMPLAR);
  if (at < 0 || bytes[at] === NEWLINE) return at < 0 ? at : at + 1;
  at = scanTimestamp(scan, at + 1, line.numbers, EXEMPLAR_SECONDS);
  if (at < 0 || bytes[at] === NEWLINE) return at < 0 ? at : at + 1;
  return refuse(scan, at, 'expected the end of the line');
}

function scanTimestamp(scan: Scan, start: number, into: Float64Array, index: number): number {
  const end = scanNumber(scan, start, 'timestamp in seconds', into, index);
  return end < 0 || Number.isFinite(into[index]! * MS_PER_SECOND)
    ? end
    : refuse(scan, start, 'expected a timestamp in seconds');
}

/** Reads a number up to a space or the end of the line. */
function scanNumber(scan: Scan, start: number, what: string, into: Float64Array, index: number): number {
  const { bytes } = scan;
  const quick = readNumber(bytes, start, into, index);
  if (quick >= 0 && (bytes[quick] === NEWLINE || bytes[quick] === SPACE)) return quick;
  let end = start;
  while (bytes[end] !== NEWLINE && bytes[end] !== SPACE) end++;
  if (end === start) return refuse(scan, start, `expected a ${what}`);
  const value = readNumberToken(bytes, start, end);
  if (value === 'not a number') return refuse(scan, start, 'expected a number');
  if (value === 'out of range') return refuse(scan, start, 'expected a number that fits a 64-bit float');
  into[index] = value;
  return end;
}
