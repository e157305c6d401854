/**
 * Numbers of the text format, as Go's strconv.ParseFloat reads them, without hexadecimal and underscores. Most take a
 * path that is exact by arithmetic alone; the others are checked byte by byte and left to JavaScript's own reader.
 */

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const LOWER_E = 0x65;

/** Powers of ten that a double holds exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Integers below are exact, so that one multiplication or division by an exact power rounds only once (Clinger 1990). */
const EXACT_MANTISSA = 2 ** 53;

/**
 * Reads the number at `at` into `into[row]`. Answers the offset of the first byte after it, or -1 where this path
 * cannot tell: the caller then asks `readNumberToken`. Some byte that is no digit must follow in the buffer.
 */
export function readNumber(bytes: Uint8Array, at: number, into: Float64Array, row: number): number {
  let offset = at;
  let byte = bytes[offset]!;
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++offset]!;

  let mantissa = 0;
  const start = offset;
  // `byte ^ 0x30` is the digit for the ten digits, and more than 9 for every other byte.
  for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
    mantissa = mantissa * 10 + digit;
    byte = bytes[++offset]!;
  }
  let digits = offset - start;
  let exponent = 0;
  if (byte === DOT) {
    const fraction = ++offset;
    byte = bytes[offset]!;
    for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
      mantissa = mantissa * 10 + digit;
      byte = bytes[++offset]!;
    }
    exponent = fraction - offset;
    digits -= exponent;
  }
  if (digits === 0) return -1;
  if (mantissa >= EXACT_MANTISSA) return readLongDecimal(bytes, at, into, row);
  if ((byte | 0x20) === LOWER_E) {
    byte = bytes[++offset]!;
    const below = byte === MINUS;
    if (below || byte === PLUS) byte = bytes[++offset]!;
    const first = offset;
    let written = 0;
    for (let digit = byte ^ ZERO; digit <= 9 && offset - first < 4; digit = byte ^ ZERO) {
      written = written * 10 + digit;
      byte = bytes[++offset]!;
    }
    if (offset === first || (byte ^ ZERO) <= 9) return -1;
    exponent += below ? -written : written;
  }
  if (exponent < -22 || exponent > 22) return -1;
  const value = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent]! : mantissa * POWERS_OF_TEN[exponent]!;
  into[row] = negative ? -value : value;
  return offset;
}

const SPLITTER = 2 ** 27 + 1;
/** Far more than the error of the correction in `readLongDecimal`, far less than what it must decide. */
const DOUBT = 2 ** -46;

/**
 * The same for decimals of 16 to 19 digits, which is what most programs print. The digits are held exactly in two
 * doubles, divided once, and the quotient is corrected by its exact remainder (Dekker 1971); where the correction
 * leaves a doubt about the last bit, this path cannot tell.
 */
function readLongDecimal(bytes: Uint8Array, at: number, into: Float64Array, row: number): number {
  let offset = at;
  let byte = bytes[offset]!;
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++offset]!;

  let leading = 0;
  let trailing = 0;
  let trailingDigits = 0;
  let point = -1;
  for (;;) {
    const digit = byte ^ ZERO;
    if (digit <= 9) {
      if (leading < 1e14) leading = leading * 10 + digit;
      else if (++trailingDigits > 4) return -1;
      else trailing = trailing * 10 + digit;
    } else if (byte === DOT && point < 0) {
      point = offset + 1;
    } else {
      break;
    }
    byte = bytes[++offset]!;
  }
  const places = offset - point;
  if (point < 0 || places === 0 || places > 22 || (byte | 0x20) === LOWER_E) return -1;

  const scale = POWERS_OF_TEN[trailingDigits]!;
  const product = leading * scale;
  const rest = productError(leading, scale, product) + trailing;
  const high = product + rest;
  const low = rest - (high - product);

  const divisor = POWERS_OF_TEN[places]!;
  const quotient = high / divisor;
  const back = quotient * divisor;
  const remainder = high - back - productError(quotient, divisor, back) + low;
  const correction = remainder / divisor;
  const value = quotient + correction * (1 + DOUBT);
  if (value !== quotient + correction * (1 - DOUBT)) return -1;
  into[row] = negative ? -value : value;
  return offset;
}

/** `a * b - product`, exactly. */
function productError(a: number, b: number, product: number): number {
  const aScaled = a * SPLITTER;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = b * SPLITTER;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Words that Go takes in any case; NaN has no sign. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
]);
const LONGEST_WORD = '-infinity'.length;

/** Reads a whole token. A number too large for a double is refused, one too small is zero, both as in Go. */
export function readNumberToken(
  bytes: Buffer,
  start: number,
  end: number,
): number | 'not a number' | 'out of range' {
  if (!isDecimal(bytes, start, end)) {
    const word = end - start <= LONGEST_WORD ? bytes.toString('latin1', start, end).toLowerCase() : '';
    return WORDS.get(word) ?? 'not a number';
  }
  const value = Number(bytes.toString('latin1', start, end));
  return Number.isFinite(value) ? value : 'out of range';
}

/** `[+-]? (digits [. digits?] | . digits) ([eE] [+-]? digits)?` */
function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
  const whole = skipDigits(bytes, at, end);
  let digits = whole - at;
  at = whole;
  if (at < end && bytes[at] === DOT) {
    const fraction = skipDigits(bytes, at + 1, end);
    digits += fraction - at - 1;
    at = fraction;
  }
  if (digits === 0) return false;
  if (at < end && (bytes[at]! | 0x20) === LOWER_E) {
    at++;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
    const exponent = skipDigits(bytes, at, end);
    if (exponent === at) return false;
    at = exponent;
  }
  return at === end;
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at]! ^ ZERO) <= 9) at++;
  return at;
}
