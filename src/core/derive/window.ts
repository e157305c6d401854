/**
 * The present window of a signal that counts: what its series have counted since the last one ended. It lives in the
 * signal's own cell, native histograms in a cell beside it.
 */

import { cellOf, claimCell, readNumbers, releaseCell, writeNumbers } from '../cells.ts';
import { touchPage } from '../records.ts';
import type { Cell, Signal, World } from '../world.ts';
import type { Counted } from './counting-kind.ts';
import type { ClassicHistogram } from './histogram/classic.ts';
import { sumOnCommonBounds } from './histogram/classic.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { sumOfNative } from './histogram/native-arithmetic.ts';
import { decodeNative, encodeNative } from './histogram/native-row.ts';
import { COUNTS, OWN_KEY, OWN_SLOTS } from './memory.ts';

const NATIVE_KEY = 'native';

/** What the present window holds; `own` is the record of the signal's own cell. */
export function countedIn(signal: Signal, own: Float64Array): Counted {
  const length = own[COUNTS]!;
  return {
    keys: own.subarray(OWN_SLOTS, OWN_SLOTS + length),
    counts: own.subarray(OWN_SLOTS + length, OWN_SLOTS + 2 * length),
    native: nativeIn(signal),
  };
}

function nativeIn(signal: Signal): NativeHistogram | null {
  const numbers = readNumbers(signal, NATIVE_KEY);
  return numbers.length > 0 ? decodeNative(numbers, 0).histogram : null;
}

export class Window {
  readonly #signal: Signal;
  /** Keys are bounds of buckets, so that layouts can differ. */
  readonly #buckets: boolean;
  #cell: Cell;
  /** Views of the record, made anew where its layout has changed. */
  #counted: Counted;
  /** As the cell has it. */
  #native: NativeHistogram | null;

  constructor(world: World, signal: Signal, buckets: boolean) {
    this.#signal = signal;
    this.#buckets = buckets;
    this.#cell = cellOf(world, signal, { key: OWN_KEY, width: OWN_SLOTS });
    this.#counted = countedIn(signal, this.#cell.record);
    this.#native = this.#counted.native;
  }

  /** The record of the signal's own cell; another one after `add` has met new keys. */
  get own(): Float64Array {
    return this.#cell.record;
  }

  /** Something in the record was changed. */
  touch(world: World): void {
    touchPage(world, this.#cell.page);
  }

  /** A view, valid until the next change. */
  get counted(): Counted {
    const { record } = this.#cell;
    const { keys, counts } = this.#counted;
    if (keys.length !== record[COUNTS] || keys.buffer !== record.buffer) {
      this.#counted = countedIn(this.#signal, record);
      return this.#counted;
    }
    return { keys, counts, native: this.#native };
  }

  /** Adds deltas; `keys` ascending. */
  add(world: World, keys: ArrayLike<number>, deltas: ArrayLike<number>): void {
    const { record } = this.#cell;
    const length = record[COUNTS]!;
    if (length === keys.length && startsWith(record, keys)) {
      const counts = OWN_SLOTS + length;
      for (let index = 0; index < length; index++) record[counts + index]! += deltas[index]!;
    } else if (length === 0 && OWN_SLOTS + 2 * keys.length <= record.length) {
      begin(record, keys, deltas);
    } else if (!this.#buckets && hasAll(record, keys)) {
      for (let index = 0; index < keys.length; index++)
        record[placeOf(record, keys[index]!) + length]! += deltas[index]!;
    } else {
      this.#relay(world, keys, deltas);
    }
    this.touch(world);
  }

  addNative(world: World, delta: NativeHistogram): void {
    this.#native = this.#native === null ? delta : sumOfNative(this.#native, delta);
    writeNumbers(world, this.#signal, NATIVE_KEY, encodeNative(this.#native));
  }

  /** The next window begins with nothing; the layout of buckets may be another one. */
  clear(world: World): void {
    const { record } = this.#cell;
    record.fill(0, this.#buckets ? COUNTS : OWN_SLOTS + record[COUNTS]!);
    this.touch(world);
    if (this.#native !== null) writeNumbers(world, this.#signal, NATIVE_KEY, []);
    this.#native = null;
  }

  /** The layouts differ. */
  #relay(world: World, keys: ArrayLike<number>, deltas: ArrayLike<number>): void {
    const { keys: known, counts } = this.counted;
    const added = { bounds: keys, cumulative: deltas };
    if (!this.#buckets) {
      this.#write(world, allOf({ bounds: known, cumulative: counts }, added));
    } else if ((counts.at(-1) ?? 0) === 0) {
      // A layout that nobody has counted in may go.
      this.#write(world, added);
    } else {
      const sum = sumOnCommonBounds({ bounds: known, cumulative: counts }, added);
      // Where nothing but +Inf is common, what was counted so far is of no use.
      this.#write(world, sum.bounds.length < 2 && keys.length > 1 ? added : sum);
    }
  }

  #write(world: World, { bounds, cumulative }: ClassicHistogram): void {
    const header = this.#cell.record.slice(0, OWN_SLOTS);
    const width = OWN_SLOTS + 2 * bounds.length;
    if (width > this.#cell.record.length) {
      releaseCell(world, this.#cell);
      this.#cell = claimCell(world, this.#signal, { key: OWN_KEY, width });
    }
    const { record } = this.#cell;
    record.fill(0);
    record.set(header);
    begin(record, bounds, cumulative);
  }
}

/** The counts of both, by ascending key; what only one has counts too. */
function allOf(a: ClassicHistogram, b: ClassicHistogram): ClassicHistogram {
  const sums = new Map<number, number>();
  for (const { bounds, cumulative } of [a, b])
    for (let index = 0; index < bounds.length; index++)
      sums.set(bounds[index]!, (sums.get(bounds[index]!) ?? 0) + cumulative[index]!);
  const keys = [...sums.keys()].sort((one, other) => one - other);
  return { bounds: keys, cumulative: keys.map((key) => sums.get(key)!) };
}

/** The first deltas of a window. */
function begin(record: Float64Array, keys: ArrayLike<number>, deltas: ArrayLike<number>): void {
  const counts = OWN_SLOTS + keys.length;
  record[COUNTS] = keys.length;
  for (let index = 0; index < keys.length; index++) {
    record[OWN_SLOTS + index] = keys[index]!;
    record[counts + index] = deltas[index]!;
  }
}

/** Where a key stands in the record; the first place after the keys where it does not. */
function placeOf(record: Float64Array, key: number): number {
  const end = OWN_SLOTS + record[COUNTS]!;
  let place = OWN_SLOTS;
  while (place < end && record[place] !== key) place++;
  return place;
}

function hasAll(record: Float64Array, keys: ArrayLike<number>): boolean {
  const end = OWN_SLOTS + record[COUNTS]!;
  for (let index = 0; index < keys.length; index++) if (placeOf(record, keys[index]!) === end) return false;
  return true;
}

function startsWith(record: Float64Array, keys: ArrayLike<number>): boolean {
  for (let index = 0; index < keys.length; index++)
    if (record[OWN_SLOTS + index] !== keys[index]) return false;
  return true;
}
