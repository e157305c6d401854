import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aNative, anyNative } from './native.testing.ts';
import { boundOf, onCommonBuckets, reducedTo, widenedTo } from './native.ts';

describe('the bound of a bucket', () => {
  it.each([
    ['schema 0 doubles', 3, 0, 8],
    ['index 0 is 1 at any schema', 0, 5, 1],
    ['schema 1 doubles every second index', -4, 1, 0.25],
    ['schema 2 has four buckets per power of two', 1, 2, 2 ** 0.25],
    ['schema -1 quadruples', 3, -1, 64],
    ['schema -4 is a factor of 2^16', -1, -4, 2 ** -16],
    ['the last finite bucket ends at the largest double', 1024 * 8, 3, Number.MAX_VALUE],
    ['the last finite bucket of schema -4 as well', 64, -4, Number.MAX_VALUE],
    ['what lies above ends at +Inf', 1024 * 8 + 1, 3, Infinity],
    ['below the smallest double there is 0', -68, -4, 0],
  ])('%s', (_name, index, schema, bound) => {
    expect(boundOf(index, schema)).toBe(bound);
  });

  it('rises with the index', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4, max: 8 }), fc.integer({ min: -8000, max: 8000 }), (schema, at) => {
        const index = schema >= 3 ? at : Math.trunc(at / 500);
        const [below, bound] = [boundOf(index - 1, schema), boundOf(index, schema)];
        expect(below < bound || (below === 0 && bound === 0)).toBe(true);
      }),
    );
  });
});

describe('a coarser schema', () => {
  it('joins buckets, of which the even one is the upper, on both sides of 1', () => {
    const fine = aNative({ schema: 1, positive: { '-3': 1, '-2': 2, '-1': 4, '0': 8, '1': 16, '2': 32 } });
    expect(reducedTo(fine, 0)).toEqual(aNative({ schema: 0, positive: { '-1': 3, '0': 12, '1': 48 } }));
  });

  it('joins by sixteen for four schemas less, and mirrors that for negative values', () => {
    const fine = aNative({ schema: 4, negative: { '1': 1, '16': 2, '17': 4 } });
    expect(reducedTo(fine, 0)).toEqual(aNative({ schema: 0, negative: { '1': 3, '2': 4 } }));
  });

  it('is never finer than it was', () => {
    expect(() => reducedTo(aNative({ schema: 1 }), 2)).toThrow(
      new RangeError('schema: expected at most 1, found 2'),
    );
  });

  it('comes out the same in one step or in two', () => {
    fc.assert(
      fc.property(anyNative({ schema: 4 }), (histogram) => {
        expect(reducedTo(reducedTo(histogram, 2), -1)).toEqual(reducedTo(histogram, -1));
      }),
    );
  });

  it('keeps each bucket within the one that takes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 0, max: 6 }), (index, schema) => {
        const { positive } = reducedTo(aNative({ schema: 6, positive: { [index]: 1 } }), schema);
        expect(boundOf(positive.indexes[0]!, schema)).toBeGreaterThanOrEqual(boundOf(index, 6));
        expect(boundOf(positive.indexes[0]! - 1, schema)).toBeLessThanOrEqual(boundOf(index - 1, 6));
      }),
    );
  });
});

describe('a wider zero bucket', () => {
  const narrow = aNative({
    zeroThreshold: 0.25,
    zeroCount: 1,
    positive: { '0': 2, '1': 4, '3': 8 },
    negative: { '1': 16 },
  });

  it('absorbs the buckets that end within it', () => {
    expect(widenedTo(narrow, 2)).toEqual(aNative({ zeroThreshold: 2, zeroCount: 23, positive: { '3': 8 } }));
  });

  it('grows to the end of a populated bucket that it cuts through, of either sign', () => {
    expect(widenedTo(narrow, 0.75)).toEqual(
      aNative({ zeroThreshold: 1, zeroCount: 3, positive: { '1': 4, '3': 8 }, negative: { '1': 16 } }),
    );
    expect(widenedTo(aNative({ negative: { '1': 16 } }), 1.5)).toEqual(
      aNative({ zeroThreshold: 2, zeroCount: 16 }),
    );
  });

  it('ends where asked inside a bucket that is empty, or left out', () => {
    const sparse = aNative({ positive: { '2': 0, '3': 8 } });
    expect(widenedTo(sparse, 3).zeroThreshold).toBe(3);
    expect(widenedTo(aNative({ positive: { '3': 8 } }), 3).zeroThreshold).toBe(3);
  });

  it('is never narrower than it was', () => {
    expect(widenedTo(narrow, 0.125)).toBe(narrow);
  });
});

it('two histograms get one zero bucket and the lower schema, and no observation is lost', () => {
  fc.assert(
    fc.property(anyNative(), anyNative(), (a, b) => {
      const common = onCommonBuckets(a, b);
      expect(common[0].schema).toBe(Math.min(a.schema, b.schema));
      expect(common[1].schema).toBe(common[0].schema);
      expect(common[1].zeroThreshold).toBe(common[0].zeroThreshold);
      expect(common[0].zeroThreshold).toBeGreaterThanOrEqual(Math.max(a.zeroThreshold, b.zeroThreshold));
      expect(common.map(inBuckets)).toEqual([a, b].map(inBuckets));
    }),
  );
});

function inBuckets({ zeroCount, positive, negative }: ReturnType<typeof aNative>): number {
  return [...Array.from(positive.counts), ...Array.from(negative.counts)].reduce((a, b) => a + b, zeroCount);
}
