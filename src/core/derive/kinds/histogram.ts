/**
 * `histogram`: how far what was observed in a window lies from a reference: the first observations of the version, the
 * last ones before the window, or those of a file.
 */
import { writeNumbers } from '../../cells.ts';
import type { Closing, CountingKind } from '../counting-kind.ts';
import type { Histogram } from '../histogram/bins.ts';
import { histogramOf, observationsOf } from '../histogram/counted.ts';
import { distanceBetween } from '../histogram/distance.ts';
import { BEGAN, GENERATION, START, TURNED } from '../memory.ts';
import { observationsIn, readReference, together, writeReference } from '../reference.ts';
import type { DistanceSettings } from '../settings.ts';

const FIRST = 'reference';
/** A trailing reference forgets in steps: it is kept in so many generations, and the oldest goes as a new one begins. */
const GENERATIONS = 8;

export const histogram: CountingKind<DistanceSettings> = {
  kind: 'histogram',
  groupSize: null,
  placeOf: () => ({ group: 'buckets', key: 0 }),
  isMonotone: () => true,
  prefersClassic: (signal) => readReference(signal, FIRST)?.kind === 'classic',
  takesNative: true,
  whole: null,
  perTime: false,
  countOf: observationsOf,
  valueOf(closing) {
    const { distance, reference } = closing.settings;
    const window = histogramOf(closing);
    // Nobody knows how many there are, and a reference that it joined would never be whole again.
    if (window.kind === 'classic' && window.bounds[window.bounds.length - 1] !== Infinity) return null;
    const from =
      reference.kind === 'file'
        ? ({ kind: 'classic', ...reference.histogram } as const)
        : reference.kind === 'first'
          ? firstReference(closing, window, reference.ms)
          : trailingReference(closing, window, reference.ms);
    return from && distanceBetween(distance, from, window);
  },
};

/** Null while the window still belongs to the reference: until that is long enough and holds enough to compare with. */
function firstReference(
  { world, signal, own, end, settings }: Closing<DistanceSettings>,
  window: Histogram,
  ms: number,
): Histogram | null {
  const stored = readReference(signal, FIRST);
  const known = stored?.kind === window.kind ? stored : null;
  if (stored !== null && known === null) {
    // The target has gone over to the other form, which has no bounds in common with this one.
    own[GENERATION] = 0;
    own[BEGAN] = own[START]!;
  }
  if (own[GENERATION] === 1) return known;
  const all = together(known, window);
  writeReference(world, signal, FIRST, all);
  if (end - own[BEGAN]! >= ms && observationsIn(all) >= settings.minCount) own[GENERATION] = 1;
  return null;
}

/** The last observations before the window, which then joins them. Null where they are too few. */
function trailingReference(
  { world, signal, own, end, settings }: Closing<DistanceSettings>,
  window: Histogram,
  ms: number,
): Histogram | null {
  // As it was when the window began: the last one ended then, and joined it.
  let all: Histogram | null = null;
  for (let age = GENERATIONS - 1; age >= 0; age--) {
    const part = readReference(signal, trailing((own[GENERATION]! - age + GENERATIONS) % GENERATIONS));
    if (part) all = together(all, part);
  }

  const step = ms / GENERATIONS;
  if (own[TURNED] === 0) own[TURNED] = own[BEGAN]!;
  for (let turns = 0; end - own[TURNED]! >= step && turns < GENERATIONS; turns++) {
    own[TURNED]! += step;
    own[GENERATION] = (own[GENERATION]! + 1) % GENERATIONS;
    writeNumbers(world, signal, trailing(own[GENERATION]), []);
  }
  // A gap longer than all of it.
  if (end - own[TURNED]! >= step) own[TURNED] = end;
  const key = trailing(own[GENERATION]!);
  writeReference(world, signal, key, together(readReference(signal, key), window));
  return observationsIn(all) >= settings.minCount ? all : null;
}

function trailing(generation: number): string {
  return `trailing-${generation}`;
}
