import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber, readNumberToken } from './number.ts';

/** What the two paths together make of a text. */
function read(text: string): { value: number | string; fast: boolean } {
  const bytes = Buffer.from(`${text}\n`);
  const into = new Float64Array(1);
  const end = readNumber(bytes, 0, into, 0);
  if (end >= 0) {
    expect(end).toBe(text.length);
    return { value: into[0]!, fast: true };
  }
  return { value: readNumberToken(bytes, 0, text.length), fast: false };
}

const digits = (max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((all) => all.join(''));
const sign = fc.constantFrom('', '-', '+');
const exponent = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom('e', 'E'), sign, fc.integer({ min: 0, max: 40 })).map((parts) => parts.join('')),
);
const decimal = fc
  .oneof(
    fc.tuple(sign, digits(25), exponent),
    fc.tuple(sign, digits(12), fc.constant('.'), digits(25), exponent),
    fc.tuple(sign, fc.constant('0.'), digits(20), exponent),
  )
  .map((parts) => (parts as string[]).join(''));

describe('numbers', () => {
  it('are what JavaScript makes of them, to the last bit', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(read(text).value).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('come back as they were printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(read(String(value)).value).toBe(Object.is(value, -0) ? 0 : value);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are right next to the middle between two doubles', () => {
    // A double, half a step further, cut to more and more digits: the hardest cases for rounding.
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 100, noNaN: true }), (value) => {
        const scaled = BigInt(Math.round(value * 2 ** 56)) * 2n;
        const step = BigInt(Math.max(1, 2 ** (56 + Math.floor(Math.log2(value)) - 52)));
        const middle = (((scaled + step) * 10n ** 22n) / 2n ** 57n).toString().padStart(23, '0');
        const text = `${middle.slice(0, -22)}.${middle.slice(-22)}`;
        for (let length = 17; length <= text.length; length++) {
          expect(read(text.slice(0, length)).value).toBe(Number(text.slice(0, length)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  const fast: Record<string, boolean> = {
    '0.85': true,
    '9007199254740991': true,
    '9007199254740993': false,
    '1e22': true,
    '1e23': false,
    '0.8512345678901234': true,
    '0.12345678901234567': true,
    '123456.78901234567': true,
    '0.123456789012345678901': false,
  };
  it.each(Object.entries(fast))('%s takes the fast path: %s', (text, expected) => {
    expect(read(text)).toEqual({ value: Number(text), fast: expected });
  });
});
