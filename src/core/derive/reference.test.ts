import { describe, expect, it } from 'vitest';
import { Scenario } from '../scenario.testing.ts';
import type { Histogram } from './histogram/bins.ts';
import { aNative } from './histogram/native.testing.ts';
import { observationsIn, readReference, together, writeReference } from './reference.ts';

const classic = (counts: Readonly<Record<string, number>>): Histogram => ({
  kind: 'classic',
  bounds: Object.keys(counts).map(Number),
  cumulative: Object.values(counts),
});
const native = (positive: Readonly<Record<string, number>>, sum = 0): Histogram => ({
  kind: 'native',
  ...aNative({ positive, sum }),
});
/** Typed arrays and lists alike. */
const plain = (histogram: Histogram | null) =>
  JSON.parse(
    JSON.stringify(histogram, (_, value) =>
      ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
    ),
  );

describe('a reference that was written', () => {
  const forms: Record<string, Histogram> = {
    'a classic histogram': classic({ 0.1: 3, 1: 5, Infinity: 9 }),
    'a native histogram': native({ 1: 4, 7: 2 }, 20),
    'a native histogram without buckets': native({}),
    'a classic histogram with one bound': classic({ Infinity: 9 }),
  };
  it.each(Object.entries(forms))('is read again: %s', (_, histogram) => {
    const scenario = new Scenario();
    scenario.sample(1);
    writeReference(scenario.world, scenario.signal(), 'reference', histogram);
    expect(plain(readReference(scenario.signal(), 'reference'))).toEqual(plain(histogram));
  });

  it('may be replaced by a longer one, a shorter one, and one of the other form', () => {
    const scenario = new Scenario();
    scenario.sample(1);
    const wide = classic(Object.fromEntries(Array.from({ length: 600 }, (_, at) => [at / 7 + 0.1, at])));
    for (const histogram of [
      classic({ 1: 1, Infinity: 2 }),
      wide,
      native({ 1: 1 }),
      classic({ Infinity: 2 }),
    ]) {
      writeReference(scenario.world, scenario.signal(), 'reference', histogram);
      expect(plain(readReference(scenario.signal(), 'reference'))).toEqual(plain(histogram));
    }
    expect(scenario.world.cellCount).toBe(1);
  });

  it('is not touched by what is written after it was read', () => {
    const scenario = new Scenario();
    scenario.sample(1);
    const signal = scenario.signal();
    writeReference(scenario.world, signal, 'reference', classic({ 1: 1, Infinity: 2 }));
    const before = readReference(signal, 'reference');
    writeReference(scenario.world, signal, 'reference', classic({ 5: 6, Infinity: 7 }));
    expect(plain(before)).toEqual(plain(classic({ 1: 1, Infinity: 2 })));
  });

  it('is null where nothing was written', () => {
    const scenario = new Scenario();
    scenario.sample(1);
    expect(readReference(scenario.signal(), 'reference')).toBeNull();
  });
});

describe('two histograms together', () => {
  const cases: Record<string, readonly [older: Histogram | null, newer: Histogram, all: Histogram]> = {
    'are the newer one where there is no older one': [null, native({ 1: 1 }), native({ 1: 1 })],
    'are their sum': [
      classic({ 1: 1, 2: 2, Infinity: 3 }),
      classic({ 1: 10, 2: 20, Infinity: 30 }),
      classic({ 1: 11, 2: 22, Infinity: 33 }),
    ],
    'are their sum on the bounds that they share': [
      classic({ 1: 1, 2: 2, Infinity: 3 }),
      classic({ 2: 20, 4: 25, Infinity: 30 }),
      classic({ 2: 22, Infinity: 33 }),
    ],
    'are the newer one where they share no bound but +Inf': [
      classic({ 1: 1, Infinity: 3 }),
      classic({ 2: 20, Infinity: 30 }),
      classic({ 2: 20, Infinity: 30 }),
    ],
    'are their sum, native': [native({ 1: 1, 3: 2 }, 7), native({ 3: 4 }, 5), native({ 1: 1, 3: 6 }, 12)],
    'are the newer one where that is of the other form': [
      classic({ 1: 1, Infinity: 3 }),
      native({ 1: 1 }),
      native({ 1: 1 }),
    ],
    'are the newer one where the older one is of the other form': [
      native({ 1: 1 }),
      classic({ 1: 1, Infinity: 3 }),
      classic({ 1: 1, Infinity: 3 }),
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [older, newer, all]) => {
    expect(plain(together(older, newer))).toEqual(plain(all));
  });
});

it('how many observations there are', () => {
  expect(
    [null, classic({ 1: 1, Infinity: 3 }), native({ 1: 1, 4: 5 }), classic({})].map(observationsIn),
  ).toEqual([0, 3, 6, 0]);
});
