/**
 * The present window of a signal that counts: what its series have counted since the last one ended. It lives in the
 * signal's own cell, native histograms in a cell beside it.
 */
import { cellOf, claimCell, readNumbers, releaseCell, writeNumbers } from '../cells.ts';
import type { Cell, Signal, World } from '../world.ts';
import type { Counted } from './counting-kind.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { sumOfNative } from './histogram/native-arithmetic.ts';
import { decodeNative, encodeNative } from './histogram/native-row.ts';
import { COUNTS, OWN_KEY, OWN_SLOTS } from './memory.ts';

const NATIVE_KEY = 'native';

/** What the present window holds; `own` is the record of the signal's own cell. */
export function countedIn(signal: Signal, own: Float64Array): Counted {
  const length = own[COUNTS]!;
  const native = readNumbers(signal, NATIVE_KEY);
  return {
    keys: own.subarray(OWN_SLOTS, OWN_SLOTS + length),
    counts: own.subarray(OWN_SLOTS + length, OWN_SLOTS + 2 * length),
    native: native.length > 0 ? decodeNative(native, 0).histogram : null,
  };
}

export class Window {
  readonly #signal: Signal;
  /** Keys are bounds of buckets, so that layouts can differ. */
  readonly #buckets: boolean;
  #cell: Cell;

  constructor(world: World, signal: Signal, buckets: boolean) {
    this.#signal = signal;
    this.#buckets = buckets;
    this.#cell = cellOf(world, signal, { key: OWN_KEY, width: OWN_SLOTS });
  }

  /** The record of the signal's own cell; another one after `add` has met new keys. */
  get own(): Float64Array {
    return this.#cell.record;
  }

  /** Something in the record was changed. */
  touch(world: World): void {
    world.dirty.pages.add(this.#cell.page);
  }

  /** A view, valid until the next change. */
  get counted(): Counted {
    return countedIn(this.#signal, this.#cell.record);
  }

  /** Adds deltas; `keys` ascending. */
  add(world: World, keys: ArrayLike<number>, deltas: ArrayLike<number>): void {
    const { record } = this.#cell;
    const length = record[COUNTS]!;
    if (length === keys.length && startsWith(record, keys)) {
      const counts = OWN_SLOTS + length;
      for (let index = 0; index < length; index++) record[counts + index]! += deltas[index]!;
    } else {
      this.#relay(world, keys, deltas);
    }
    this.touch(world);
  }

  addNative(world: World, delta: NativeHistogram): void {
    const { native } = this.counted;
    writeNumbers(
      world,
      this.#signal,
      NATIVE_KEY,
      encodeNative(native === null ? delta : sumOfNative(native, delta)),
    );
  }

  /** The next window begins with nothing; the layout may be another one. */
  clear(world: World): void {
    this.#cell.record.fill(0, COUNTS);
    this.touch(world);
    if (this.#signal.cells?.has(NATIVE_KEY)) writeNumbers(world, this.#signal, NATIVE_KEY, []);
  }

  /** The layouts differ. */
  #relay(world: World, keys: ArrayLike<number>, deltas: ArrayLike<number>): void {
    const { keys: known, counts } = this.counted;
    const sums = new Map<number, number>();
    for (let index = 0; index < keys.length; index++) sums.set(keys[index]!, deltas[index]!);
    if (!this.#buckets || known.length === 0) {
      for (let index = 0; index < known.length; index++)
        sums.set(known[index]!, counts[index]! + (sums.get(known[index]!) ?? 0));
    } else {
      const before = new Map(Array.from(known, (key, index) => [key, counts[index]!]));
      const common = [...sums].filter(([key]) => before.has(key));
      // Where nothing but +Inf is common, what was counted so far is of no use.
      if (common.length >= 2 || common.length === sums.size) {
        sums.clear();
        for (const [key, delta] of common) sums.set(key, delta + before.get(key)!);
      }
    }
    this.#write(
      world,
      [...sums].sort(([a], [b]) => a - b),
    );
  }

  #write(world: World, sums: readonly (readonly [key: number, count: number])[]): void {
    const header = this.#cell.record.slice(0, OWN_SLOTS);
    const width = OWN_SLOTS + 2 * sums.length;
    if (width > this.#cell.record.length) {
      releaseCell(world, this.#cell);
      this.#cell = claimCell(world, this.#signal, { key: OWN_KEY, width });
    }
    const { record } = this.#cell;
    record.fill(0);
    record.set(header);
    record[COUNTS] = sums.length;
    sums.forEach(([key, count], index) => {
      record[OWN_SLOTS + index] = key;
      record[OWN_SLOTS + sums.length + index] = count;
    });
  }
}

function startsWith(record: Float64Array, keys: ArrayLike<number>): boolean {
  for (let index = 0; index < keys.length; index++)
    if (record[OWN_SLOTS + index] !== keys[index]) return false;
  return true;
}
