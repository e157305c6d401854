import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aNative, anyNative } from './native.testing.ts';
import type { NativeHistogram } from './native.ts';
import { deltaOfNative, sumOfNative } from './native-arithmetic.ts';

const before = aNative({
  schema: 1,
  zeroThreshold: 0.5,
  zeroCount: 2,
  sum: 20,
  positive: { '1': 1, '2': 2, '4': 3 },
  negative: { '3': 4 },
});

describe('a delta', () => {
  it('is the difference of each number, without the buckets that stayed', () => {
    const now = aNative({
      schema: 1,
      zeroThreshold: 0.5,
      zeroCount: 5,
      sum: 50,
      positive: { '0': 7, '1': 1, '2': 4, '4': 3, '9': 1 },
      negative: { '3': 5 },
    });
    expect(deltaOfNative(before, now)).toEqual(
      aNative({
        schema: 1,
        zeroThreshold: 0.5,
        zeroCount: 3,
        sum: 30,
        positive: { '0': 7, '2': 2, '9': 1 },
        negative: { '3': 1 },
      }),
    );
  });

  it('is taken at the new, lower schema', () => {
    const now = aNative({
      schema: 0,
      zeroThreshold: 0.5,
      zeroCount: 2,
      sum: 21,
      positive: { '1': 4, '2': 3 },
      negative: { '2': 4 },
    });
    expect(deltaOfNative(before, now)).toEqual(
      aNative({ schema: 0, zeroThreshold: 0.5, sum: 1, positive: { '1': 1 } }),
    );
  });

  it('is taken with the new, larger zero bucket', () => {
    const now = aNative({
      schema: 1,
      zeroThreshold: 2,
      zeroCount: 7,
      sum: 22,
      positive: { '4': 3 },
      negative: { '3': 4 },
    });
    expect(deltaOfNative(before, now)).toEqual(
      aNative({ schema: 1, zeroThreshold: 2, zeroCount: 2, sum: 2 }),
    );
  });

  it('keeps observations that are NaN, which lie in no bucket', () => {
    const delta = deltaOfNative(before, aNative({ ...described(before), count: before.count + 3, sum: NaN }));
    expect(delta).toEqual(aNative({ schema: 1, zeroThreshold: 0.5, count: 3, sum: NaN }));
  });

  const reset: Record<string, Partial<Parameters<typeof aNative>[0]>> = {
    'the count fell': { count: before.count - 1 },
    'the zero count fell': { zeroCount: 1, positive: { '1': 2, '2': 2, '4': 3 } },
    'a positive bucket fell': { positive: { '1': 1, '2': 1, '4': 4 } },
    'a negative bucket fell': { negative: { '3': 3 }, positive: { '1': 1, '2': 2, '4': 4 } },
    'a bucket between others is gone': { positive: { '1': 1, '4': 5 } },
    'the last bucket is gone': { positive: { '1': 1, '2': 5 } },
    'all buckets of a sign are gone': { zeroCount: 6, negative: {} },
    'the resolution rose': { schema: 2 },
    'the zero bucket shrank': { zeroThreshold: 0.25 },
    'the zero bucket ends within a bucket that was populated': { zeroThreshold: 1.2, zeroCount: 9 },
    'the wider zero bucket lost what it absorbed': { zeroThreshold: 2 ** 0.5, positive: { '2': 2, '4': 9 } },
  };
  it.each(Object.entries(reset))('is none, because the counters were reset, where %s', (_name, change) => {
    const count = before.count + 5;
    expect(deltaOfNative(before, aNative({ ...described(before), count, ...change }))).toBeNull();
  });

  it('minds no bucket that was listed but empty', () => {
    const listed = { ...before, positive: { indexes: [1, 2, 3, 4, 8], counts: [1, 2, 0, 3, 0] } };
    expect(deltaOfNative(listed, before)).toEqual(aNative({ schema: 1, zeroThreshold: 0.5 }));
  });
});

describe('a sum', () => {
  it('is at the lower schema', () => {
    const sum = sumOfNative(before, aNative({ zeroThreshold: 0.5, sum: 1, positive: { '2': 1, '9': 1 } }));
    expect(sum).toEqual(
      aNative({
        schema: 0,
        zeroThreshold: 0.5,
        zeroCount: 2,
        sum: 21,
        positive: { '1': 3, '2': 4, '9': 1 },
        negative: { '2': 4 },
      }),
    );
  });

  it('has the larger zero bucket, which absorbs whole buckets of the other', () => {
    const wide = aNative({ schema: 1, zeroThreshold: 1.8, zeroCount: 10 });
    // 1.8 cuts through bucket 2 of schema 1, which is populated and ends at 2.
    expect(sumOfNative(before, wide)).toEqual(
      aNative({
        schema: 1,
        zeroThreshold: 2,
        zeroCount: 15,
        sum: 20,
        positive: { '4': 3 },
        negative: { '3': 4 },
      }),
    );
  });

  it('widens both in turn, where the end of a bucket of one cuts through a bucket of the other', () => {
    const coarse = aNative({ schema: -1, positive: { '1': 1, '3': 1 } });
    const fine = aNative({ schema: 0, zeroThreshold: 3, zeroCount: 1, positive: { '3': 5 } });
    expect(sumOfNative(coarse, fine)).toEqual(
      aNative({ schema: -1, zeroThreshold: 4, zeroCount: 2, positive: { '2': 5, '3': 1 } }),
    );
  });
});

describe('properties', () => {
  it('a sum does not depend on the order', () => {
    fc.assert(
      fc.property(anyNative(), anyNative(), (a, b) => {
        expect(sumOfNative(a, b)).toEqual(sumOfNative(b, a));
      }),
    );
  });

  it('what was added is the delta', () => {
    fc.assert(
      fc.property(pairOf({ zeroThreshold: 0.75 }), ([old, added]) => {
        const now = sumOfNative(old, added);
        const delta = deltaOfNative(old, now);
        expect(delta === null ? null : sumOfNative(delta, EMPTY)).toEqual(sumOfNative(added, EMPTY));
      }),
    );
  });

  it('the delta of a sum is the sum of the deltas', () => {
    fc.assert(
      fc.property(pairOf({ zeroThreshold: 0 }), pairOf({ zeroThreshold: 0 }), ([a, addedA], [b, addedB]) => {
        const deltas = [deltaOfNative(a, sumOfNative(a, addedA)), deltaOfNative(b, sumOfNative(b, addedB))];
        expect(
          deltaOfNative(sumOfNative(a, b), sumOfNative(sumOfNative(a, addedA), sumOfNative(b, addedB))),
        ).toEqual(sumOfNative(deltas[0]!, deltas[1]!));
      }),
    );
  });
});

/** Nothing, at the coarsest schema of `anyNative`: what is added to it is only made coarser. */
const EMPTY = aNative({ schema: -2, zeroThreshold: 0.75 });

/** Two of one zero bucket; the second is no finer, as a client never gets finer without a reset. */
function pairOf(fixed: { zeroThreshold: number }): fc.Arbitrary<[NativeHistogram, NativeHistogram]> {
  return fc.tuple(anyNative({ ...fixed, schema: 3 }), anyNative({ ...fixed }));
}

/** Back to what `aNative` takes. */
function described({ positive, negative, ...rest }: NativeHistogram): Parameters<typeof aNative>[0] {
  const byIndex = ({ indexes, counts }: NativeHistogram['positive']) =>
    Object.fromEntries(Array.from(indexes, (index, at) => [index, counts[at]!]));
  return { ...rest, positive: byIndex(positive), negative: byIndex(negative) };
}
