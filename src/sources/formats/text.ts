/**
 * The Prometheus text format, 0.0.4 and 1.0.0 with its quoted names: bytes to samples. Each line is first compared with
 * the series that followed the last one on the page before; only where that fails is the line really parsed.
 */
import { isUtf8 } from 'node:buffer';
import { growSamples } from '../../core/derive/samples.ts';
import { NO_SERIES, PAGE_START } from '../series-table.ts';
import type { PageFormat, ParseOptions, ParseResult } from './format.ts';
import { refusal, tooMany } from './refusal.ts';
import type { Scan } from './scan.ts';
import { HASH, NEWLINE, OPEN, refuse, SPACE, skipBlanks, TAB } from './scan.ts';
import { labelsOf, nameOf } from './text-labels.ts';
import { scanComment, scanSample } from './text-line.ts';
import { scanSeries } from './text-series.ts';

export const textFormat: PageFormat = { name: 'text', parse, labelsOf, nameOf };

function parse(options: ParseOptions): ParseResult {
  const { page, table, into, sampleLimit } = options;
  const { bytes, view, length: end } = page;
  // A missing last line break is forgiven, as in Prometheus.
  bytes[end] = NEWLINE;
  const utf8 = isUtf8(bytes.subarray(0, end));
  const scan: Scan = { bytes, end, utf8, lineBreaks: true, faultAt: 0, fault: '' };
  into.histograms.clear();
  table.begin();

  let row = 0;
  let refused = 0;
  let previous = PAGE_START;
  let at = 0;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === NEWLINE) {
      at++;
      continue;
    }
    if (byte === SPACE || byte === TAB) {
      const start = skipBlanks(bytes, at);
      if (bytes[start] !== NEWLINE && bytes[start] !== HASH) {
        refuse(scan, at, 'expected no blank before a metric name');
        return refusal(scan, options);
      }
      at = start;
      continue;
    }
    if (byte === HASH) {
      at = scanComment(scan, at);
      if (at < 0) return refusal(scan, options);
      continue;
    }

    if (row === into.series.length) growSamples(into, row + 1);
    let series = expectedAt(at, previous, options);
    const keyEnd = series === NO_SERIES ? scanSeries(scan, at) : at + table.keyLengthOf(series);
    if (keyEnd < 0) return refusal(scan, options);
    const next = scanSample(scan, keyEnd, into, row);
    if (next < 0) return refusal(scan, options);
    if (row + refused === sampleLimit) return tooMany(options);

    if (series === NO_SERIES) {
      series = table.resolve(view, at, keyEnd);
      if (series !== NO_SERIES) table.follow(previous, series);
    }
    if (series === NO_SERIES) {
      refused++;
    } else {
      into.series[row++] = series;
      previous = series;
    }
    at = next;
  }
  into.length = row;
  return { ok: true, refused };
}

/** The series that followed `previous` on the page before, where its line comes again. */
function expectedAt(at: number, previous: number, { page, table }: ParseOptions): number {
  const { bytes, view, length } = page;
  const series = table.successorOf(previous);
  if (series === NO_SERIES) return NO_SERIES;
  const keyEnd = at + table.keyLengthOf(series);
  // A blank must follow, or the name could go on; and no brace after it, or the labels are still to come.
  if (keyEnd >= length || bytes[keyEnd] !== SPACE || bytes[skipBlanks(bytes, keyEnd)] === OPEN)
    return NO_SERIES;
  return table.isKeyAt(series, view, at) ? series : NO_SERIES;
}
