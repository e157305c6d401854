/**
 * The series of one target, each known by the exact bytes that name it on the page. Ids are small integers that stay
 * while the series keeps coming. The order of the last page is remembered, so that the next page is read by comparing
 * each line with the series that is expected there; only a surprise costs a hash lookup.
 */
import { randomInt } from 'node:crypto';
import type { Samples } from '../core/derive/samples.ts';
import { hashOf, KeyBytes } from './key-bytes.ts';

/** How many series all tables of the process may hold together. Lowering the limit forgets nothing. */
export interface SeriesBudget {
  limit: number;
  used: number;
}

/** The place before the first series of a page, for `successorOf` and `follow`. */
export const PAGE_START = -1;
export const NO_SERIES = -1;

/** A series that was absent for more pages than this is forgotten; Prometheus’ own scrape cache keeps it as long. */
const KEEP_PAGES = 2;
const COMPACT_ABOVE_BYTES = 64 * 1024;
const FIRST_KEY_BYTES = 1024;

export class SeriesTable {
  readonly #budget: SeriesBudget;
  // Secret per table, so that a hostile target cannot choose colliding names.
  readonly #seed = randomInt(2 ** 32) | 0;

  #keys = new KeyBytes(FIRST_KEY_BYTES);
  #deadBytes = 0;

  // Columns by id; `#next` is shifted by one for PAGE_START.
  #start = new Uint32Array(16);
  #length = new Uint32Array(16);
  #hash = new Int32Array(16);
  #seen = new Uint32Array(16);
  #next = new Int32Array(17).fill(NO_SERIES);
  /** Ids that were ever given out. */
  #ids = 0;
  readonly #free: number[] = [];
  #size = 0;

  /** Open addressing; holds ids plus one, 0 is an empty slot. */
  #slots = new Int32Array(32);
  #page = 0;
  #added: number[] = [];
  #addedFrom = 0;
  #starved = false;
  /** How many series were ever added: it grows where `resolve` gives out an id for a new series. */
  additions = 0;

  constructor(budget: SeriesBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  /** The series that followed this one on the last page; a hint that may be wrong. */
  successorOf(id: number): number {
    return this.#next[id + 1]!;
  }

  /** Zero for an id that is not in use. */
  keyLengthOf(id: number): number {
    return this.#length[id]!;
  }

  /** Whether the series' key stands at `at`; the page must hold that many bytes, and four more. */
  isKeyAt(id: number, page: DataView, at: number): boolean {
    return this.#keys.areAt(this.#start[id]!, this.#length[id]!, page, at);
  }

  /** Remembers that `id` followed `previous`. */
  follow(previous: number, id: number): void {
    const expected = this.#next[previous + 1]!;
    if (expected === id) return;
    // An inserted line: what was expected here comes most likely after it.
    if (this.#next[id + 1] === NO_SERIES) this.#next[id + 1] = expected;
    this.#next[previous + 1] = id;
  }

  /** A page begins: what is added from here on goes away again by `rollback`. */
  begin(): void {
    this.#added = [];
    this.#addedFrom = this.#keys.end;
    this.#starved = false;
  }

  /** The id of the series with this key, added where it is new; NO_SERIES where the budget refuses it. */
  resolve(page: DataView, start: number, end: number): number {
    const length = end - start;
    const hash = hashOf(page, { start, length, seed: this.#seed });
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let held = this.#slots[slot]!; held !== 0; held = this.#slots[slot]!) {
      const id = held - 1;
      if (this.#hash[id] === hash && this.#length[id] === length && this.isKeyAt(id, page, start)) return id;
      slot = (slot + 1) & mask;
    }
    if (this.#budget.used >= this.#budget.limit) {
      this.#starved = true;
      return NO_SERIES;
    }
    const id = this.#add(page, { start, length, hash });
    this.#slots[slot] = id + 1;
    if (this.#size * 2 > this.#slots.length) this.#reindex();
    return id;
  }

  /** The page was refused: forgets the series that it brought. */
  rollback(): void {
    if (this.#added.length === 0) return;
    for (const id of this.#added) this.#release(id);
    this.#deadBytes -= this.#keys.end - this.#addedFrom;
    this.#keys.end = this.#addedFrom;
    this.#added = [];
    this.#reindex();
  }

  /** The page was taken: marks its series and forgets those that no longer come. Answers the ids that it forgot. */
  commit(samples: Samples): readonly number[] {
    const page = ++this.#page;
    let present = 0;
    for (let row = 0; row < samples.length; row++) {
      const id = samples.series[row]!;
      if (this.#seen[id] === page) continue;
      this.#seen[id] = page;
      present++;
    }
    this.#added = [];
    if (this.#size === present) return [];
    // Where new series were refused, those that are gone must make room at once.
    const keepFrom = this.#starved ? page : page - KEEP_PAGES;
    const forgotten: number[] = [];
    for (let id = 0; id < this.#ids; id++) {
      if (this.#length[id] === 0 || this.#seen[id]! >= keepFrom) continue;
      this.#release(id);
      forgotten.push(id);
    }
    if (forgotten.length > 0) {
      this.#reindex();
      if (this.#deadBytes > COMPACT_ABOVE_BYTES && this.#deadBytes * 2 > this.#keys.end) this.#compact();
    }
    return forgotten;
  }

  /** The bytes that name the series; valid until the next page. */
  keyOf(id: number): Buffer {
    return this.#keys.slice(this.#start[id]!, this.#length[id]!);
  }

  /** Gives back what it took of the budget; the table is of no use afterwards. */
  dispose(): void {
    this.#budget.used -= this.#size;
    this.#size = 0;
  }

  #add(page: DataView, { start, length, hash }: { start: number; length: number; hash: number }): number {
    let id = this.#free.pop();
    if (id === undefined) {
      id = this.#ids++;
      if (id === this.#start.length) this.#growColumns();
    }
    this.#start[id] = this.#keys.append(page, start, length);
    this.#length[id] = length;
    this.#hash[id] = hash;
    this.#seen[id] = this.#page;
    this.#next[id + 1] = NO_SERIES;
    this.#added.push(id);
    this.additions++;
    this.#size++;
    this.#budget.used++;
    return id;
  }

  #release(id: number): void {
    this.#deadBytes += this.#length[id]!;
    this.#length[id] = 0;
    this.#free.push(id);
    this.#size--;
    this.#budget.used--;
  }

  #reindex(): void {
    let slots = 32;
    while (slots < this.#size * 4) slots *= 2;
    this.#slots = new Int32Array(slots);
    for (let id = 0; id < this.#ids; id++) {
      if (this.#length[id] === 0) continue;
      let slot = this.#hash[id]! & (slots - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#slots[slot] = id + 1;
    }
  }

  #growColumns(): void {
    const size = this.#start.length * 2;
    this.#start = grown(new Uint32Array(size), this.#start);
    this.#length = grown(new Uint32Array(size), this.#length);
    this.#hash = grown(new Int32Array(size), this.#hash);
    this.#seen = grown(new Uint32Array(size), this.#seen);
    this.#next = grown(new Int32Array(size + 1).fill(NO_SERIES), this.#next);
  }

  /** Closes the gaps that forgotten keys have left. */
  #compact(): void {
    const old = this.#keys;
    this.#keys = new KeyBytes(old.end - this.#deadBytes);
    for (let id = 0; id < this.#ids; id++) {
      if (this.#length[id] === 0) continue;
      this.#start[id] = this.#keys.append(old.view, this.#start[id]!, this.#length[id]!);
    }
    this.#deadBytes = 0;
  }
}

function grown<Column extends Uint32Array | Int32Array>(column: Column, from: Column): Column {
  column.set(from);
  return column;
}
