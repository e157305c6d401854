/**
 * Counters of one process as a target shows them: a single counter, a sum with its count, or the buckets of a classic
 * histogram. Its cell holds what they were when they were last seen.
 */
import { cellOf } from '../cells.ts';
import type { Time } from '../signal.ts';
import type { Cell, DropReason, Signal, World } from '../world.ts';
import type { Member, PageTurn } from './derivation.ts';
import type { Group, GroupHost } from './group.ts';
import { admit, beganAnew, beganAt } from './group.ts';
import { HEARD_AT, PART_SLOTS, STAMPED, START, TIME } from './memory.ts';
import { nonFiniteReason } from './non-finite.ts';

// The cell goes on with when the counters began (milliseconds; 0: not known), how many there are, their keys, their values.
const BEGAN_AT = PART_SLOTS;
const LENGTH = PART_SLOTS + 1;
const VALUES = PART_SLOTS + 2;

/** A bucket that was absent for more pages than this belongs to a layout of the past. */
const KEEP_PAGES = 2;

export class CounterMember implements Member {
  readonly group: CounterGroup;
  readonly key: number;
  /** Its place among the counters of the group; -1 where it has left them. */
  slot = -1;
  page: number;

  constructor(group: CounterGroup, key: number) {
    this.group = group;
    this.key = key;
    this.page = group.host.feed.page - 1;
  }

  get signal(): Signal {
    return this.group.host.signal;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const { group } = this;
    const value = turn.samples.value[row]!;
    if (!Number.isFinite(value)) {
      group.wasRefused = true;
      return nonFiniteReason(turn.samples.value, row);
    }
    if (this.page === turn.feed.page) return 'duplicate';
    const reason = admit(turn, group.host, { group, row });
    if (reason !== undefined) {
      if (reason === 'max_series') group.wasRefused = true;
      return reason;
    }
    if (this.slot < 0) group.insert(this);
    this.page = turn.feed.page;
    group.counters.values[this.slot] = value;
    group.seen++;
    return undefined;
  }
}

/** Columns, by ascending key. */
interface Counters {
  readonly keys: number[];
  readonly values: number[];
}

export class CounterGroup implements Group {
  readonly key: string;
  readonly host: GroupHost;
  twinKey: string | null = null;
  readonly bornPage: number;
  beganAt: Time = 0;
  beganPage = -1;
  cell: Cell | null;
  page = -1;
  time: Time = 0;
  stamped = 0;
  countedOn = -1;
  /** How many counters the present page has spoken of. */
  seen = 0;
  /** It was there, but was no number or found no room: it had counted before it is remembered. */
  wasRefused = false;
  /** What each of them was when it was last spoken of. */
  readonly counters: Counters = { keys: [], values: [] };
  readonly #members: CounterMember[] = [];
  /** Overwritten. */
  readonly #deltas: number[] = [];
  /** The cell, if it has exactly the keys of `counters`. */
  #laidOut: Cell | null = null;

  constructor(host: GroupHost, key: string) {
    this.host = host;
    this.key = key;
    this.bornPage = host.feed.page;
    this.cell = host.signal.cells?.get(key) ?? null;
  }

  /** The same member for the same key: two spellings of one series count once. */
  join(key: number): CounterMember {
    const known = this.#members[this.counters.keys.indexOf(key)];
    if (known) return known;
    const member = new CounterMember(this, key);
    this.insert(member);
    return member;
  }

  /** Puts a member among the others, by its key. */
  insert(member: CounterMember): void {
    const members = this.#members;
    let slot = members.length;
    while (slot > 0 && members[slot - 1]!.key > member.key) slot--;
    for (let after = slot; after < members.length; after++) members[after]!.slot++;
    member.slot = slot;
    members.splice(slot, 0, member);
    this.counters.keys.splice(slot, 0, member.key);
    // Not a whole number, so that the engine takes both for columns of doubles.
    this.counters.values.splice(slot, 0, NaN);
    this.#deltas.push(NaN);
    this.#laidOut = null;
  }

  close(turn: PageTurn): void {
    const { groupSize } = this.host.kind;
    const { seen } = this;
    this.seen = 0;
    // Counters that belong together say nothing one by one.
    if (groupSize !== null && seen < groupSize) return;
    const complete = seen === this.#members.length;
    if (!complete) this.#laidOut = null;
    const shown = complete ? this.counters : this.#present();
    const began = beganAt(this, this.page);
    this.#count(turn, shown, began);
    this.#remember(turn, shown, began);
  }

  /** Those that the present page has spoken of; what was away for long has left. */
  #present(): Counters {
    for (const member of this.#members.filter(({ page }) => page < this.page - KEEP_PAGES)) {
      this.#members.splice(member.slot, 1);
      this.counters.keys.splice(member.slot, 1);
      this.counters.values.splice(member.slot, 1);
      this.#deltas.pop();
      member.slot = -1;
      this.#members.forEach((one, slot) => {
        one.slot = slot;
      });
    }
    const { keys, values } = this.counters;
    const present = this.#members.filter(({ page }) => page === this.page);
    return { keys: present.map(({ slot }) => keys[slot]!), values: present.map(({ slot }) => values[slot]!) };
  }

  /** Adds what was counted since the last page, where that can be known. */
  #count({ world }: PageTurn, shown: Counters, began: Time): void {
    const { host } = this;
    const { window } = host;
    const twin = host.twinOf(this);
    if (twin?.countedOn === this.page) return;
    this.countedOn = this.page;
    const outdated = twin?.cell && twin.page !== this.page && twin.cell.record[TIME]! > this.#lastTime();
    const last = outdated ? null : this.cell;
    const restarted = last !== null && beganAnew(began, last.record[BEGAN_AT]!);
    if (last !== null && !restarted && this.#addDeltas(world, shown, last)) return;
    const fromZero =
      last !== null ||
      (host.kind.absentIsZero && !this.wasRefused && host.mayHaveBegunAt0(shown.values[0]!)) ||
      (window.own[START]! > 0 && began > window.own[START]!);
    if (fromZero) window.add(world, shown.keys, shown.values);
  }

  /** False where some counter fell: then they were reset. */
  #addDeltas(world: World, shown: Counters, last: Cell): boolean {
    if (!this.#isLaidOut(last, shown)) return this.#addCommonDeltas(world, shown, last.record);
    const { kind, window } = this.host;
    const { keys, values } = shown;
    const { record } = last;
    const deltas = this.#deltas;
    const before = VALUES + keys.length;
    for (let slot = 0; slot < keys.length; slot++) {
      const delta = values[slot]! - record[before + slot]!;
      if (delta < 0 && kind.isMonotone(keys[slot]!)) return false;
      deltas[slot] = delta;
    }
    window.add(world, keys, deltas);
    return true;
  }

  /** The same where the cell has other counters too, or lacks some. */
  #addCommonDeltas(world: World, { keys, values }: Counters, last: Float64Array): boolean {
    const { kind, window } = this.host;
    const commonKeys: number[] = [];
    const deltas: number[] = [];
    for (let slot = 0; slot < keys.length; slot++) {
      const before = lastOf(last, keys[slot]!);
      if (before === undefined) continue;
      const delta = values[slot]! - before;
      if (delta < 0 && kind.isMonotone(keys[slot]!)) return false;
      commonKeys.push(keys[slot]!);
      deltas.push(delta);
    }
    // Where all but +Inf is new, nobody knows what was observed; what others have counted must not suffer from it.
    if (kind.groupSize !== null || commonKeys.length > 1) window.add(world, commonKeys, deltas);
    return true;
  }

  #isLaidOut(cell: Cell, shown: Counters): boolean {
    if (this.#laidOut === cell) return true;
    const { keys } = this.counters;
    const { record } = cell;
    const fits =
      shown === this.counters &&
      record[LENGTH] === keys.length &&
      keys.every((key, slot) => record[VALUES + slot] === key);
    if (fits) this.#laidOut = cell;
    return fits;
  }

  #remember({ world, receivedAt }: PageTurn, shown: Counters, began: Time): void {
    const { keys, values } = shown;
    const { length } = keys;
    const known = this.cell?.record[BEGAN_AT] ?? 0;
    if (this.cell === null || this.cell !== this.#laidOut) {
      const width = VALUES + 2 * length;
      this.cell = cellOf(world, this.host.signal, { key: this.key, width });
      this.#laidOut = shown === this.counters ? this.cell : null;
      const { record } = this.cell;
      record[LENGTH] = length;
      for (let slot = 0; slot < length; slot++) record[VALUES + slot] = keys[slot]!;
    }
    const { record, page } = this.cell;
    record[HEARD_AT] = receivedAt;
    record[STAMPED] = this.stamped;
    record[TIME] = this.time;
    record[BEGAN_AT] = began || known;
    const now = VALUES + length;
    for (let slot = 0; slot < length; slot++) record[now + slot] = values[slot]!;
    world.dirty.pages.add(page);
  }

  #lastTime(): Time {
    return this.cell?.record[TIME] ?? 0;
  }
}

/** What the counter was when it was last seen. */
function lastOf(record: Float64Array, key: number): number | undefined {
  const length = record[LENGTH]!;
  for (let slot = 0; slot < length; slot++)
    if (record[VALUES + slot] === key) return record[VALUES + length + slot];
  return undefined;
}
