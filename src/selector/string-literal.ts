/** String literals of PromQL: `"…"` and `'…'` with Go's escapes, and raw ones in backticks. */

export type LiteralResult =
  | { readonly ok: true; readonly value: string; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
]);

/** Digits, radix, and whether the number is a byte or a code point. */
const NUMERIC_ESCAPES: ReadonlyMap<string, { readonly digits: number; readonly byte: boolean }> = new Map([
  ['x', { digits: 2, byte: true }],
  ['u', { digits: 4, byte: false }],
  ['U', { digits: 8, byte: false }],
]);

const encoder = new TextEncoder();

/** Reads the literal whose quote stands at `start`; `end` is the offset after its closing quote. */
export function readStringLiteral(text: string, start: number): LiteralResult {
  const quote = text[start]!;
  if (quote === '`') {
    const end = text.indexOf('`', start + 1);
    if (end < 0) return unterminated(start);
    return { ok: true, value: text.slice(start + 1, end), end: end + 1 };
  }
  // Escapes may spell single bytes, so the value is only known to be text once it is complete.
  const bytes: number[] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] === '\n') return unterminated(start);
    if (text[at] === '\\') {
      const read = readEscape(text, { at, quote });
      if (typeof read === 'string') return { ok: false, message: read, offset: at };
      bytes.push(...read.bytes);
      at = read.end;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    bytes.push(...encoder.encode(character));
    at += character.length;
  }
  if (at >= text.length) return unterminated(start);
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    return { ok: true, value, end: at + 1 };
  } catch {
    return { ok: false, message: 'the string is not valid UTF-8', offset: start };
  }
}

function unterminated(offset: number): LiteralResult {
  return { ok: false, message: 'the string has no closing quote', offset };
}

/** The bytes that the escape at `at` stands for, or what is wrong with it. */
function readEscape(
  text: string,
  { at, quote }: { at: number; quote: string },
): { readonly bytes: Iterable<number>; readonly end: number } | string {
  const letter = text[at + 1] ?? '';
  const simple = letter === quote ? quote.charCodeAt(0) : SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { bytes: [simple], end: at + 2 };

  const octal = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4));
  if (octal) {
    const byte = Number.parseInt(octal[0], 8);
    if (byte > 255) return `the escape \\${octal[0]} is no byte`;
    return { bytes: [byte], end: at + 4 };
  }

  const numeric = NUMERIC_ESCAPES.get(letter);
  if (!numeric) return `unknown escape ${JSON.stringify(`\\${letter}`)}`;
  const { digits, byte } = numeric;
  const hex = text.slice(at + 2, at + 2 + digits);
  if (hex.length < digits || !/^[0-9a-fA-F]+$/.test(hex))
    return `the escape \\${letter} needs ${digits} hexadecimal digits`;
  const code = Number.parseInt(hex, 16);
  const end = at + 2 + digits;
  if (byte) return { bytes: [code], end };
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return `the escape \\${letter}${hex} is no character`;
  return { bytes: encoder.encode(String.fromCodePoint(code)), end };
}
