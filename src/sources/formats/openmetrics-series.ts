/** The grammar of a series in OpenMetrics 1.0: no blanks, a comma between labels and only there. */
import { duplicateOf } from './duplicates.ts';
import { scanLabelName, scanName, scanQuoted, scanQuotedName } from './names.ts';
import type { Scan } from './scan.ts';
import { BACKSLASH, CLOSE, COMMA, EQUALS, OPEN, QUOTE, refuse } from './scan.ts';

/** Reads a metric name and its labels; what lies between is the series' key. The name may stand in the braces, quoted. */
export function scanSeries(scan: Scan, start: number): number {
  const { bytes } = scan;
  const end = scanName(bytes, start);
  if (end > start) return bytes[end] === OPEN ? scanLabels(scan, end, { named: true, names: [] }) : end;
  return bytes[start] === OPEN
    ? scanLabels(scan, start, { named: false, names: [] })
    : refuse(scan, start, 'expected a metric name or "# EOF"');
}

const MAX_EXEMPLAR_CHARACTERS = 128;
/** The equals sign and two quotes. */
const SIGNS_PER_LABEL = 3;

/** Reads the labels of an exemplar from `{` to the offset after `}`. */
export function scanExemplarLabels(scan: Scan, start: number): number {
  const { bytes } = scan;
  const names: number[] = [];
  const end = scanLabels(scan, start, { named: true, names });
  if (end < 0) return end;
  const labels = names.length / 2;
  let signs = labels * SIGNS_PER_LABEL + Math.max(labels - 1, 0);
  for (let label = 0; label < names.length; label += 2) if (bytes[names[label]!] === QUOTE) signs += 2;
  if (charactersIn(bytes, start + 1, end - 1) - signs > MAX_EXEMPLAR_CHARACTERS) {
    return refuse(scan, start, `expected labels of at most ${MAX_EXEMPLAR_CHARACTERS} characters in all`);
  }
  return end;
}

/** Reads labels from `{` to the offset after `}`, and puts starts and ends of their names into `names`. */
function scanLabels(
  scan: Scan,
  brace: number,
  { named, names }: { named: boolean; names: number[] },
): number {
  const { bytes } = scan;
  let hasName = named;
  let at = brace + 1;
  if (bytes[at] !== CLOSE) {
    for (;;) {
      const quoted = bytes[at] === QUOTE;
      const nameEnd = quoted ? scanQuotedName(scan, at) : scanLabelName(bytes, at);
      if (nameEnd < 0) return nameEnd;
      if (nameEnd === at) return refuse(scan, at, 'expected a label name');
      if (bytes[nameEnd] === EQUALS) {
        names.push(at, nameEnd);
        if (bytes[nameEnd + 1] !== QUOTE) {
          return refuse(scan, nameEnd + 1, 'expected a label value in double quotes');
        }
        at = scanQuoted(scan, nameEnd + 1, 'label value');
        if (at < 0) return at;
      } else if (quoted && !hasName) {
        hasName = true;
        at = nameEnd;
      } else {
        return refuse(scan, nameEnd, 'expected "="');
      }
      if (bytes[at] === CLOSE) break;
      if (bytes[at] !== COMMA) return refuse(scan, at, 'expected "," or "}"');
      at++;
    }
  }
  if (!hasName) return refuse(scan, brace, 'expected a metric name');
  const twice = duplicateOf(bytes, names);
  return twice < 0 ? at + 1 : refuse(scan, twice, 'expected each label once');
}

const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;
const LOWER_N = 0x6e;

/** Unicode code points, an escape being one of them. */
function charactersIn(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if ((byte & CONTINUATION_MASK) === CONTINUATION) continue;
    count++;
    const after = bytes[at + 1];
    if (byte === BACKSLASH && (after === BACKSLASH || after === QUOTE || after === LOWER_N)) at++;
  }
  return count;
}
