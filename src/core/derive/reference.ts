/** Histograms that a distance is measured from, remembered in cells of the signal. */
import { readNumbers, writeNumbers } from '../cells.ts';
import type { Signal, World } from '../world.ts';
import type { Histogram } from './histogram/bins.ts';
import { sumOnCommonBounds } from './histogram/classic.ts';
import { sumOfNative } from './histogram/native-arithmetic.ts';
import { decodeNative, encodeNative } from './histogram/native-row.ts';

// The first number tells the forms apart.
const CLASSIC = 0;
const NATIVE = 1;

/** Null where nothing was remembered. */
export function readReference(signal: Signal, key: string): Histogram | null {
  const numbers = readNumbers(signal, key);
  if (numbers.length === 0) return null;
  if (numbers[0] === NATIVE) return { kind: 'native', ...decodeNative(numbers, 1).histogram };
  const length = (numbers.length - 1) / 2;
  return { kind: 'classic', bounds: numbers.slice(1, 1 + length), cumulative: numbers.slice(1 + length) };
}

export function writeReference(world: World, signal: Signal, key: string, histogram: Histogram): void {
  const numbers =
    histogram.kind === 'native'
      ? [NATIVE, ...encodeNative(histogram)]
      : [CLASSIC, ...Array.from(histogram.bounds), ...Array.from(histogram.cumulative)];
  writeNumbers(world, signal, key, numbers);
}

/** The observations of both; of the newer one where they have no form, or no bounds but +Inf, in common. */
export function together(older: Histogram | null, newer: Histogram): Histogram {
  if (older?.kind === 'native' && newer.kind === 'native')
    return { kind: 'native', ...sumOfNative(older, newer) };
  if (older?.kind !== 'classic' || newer.kind !== 'classic') return newer;
  const sum = sumOnCommonBounds(older, newer);
  return sum.bounds.length < 2 ? newer : { kind: 'classic', ...sum };
}

export function observationsIn(histogram: Histogram | null): number {
  if (histogram === null) return 0;
  if (histogram.kind === 'native') return histogram.count;
  return histogram.cumulative[histogram.cumulative.length - 1] ?? 0;
}
