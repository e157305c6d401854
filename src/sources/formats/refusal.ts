/** How a page is refused whole: what was expected, the line, and what stands there instead. */
import type { ParseOptions, ParseResult } from './format.ts';
import type { Scan } from './scan.ts';
import { endOfLine, NEWLINE } from './scan.ts';

export function tooMany({ table, into, sampleLimit }: ParseOptions, what = 'samples'): ParseResult {
  table.rollback();
  into.length = 0;
  return { ok: false, reason: 'sample_limit', message: `the page has more than ${sampleLimit} ${what}` };
}

/** The fault that `scan` has noted. */
export function refusal(scan: Scan, { table, into }: ParseOptions): ParseResult {
  table.rollback();
  into.length = 0;
  return {
    ok: false,
    reason: 'parse',
    place: `line ${lineOf(scan)}`,
    message: `${scan.fault}, found ${foundAt(scan)}`,
  };
}

function lineOf({ bytes, faultAt }: Scan): number {
  let line = 1;
  for (let at = 0; at < faultAt; at++) if (bytes[at] === NEWLINE) line++;
  return line;
}

const FOUND_BYTES = 24;

/** What stands at the fault, in printable ASCII: it goes into logs and pages. */
function foundAt({ bytes, end, faultAt }: Scan): string {
  if (faultAt >= end) return 'the end of the page';
  if (bytes[faultAt] === NEWLINE) return 'the end of the line';
  const lineEnd = endOfLine(bytes, faultAt);
  const stop = Math.min(lineEnd, faultAt + FOUND_BYTES);
  const text = bytes
    .toString('latin1', faultAt, stop)
    .replace(/[\\"]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${text}${stop < lineEnd ? '…' : ''}"`;
}
