import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { total } from './bins.ts';
import { mergedBins, mostBins } from './merged-bins.ts';

type Counts = readonly number[];

describe('neighbours are merged', () => {
  it.each<[string, Counts, Counts, Counts, Counts]>([
    ['not where each bin has enough', [5, 5], [9, 1], [5, 5], [9, 1]],
    ['until the reference has 5', [2, 2, 2, 9], [1, 2, 3, 94], [6, 9], [6, 94]],
    ['what is left at the top joins the last bin', [9, 6, 2, 2], [1, 2, 3, 94], [9, 10], [1, 99]],
    [
      'until the reference expects 5 of the current ones',
      [5, 5, 10, 80],
      [1, 2, 3, 44],
      [10, 10, 80],
      [3, 3, 44],
    ],
    ['whatever the current ones do', [50, 50], [0, 100], [50, 50], [0, 100]],
  ])('%s', (_name, reference, current, ...merged) => {
    expect(mergedBins({ reference, current })).toEqual({ reference: merged[0], current: merged[1] });
  });

  it('further, to about equal shares of the reference, where there are more bins than the counts can carry', () => {
    const even = new Array(50).fill(10);
    const merged = mergedBins({ reference: even, current: even })!;
    expect(merged.reference).toEqual([...new Array(15).fill(30), 50]);
  });

  it('but not below ten, however few there are', () => {
    const tens = new Array(10).fill(10);
    expect(mergedBins({ reference: tens, current: tens })).toEqual({ reference: tens, current: tens });
    const fives = new Array(20).fill(5);
    expect(mergedBins({ reference: fives, current: fives })).toEqual({ reference: tens, current: tens });
  });

  it('never to more bins than the counts can carry', () => {
    const counts = fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(counts, (both) => {
        const bins = { reference: both.map(([count]) => count), current: both.map(([, count]) => count) };
        const merged = mergedBins(bins)!;
        const [references, currents] = [total(bins.reference), total(bins.current)];
        expect(merged.reference.length).toBeLessThanOrEqual(Math.max(10, mostBins(references, currents)));
        expect([total(merged.reference), total(merged.current)]).toEqual([references, currents]);
      }),
    );
  });
});

describe('a reference that knows one bin only', () => {
  it('has that bin set against all others', () => {
    expect(mergedBins({ reference: [1, 997, 2], current: [200, 200, 100] })).toEqual({
      reference: [997, 3],
      current: [200, 300],
    });
  });

  it('has no bins where both are too few', () => {
    expect(mergedBins({ reference: [1, 97, 2], current: [20, 20, 10] })).toBeNull();
  });
});

it.each<[string, Counts, Counts]>([
  ['reference', [0, 0], [50, 50]],
  ['window', [50, 50], [0, 0]],
])('an empty %s has no bins', (_name, reference, current) => {
  expect(mergedBins({ reference, current })).toBeNull();
});

describe('the counts can carry', () => {
  it.each([
    [100, 100, 1],
    [161, 161, 2],
    [500, 500, 24],
    [500, 20_000, 41],
    [20_000, 500, 41],
    [1000, 1000, 68],
    [5000, 5000, 416],
    [1e6, 1e6, 83_333],
  ])('of %d and %d: %d bins', (references, currents, most) => {
    expect(mostBins(references, currents)).toBe(most);
  });
});
