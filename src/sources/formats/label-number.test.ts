import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumber } from './label-number.ts';

describe('the canonical number', () => {
  const cases: Record<string, string> = {
    '0': '0.0',
    '-0': '-0.0',
    '+0.000': '0.0',
    '1': '1.0',
    '1.0': '1.0',
    '1e0': '1.0',
    '01.50': '1.5',
    '.5': '0.5',
    '5.': '5.0',
    '-1': '-1.0',
    '0.001': '0.001',
    '0.0001': '0.0001',
    '1e-4': '0.0001',
    '0.00011': '0.00011',
    '0.00001': '1e-05',
    '-0.000015': '-1.5e-05',
    '1e-10': '1e-10',
    '1e-100': '1e-100',
    '10': '10.0',
    '100000': '100000.0',
    '1e5': '100000.0',
    '123456': '123456.0',
    '999999.5': '999999.5',
    '1000000': '1e+06',
    '1234567': '1.234567e+06',
    '1.55555555555552e+06': '1.55555555555552e+06',
    '1E+23': '1e+23',
    '0.1': '0.1',
    '0.30000000000000004': '0.30000000000000004',
    '+Inf': '+Inf',
    Inf: '+Inf',
    '-inf': '-Inf',
  };
  it.each(Object.entries(cases))('of %s is %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });

  it.each(['', 'NaN', 'foo', '1,5', '1 ', '0x10', '1_000', '١'])('is not made of %j', (text) => {
    expect(canonicalNumber(text)).toBe(text);
  });

  it('reads back as the same number, and stays as it is when made again', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const canonical = canonicalNumber(Object.is(value, -0) ? '-0' : String(value));
        expect(Number(canonical)).toBe(value);
        expect(canonical).toMatch(/[.e]/);
        expect(canonicalNumber(canonical)).toBe(canonical);
      }),
    );
  });
});
