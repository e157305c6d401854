/** What makes a good page a bad one: edits of its bytes, and of the pieces that it is made of, lines or families. */
import fc from 'fast-check';
import type { FormatName } from './good-pages.ts';
import { FORMATS, goodPage } from './good-pages.ts';
import { FAMILIES, LINES, NAMES, NUMBERS } from './hostile-pieces.ts';

/** Makes another page of a page; some leave it as it was. */
type Edit = (page: Buffer, format: FormatName) => Buffer;

const LINE_BREAK = 0x0a;
const PAGE_NUMBERS = [0, 1, 2, 3, 4, 5];

/** Lines with their line breaks, or delimited messages; what is left over is a piece too. */
function piecesOf(page: Buffer, format: FormatName): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0, end = 0; start < page.length; start = end) {
    end =
      format === 'protobuf' ? endOfMessage(page, start) : page.indexOf(LINE_BREAK, start) + 1 || page.length;
    pieces.push(page.subarray(start, end));
  }
  return pieces;
}

function endOfMessage(page: Buffer, start: number): number {
  let size = 0;
  for (let at = start, unit = 1; at < page.length; at++, unit *= 128) {
    size += (page[at]! & 0x7f) * unit;
    if (page[at]! < 0x80) return Math.min(at + 1 + size, page.length);
  }
  return page.length;
}

const onPieces =
  (change: (pieces: readonly Buffer[], format: FormatName) => readonly Buffer[]): Edit =>
  (page, format) =>
    page.length === 0 ? page : Buffer.concat(change(piecesOf(page, format), format));

const place = fc.nat(9999);
const byte = fc.oneof(
  fc.constantFrom(...Buffer.from('\0\t\n\r "#+,-.0=Ee\\{}\x7f'), 0x80, 0xbf, 0xc0, 0xed, 0xf5, 0xfe, 0xff),
  fc.nat(255),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });

const byteEdits: fc.Arbitrary<Edit> = fc.oneof(
  place.map(
    (at): Edit =>
      (page) =>
        page.subarray(0, at % (page.length + 1)),
  ),
  place.map(
    (at): Edit =>
      (page) =>
        page.subarray(at % (page.length + 1)),
  ),
  fc.tuple(place, byte).map(
    ([at, value]): Edit =>
      (page) =>
        replaced(page, { at, length: 1, by: Buffer.of(value) }),
  ),
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Edit =>
      (page) =>
        replaced(page, { at, length: 1, by: Buffer.of(page[at % (page.length + 1)]! ^ (1 << bit)) }),
  ),
  fc.tuple(place, bytes).map(
    ([at, by]): Edit =>
      (page) =>
        replaced(page, { at, length: 0, by }),
  ),
  fc.tuple(place, bytes).map(
    ([at, by]): Edit =>
      (page) =>
        replaced(page, { at, length: by.length, by }),
  ),
  fc.tuple(place, fc.nat(40)).map(
    ([at, length]): Edit =>
      (page) =>
        replaced(page, { at, length, by: Buffer.of() }),
  ),
);

function replaced(page: Buffer, { at, length, by }: { at: number; length: number; by: Uint8Array }): Buffer {
  const start = at % (page.length + 1);
  return Buffer.concat([page.subarray(0, start), by, page.subarray(start + length)]);
}

/** Puts something in the place of a word of the page: a name, a number, a part of a string. */
const wordEdits: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.constantFrom(/[A-Za-z_][A-Za-z0-9_]*/g, /(?<= )[-+.\w]+(?=[ \n])/g, /(?<=")[^"]*(?=")/g),
    place,
    fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...NUMBERS)),
  )
  .map(
    ([pattern, at, by]): Edit =>
      (page) => {
        const text = page.toString('latin1');
        const words = [...text.matchAll(pattern)];
        const word = words[at % (words.length || 1)];
        if (!word) return page;
        return replaced(page, { at: word.index, length: word[0].length, by: Buffer.from(by) });
      },
  );

const pieceEdits: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(place, place)
    .map(([from, to]) =>
      onPieces((pieces) => pieces.toSpliced(to % (pieces.length + 1), 0, pieces[from % pieces.length]!)),
    ),
  fc
    .tuple(place, place)
    .map(([one, other]) => onPieces((pieces) => swapped(pieces, one % pieces.length, other % pieces.length))),
  fc
    .tuple(place, fc.integer({ min: 1, max: 5 }))
    .map(([at, count]) => onPieces((pieces) => pieces.toSpliced(at % pieces.length, count))),
  fc.constant(onPieces((pieces) => pieces.toReversed())),
  fc.constant(onPieces((pieces) => [...pieces, ...pieces])),
  // Another page goes on where this one stops.
  fc
    .tuple(fc.constantFrom(...FORMATS), fc.constantFrom(...PAGE_NUMBERS), place, place)
    .map(([other, number, at, from]) =>
      onPieces((pieces) => {
        const rest = piecesOf(goodPage(other, number), other);
        return [...pieces.slice(0, at % (pieces.length + 1)), ...rest.slice(from % rest.length)];
      }),
    ),
);

function swapped(pieces: readonly Buffer[], one: number, other: number): readonly Buffer[] {
  return pieces.with(one, pieces[other]!).with(other, pieces[one]!);
}

const hostileLines = LINES.map((line) => Buffer.from(`${line}\n`));
const hostilePieces: fc.Arbitrary<Edit> = fc
  .tuple(place, place, fc.boolean(), fc.nat(49))
  .map(([at, which, replaces, across]) =>
    onPieces((pieces, format) => {
      // Now and then what is bad in one format comes in a page of another.
      const choice = (format === 'protobuf') !== (across === 0) ? FAMILIES : hostileLines;
      return pieces.toSpliced(at % (pieces.length + 1), replaces ? 1 : 0, choice[which % choice.length]!);
    }),
  );

const wholeEdits: fc.Arbitrary<Edit> = fc.constantFrom<Edit>(
  (page) => Buffer.from(page.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  (page) => Buffer.from(page.toString('latin1').toUpperCase(), 'latin1'),
  (page) => Buffer.from(page.toString('utf8'), 'utf16le'),
  (page) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), page]),
  () => Buffer.of(),
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 35, arbitrary: byteEdits },
  { weight: 25, arbitrary: pieceEdits },
  { weight: 25, arbitrary: hostilePieces },
  { weight: 15, arbitrary: wordEdits },
  { weight: 1, arbitrary: wholeEdits },
);

/** A good page with a piece before its last one. */
export function pageWith(format: FormatName, piece: Buffer): Buffer {
  return Buffer.concat(piecesOf(goodPage(format, 2), format).toSpliced(-1, 0, piece));
}

/** A page that was good once, mostly in the format of the pages before it. */
export const brokenPage: fc.Arbitrary<(before: FormatName) => { format: FormatName; content: Buffer }> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(...FORMATS) },
    ),
    fc.constantFrom(...PAGE_NUMBERS),
    fc.array(edit, { minLength: 1, maxLength: 3 }),
  )
  .map(([other, number, edits]) => (before) => {
    const format = other ?? before;
    return { format, content: edits.reduce((page, apply) => apply(page, format), goodPage(format, number)) };
  });
