/** The metric families of a page: their metadata, which family a sample belongs to, and that none comes twice. */
import { readName, scanName, scanQuotedName } from './names.ts';
import { labelsIn } from './openmetrics-label-set.ts';
import type { Line } from './openmetrics-line.ts';
import type { Family, Memory, Place } from './openmetrics-memory.ts';
import { familyOf } from './openmetrics-memory.ts';
import { placeOf } from './openmetrics-place.ts';
import type { Point } from './openmetrics-point.ts';
import { closePoint } from './openmetrics-point.ts';
import type { FamilyType } from './openmetrics-types.ts';
import { FAMILY_TYPES, UNKNOWN, VALUE } from './openmetrics-types.ts';
import type { Scan } from './scan.ts';
import { endOfLine, QUOTE, refuse, SPACE } from './scan.ts';
import { nameOf } from './text-labels.ts';

/** Metadata whose family has no samples yet. */
interface Declaration {
  readonly at: number;
  readonly name: string;
  type: FamilyType | null;
  unit: string | null;
  unitAt: number;
  hasHelp: boolean;
}

/** How far a page has been read. */
export interface Progress {
  readonly memory: Memory;
  readonly page: number;
  readonly point: Point;
  declared: Declaration | null;
  /** The family whose samples come now. */
  family: Family | null;
  /** How many more families the page may have. */
  room: number;
}

const CARRIAGE_RETURN = 0x0d;
const WORDS = ['TYPE', 'UNIT', 'HELP'] as const;
const NAMES_OF_TYPES = [...FAMILY_TYPES.keys()].join(', ');

/** Reads a line of metadata; answers the start of the next line. */
export function scanMetadata(scan: Scan, start: number, progress: Progress): number {
  const { bytes } = scan;
  const kind = bytes.toString('latin1', start, start + '# TYPE '.length);
  const word = WORDS.find((known) => kind === `# ${known} `);
  if (word === undefined) return refuse(scan, start, 'expected "# TYPE", "# UNIT", "# HELP" or "# EOF"');
  const nameAt = start + kind.length;
  const nameEnd = bytes[nameAt] === QUOTE ? scanQuotedName(scan, nameAt) : scanName(bytes, nameAt);
  if (nameEnd < 0) return nameEnd;
  if (nameEnd === nameAt) return refuse(scan, nameAt, `expected a metric name after ${word}`);
  if (bytes[nameEnd] !== SPACE) return refuse(scan, nameEnd, 'expected one space after the metric name');
  const lineEnd = endOfLine(bytes, nameEnd);
  if (bytes[lineEnd - 1] === CARRIAGE_RETURN) {
    return refuse(scan, lineEnd - 1, 'expected a line that ends without a carriage return');
  }
  const declared = declarationOf(scan, start, progress, readName(bytes, nameAt, nameEnd));
  if (declared === null) return -1;
  const textAt = nameEnd + 1;
  if (word === 'TYPE') {
    const type = FAMILY_TYPES.get(bytes.toString('latin1', textAt, lineEnd));
    if (type === undefined) return refuse(scan, textAt, `expected one of the types ${NAMES_OF_TYPES}`);
    if (declared.type !== null) return refuse(scan, start, 'expected one TYPE of a metric family');
    declared.type = type;
  } else if (word === 'UNIT') {
    if (declared.unit !== null) return refuse(scan, start, 'expected one UNIT of a metric family');
    declared.unit = bytes.toString('utf8', textAt, lineEnd);
    declared.unitAt = textAt;
  } else {
    if (declared.hasHelp) return refuse(scan, start, 'expected one HELP of a metric family');
    declared.hasHelp = true;
  }
  return lineEnd + 1;
}

function declarationOf(scan: Scan, at: number, progress: Progress, name: string): Declaration | null {
  if (progress.declared?.name === name) return progress.declared;
  if (progress.declared === null && progress.family?.name === name) {
    refuse(scan, at, 'expected the metadata of a metric family before its samples');
    return null;
  }
  if (!endFamily(scan, at, progress)) return null;
  progress.declared = { at, name, type: null, unit: null, unitAt: 0, hasHelp: false };
  return progress.declared;
}

/** The samples of the family are over, or never came. `at` is where the next thing stands. */
export function endFamily(scan: Scan, at: number, progress: Progress): boolean {
  return progress.declared === null
    ? closePoint(scan, progress.point, at)
    : settleDeclaration(scan, progress, progress.declared);
}

/** Metadata is over: its family begins. */
function settleDeclaration(scan: Scan, progress: Progress, declared: Declaration): boolean {
  const { at, name, unit, unitAt, type } = declared;
  progress.declared = null;
  if (unit !== null && unit !== '') {
    if (!name.endsWith(`_${unit}`)) {
      refuse(scan, unitAt, 'expected a unit that ends the name of its metric family');
      return false;
    }
    if (type?.hasUnit === false) {
      refuse(scan, unitAt, 'expected no unit of an info or stateset');
      return false;
    }
  }
  return beginFamily(scan, at, progress, familyOf(progress.memory, type ?? UNKNOWN, name));
}

function beginFamily(scan: Scan, at: number, progress: Progress, family: Family): boolean {
  for (const name of family.names) {
    if (name.page === progress.page) {
      refuse(scan, at, 'expected each metric family once, with sample names that no other has');
      return false;
    }
    name.page = progress.page;
  }
  if (progress.room-- === 0) {
    refuse(scan, at, 'expected no more metric families than sample_limit');
    return false;
  }
  progress.family = family;
  return true;
}

/**
 * The place of the sample on `line`, whose key ends at `keyEnd`: in the family that is being read, or else in one of
 * its own. `known` is its place on the page before.
 */
export function settlePlace(
  scan: Scan,
  progress: Progress,
  line: Line,
  { keyEnd, known }: { keyEnd: number; known: Place | undefined },
): Place | null {
  if (progress.declared !== null && !settleDeclaration(scan, progress, progress.declared)) return null;
  if (known !== undefined && known.family === progress.family) return known;

  const key = scan.bytes.subarray(line.at, keyEnd);
  const name = nameOf(key);
  const { family } = progress;
  let role =
    family !== null && name.startsWith(family.name)
      ? family.type.roles.get(name.slice(family.name.length))
      : undefined;
  if (role === undefined) {
    if (name === family?.name) {
      refuse(scan, line.at, `expected a name that ends in ${[...family.type.roles.keys()].join(' or ')}`);
      return null;
    }
    // Without metadata a sample is a family of type unknown.
    if (!closePoint(scan, progress.point, line.at)) return null;
    if (!beginFamily(scan, line.at, progress, familyOf(progress.memory, UNKNOWN, name))) return null;
    role = VALUE;
  }
  const place = placeOf(progress.memory, { family: progress.family!, role, labels: labelsIn(key) });
  if (typeof place !== 'string') return place;
  refuse(scan, line.at, place);
  return null;
}
