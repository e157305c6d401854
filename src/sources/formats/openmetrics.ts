/**
 * OpenMetrics 1.0, the text format: bytes to samples, with quoted names as Prometheus 3 takes them. As in the text format,
 * each line is first compared with the series that is expected there; what that series is to its family is remembered.
 *
 * Where the specification, its published tests and its reference parser differ:
 *
 * | matter | here | because |
 * | --- | --- | --- |
 * | a backslash before another character, or at the end of a help text | stands for itself | published tests |
 * | quotes in a help text | taken as they are | published tests |
 * | names that begin with an underscore | taken | the grammar has precedence over "MUST NOT be used" |
 * | `le` and `quantile` that are not canonical | taken, but infinity is `+Inf` | published tests |
 * | timestamps that are equal as doubles | taken | finer parts than a double holds are allowed |
 * | a sample twice without timestamps, `le` or `quantile` on other samples of their types, an exemplar outside of its bucket, a time of creation that is not finite | refused | the specification; the reference parser takes them |
 * | a label with an empty value | no label, also where two samples are compared | "SHOULD be treated as if not present" |
 * | a carriage return | refused at the end of a line, taken in a text | the grammar has it in texts |
 * | NUL between a backslash and what it escapes | looked past | Prometheus |
 */
import { isUtf8 } from 'node:buffer';
import { growSamples } from '../../core/derive/samples.ts';
import { NO_SERIES, PAGE_START } from '../series-table.ts';
import type { PageFormat, ParseOptions, ParseResult } from './format.ts';
import type { Progress } from './openmetrics-families.ts';
import { endFamily, scanMetadata, settlePlace } from './openmetrics-families.ts';
import { createLine, scanSample } from './openmetrics-line.ts';
import { memoryOf, setPlace } from './openmetrics-memory.ts';
import { createPoint, takeSample } from './openmetrics-point.ts';
import { scanSeries } from './openmetrics-series.ts';
import { refusal, tooMany } from './refusal.ts';
import type { Scan } from './scan.ts';
import { endOfLine, HASH, NEWLINE, refuse, SPACE } from './scan.ts';
import { labelsOf, nameOf } from './text-labels.ts';

export const openMetricsFormat: PageFormat = { name: 'openmetrics', parse, labelsOf, nameOf };

const END = Buffer.from('# EOF');

function parse(options: ParseOptions): ParseResult {
  const { page, table, into } = options;
  page.bytes[page.length] = NEWLINE;
  const scan: Scan = {
    bytes: page.bytes,
    end: page.length,
    utf8: true,
    lineBreaks: false,
    faultAt: 0,
    fault: '',
  };
  into.histograms.clear();
  table.begin();
  const memory = memoryOf(table);
  const result = isUtf8(page.bytes.subarray(0, page.length))
    ? parsePage(scan, options, {
        memory,
        page: memory.page,
        point: createPoint(),
        declared: null,
        family: null,
        room: options.sampleLimit,
      })
    : refuseBytes(scan, options);
  memory.additions = table.additions;
  if (result.ok) memory.samples = into.length + result.refused;
  return result;
}

function parsePage(scan: Scan, options: ParseOptions, progress: Progress): ParseResult {
  const { table, into, sampleLimit } = options;
  const { view } = options.page;
  const { bytes, end } = scan;
  const { memory } = progress;
  const line = createLine();
  let row = 0;
  let refused = 0;
  let previous = PAGE_START;
  let at = 0;
  while (at < end) {
    if (bytes[at] === HASH) {
      if (isEnd(scan, at)) break;
      at = scanMetadata(scan, at, progress);
      if (at < 0) return refusal(scan, options);
      continue;
    }

    if (row === into.series.length) growSamples(into, row + 1);
    line.at = at;
    let series = expectedAt(at, previous, options);
    let place = series === NO_SERIES ? undefined : memory.places[series];
    // A series that only another format has brought may be spelled as this one does not allow.
    const keyEnd = place === undefined ? scanSeries(scan, at) : at + table.keyLengthOf(series);
    if (keyEnd < 0) return refusal(scan, options);
    const next = scanSample(scan, keyEnd, line, into, row);
    if (next < 0) return refusal(scan, options);
    if (row + refused === sampleLimit) return tooMany(options);

    if (series === NO_SERIES) {
      const { additions } = table;
      series = table.resolve(view, at, keyEnd);
      if (series !== NO_SERIES) {
        table.follow(previous, series);
        if (table.additions === additions) place = memory.places[series];
      }
    }
    if (place === undefined || place.family !== progress.family || progress.declared !== null) {
      const settled = settlePlace(scan, progress, line, { keyEnd, known: place });
      if (settled === null) return refusal(scan, options);
      if (settled !== place && series !== NO_SERIES) setPlace(memory, series, settled);
      place = settled;
    }
    if (!takeSample(scan, progress, place, line, into.value, row)) return refusal(scan, options);

    if (series === NO_SERIES) {
      refused++;
    } else {
      into.series[row++] = series;
      previous = series;
    }
    at = next;
  }
  if (!endFamily(scan, Math.min(at, end), progress) || !endPage(scan, at)) return refusal(scan, options);
  into.length = row;
  return { ok: true, refused };
}

/** The series that followed `previous` on the page before, where its line comes again. */
function expectedAt(at: number, previous: number, { page, table }: ParseOptions): number {
  const series = table.successorOf(previous);
  if (series === NO_SERIES) return NO_SERIES;
  const length = table.keyLengthOf(series);
  const keyEnd = at + length;
  // A space must follow, or the name could go on.
  if (length === 0 || keyEnd >= page.length || page.bytes[keyEnd] !== SPACE) return NO_SERIES;
  return table.isKeyAt(series, page.view, at) ? series : NO_SERIES;
}

function isEnd({ bytes }: Scan, at: number): boolean {
  return bytes[at + END.length] === NEWLINE && END.equals(bytes.subarray(at, at + END.length));
}

/** The page must end at `at` with `# EOF`, and its line break may be missing. */
function endPage(scan: Scan, at: number): boolean {
  if (at >= scan.end) {
    refuse(scan, scan.end, 'expected "# EOF" as the last line');
    return false;
  }
  const after = at + END.length + 1;
  if (after >= scan.end) return true;
  refuse(scan, after, 'expected nothing after "# EOF"');
  return false;
}

function refuseBytes(scan: Scan, options: ParseOptions): ParseResult {
  let at = 0;
  for (
    let end = endOfLine(scan.bytes, at);
    isUtf8(scan.bytes.subarray(at, end));
    end = endOfLine(scan.bytes, at)
  ) {
    at = end + 1;
  }
  refuse(scan, at, 'expected a line in valid UTF-8');
  return refusal(scan, options);
}
