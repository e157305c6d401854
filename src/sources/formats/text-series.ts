/** The grammar of a series: a metric name and its labels. What Prometheus' own parser refuses is refused. */
import { duplicateOf } from './duplicates.ts';
import { scanLabelName, scanName, scanQuoted, scanQuotedName } from './names.ts';
import type { Scan } from './scan.ts';
import { CLOSE, COMMA, EQUALS, OPEN, QUOTE, refuse, skipBlanks } from './scan.ts';

/** Reads a metric name and its labels; what lies between is the series' key. The name may stand in the braces, quoted. */
export function scanSeries(scan: Scan, start: number): number {
  const { bytes } = scan;
  const end = scanName(bytes, start);
  if (end > start) {
    const brace = skipBlanks(bytes, end);
    return bytes[brace] === OPEN ? scanLabels(scan, start, brace + 1) : end;
  }
  return bytes[start] === OPEN
    ? scanLabels(scan, start, start + 1)
    : refuse(scan, start, 'expected a metric name or a comment');
}

/**
 * Reads what follows `{`, up to and including `}`, of the series that begins at `series`. Blanks and a comma may stand
 * between labels, and neither needs to.
 */
function scanLabels(scan: Scan, series: number, start: number): number {
  const { bytes } = scan;
  const names: number[] = [];
  let named = bytes[series] !== OPEN;
  let at = skipBlanks(bytes, start);
  while (bytes[at] !== CLOSE) {
    const quoted = bytes[at] === QUOTE;
    const nameEnd = quoted ? scanQuotedName(scan, at) : scanLabelName(bytes, at);
    if (nameEnd < 0) return nameEnd;
    if (nameEnd === at) return refuse(scan, at, 'expected a label name or "}"');
    const equals = skipBlanks(bytes, nameEnd);
    if (quoted && (bytes[equals] === COMMA || bytes[equals] === CLOSE)) {
      if (named) return refuse(scan, at, 'expected one metric name');
      named = true;
      at = bytes[equals] === COMMA ? skipBlanks(bytes, equals + 1) : equals;
      continue;
    }
    names.push(at, nameEnd);
    if (bytes[equals] !== EQUALS) return refuse(scan, equals, 'expected "="');
    const value = skipBlanks(bytes, equals + 1);
    if (bytes[value] !== QUOTE) return refuse(scan, value, 'expected a label value in double quotes');
    const valueEnd = scanQuoted(scan, value, 'label value');
    if (valueEnd < 0) return valueEnd;
    at = skipBlanks(bytes, valueEnd);
    if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1);
  }
  if (!named) return refuse(scan, series, 'expected a metric name or a comment');
  const twice = duplicateOf(bytes, names);
  return twice < 0 ? at + 1 : refuse(scan, twice, 'expected each label once');
}
