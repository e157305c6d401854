import { expect, it } from 'vitest';
import { nonFiniteReason } from './non-finite.ts';

it('a stale marker is told from other values that are no numbers', () => {
  const column = Float64Array.of(0, NaN, Infinity, -Infinity);
  new BigUint64Array(column.buffer)[0] = 0x7ff0000000000002n;
  expect([0, 1, 2, 3].map((row) => nonFiniteReason(column, row))).toEqual([
    'stale_marker',
    'non_finite',
    'non_finite',
    'non_finite',
  ]);
  expect(nonFiniteReason(column.subarray(1), 0)).toBe('non_finite');
});
