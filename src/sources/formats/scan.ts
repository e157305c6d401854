/** What the scanners of the text formats share: the page that is being read, its bytes by kind, and how a fault is noted. */

/** A page that is being read. A line break stands at `bytes[end]`, so that no scanner needs to look at `end` for lines. */
export interface Scan {
  readonly bytes: Buffer;
  readonly end: number;
  /** The whole page is valid UTF-8, so that its parts need not be looked at. */
  readonly utf8: boolean;
  /** Line breaks may stand in quotes as they are. */
  readonly lineBreaks: boolean;
  faultAt: number;
  fault: string;
}

export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const COMMA = 0x2c;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

export const LABEL_START = 1;
export const LABEL_PART = 2;
export const NAME_START = 4;
export const NAME_PART = 8;
/** Ends a run of ordinary bytes in a label value. */
export const VALUE_STOP = 16;
/** What a byte may be part of, as bits. */
export const KINDS = kindsOfBytes();

export function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  return at;
}

/** The end of the line that `start` lies in. */
export function endOfLine(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== NEWLINE) at++;
  return at;
}

/** Notes what was expected and where; answers -1, the offset that scanners give for a fault. */
export function refuse(scan: Scan, at: number, expected: string): -1 {
  scan.faultAt = at;
  scan.fault = expected;
  return -1;
}

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256);
  const mark = (characters: string, as: number) => {
    for (const character of characters) kinds[character.charCodeAt(0)]! |= as;
  };
  mark(
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_',
    LABEL_START | LABEL_PART | NAME_START | NAME_PART,
  );
  mark('0123456789', LABEL_PART | NAME_PART);
  mark(':', NAME_START | NAME_PART);
  mark('"\\\n', VALUE_STOP);
  return kinds;
}
