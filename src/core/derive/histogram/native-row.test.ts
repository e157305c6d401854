import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aNative, anyNative } from './native.testing.ts';
import { decodeNative, encodeNative } from './native-row.ts';

it('is a row of its numbers', () => {
  const histogram = aNative({
    schema: 3,
    zeroThreshold: 0.5,
    zeroCount: 1,
    sum: 42,
    positive: { '-1': 2, '5': 3 },
    negative: { '7': 4 },
  });
  expect(encodeNative(histogram)).toEqual([3, 0.5, 1, 10, 42, 2, 1, -1, 5, 2, 3, 7, 4]);
});

it('comes back as it was, wherever it stands, and says where it ends', () => {
  fc.assert(
    fc.property(anyNative(), fc.array(fc.double()), fc.array(fc.double()), (histogram, before, after) => {
      const row = Float64Array.from([...before, ...encodeNative(histogram), ...after]);
      const { histogram: decoded, end } = decodeNative(row, before.length);
      expect(encodeNative(decoded)).toEqual(encodeNative(histogram));
      expect(end).toBe(row.length - after.length);
    }),
  );
});

it('keeps a sum that is NaN', () => {
  const row = Float64Array.from(encodeNative(aNative({ sum: NaN, count: 1 })));
  expect(decodeNative(row, 0).histogram).toMatchObject({ sum: NaN, count: 1 });
});

describe('refuses', () => {
  const row = encodeNative(aNative({ positive: { '1': 1, '2': 1 } }));
  it.each<[string, number[], string]>([
    ['a row cut short', row.slice(0, -1), 'native histogram at 0: expected it to end by 10, found 11'],
    [
      'a head cut short',
      row.slice(0, 6),
      'native histogram, number 6: expected how many buckets follow, found undefined',
    ],
    [
      'a size that is no whole number',
      row.with(5, 1.5),
      'native histogram, number 5: expected how many buckets follow, found 1.5',
    ],
    [
      'a size below zero',
      row.with(6, -1),
      'native histogram, number 6: expected how many buckets follow, found -1',
    ],
    [
      'a size that is not a number',
      row.with(5, NaN),
      'native histogram, number 5: expected how many buckets follow, found NaN',
    ],
  ])('%s', (_name, numbers, message) => {
    expect(() => decodeNative(numbers, 0)).toThrow(new RangeError(message));
  });
});
