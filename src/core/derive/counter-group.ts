/**
 * Counters of one process as a target shows them: a single counter, a sum with its count, or the buckets of a classic
 * histogram. Its cell holds what they were when they were last seen.
 */

import { cellOf } from '../cells.ts';
import { touchPage } from '../records.ts';
import type { Time } from '../signal.ts';
import type { Cell, DropReason, Signal, World } from '../world.ts';
import type { Member, PageTurn } from './derivation.ts';
import type { Group, GroupHost } from './group.ts';
import { admit, beganAnew, beganAt, twinSeenAt } from './group.ts';
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

/** Columns, by ascending key once the rows of a page are over. */
interface Counters {
  readonly keys: number[];
  readonly values: number[];
}

export class CounterGroup implements Group {
  readonly key: string;
  readonly twinKey: string | null;
  readonly host: GroupHost;
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
  counters: Counters = { keys: [], values: [] };
  #members: CounterMember[] = [];
  /** Of groups that may be large. */
  readonly #byKey: Map<number, CounterMember> | null;
  /** The columns are in order, and take no more room than they need: arrays that have grown have some to spare. */
  #tidy = true;
  /** Overwritten. */
  #deltas: number[] = [];
  /** The cell, if it has exactly the keys of `counters`. */
  #laidOut: Cell | null = null;

  constructor(host: GroupHost, { key, twinKey }: { key: string; twinKey: string | null }) {
    this.host = host;
    this.key = key;
    this.twinKey = twinKey;
    this.bornPage = host.feed.page;
    this.cell = host.signal.cells?.get(key) ?? null;
    this.#byKey = host.kind.groupSize === null ? new Map() : null;
  }

  /** The same member for the same key: two spellings of one series count once. */
  join(key: number): CounterMember {
    const known = this.#byKey?.get(key) ?? this.#members[this.#byKey ? -1 : this.counters.keys.indexOf(key)];
    if (known) return known;
    const member = new CounterMember(this, key);
    this.insert(member);
    return member;
  }

  /** Puts a member among the others. */
  insert(member: CounterMember): void {
    const { keys, values } = this.counters;
    this.#tidy = false;
    member.slot = keys.length;
    this.#members.push(member);
    this.#byKey?.set(member.key, member);
    keys.push(member.key);
    // Not a whole number, so that the engine takes both for columns of doubles.
    values.push(NaN);
    this.#laidOut = null;
  }

  has(key: number): boolean {
    return this.counters.keys.includes(key);
  }

  /** What the counters of the present page say together. */
  get total(): number {
    return this.counters.values.reduce((sum, value) => sum + value, 0);
  }

  close(turn: PageTurn, fromZero: boolean): void {
    const { groupSize } = this.host.kind;
    const { seen } = this;
    this.seen = 0;
    // Counters that belong together say nothing one by one.
    if (groupSize !== null && seen < groupSize) return;
    if (!this.#tidy) this.#keep(this.#members.toSorted((a, b) => a.key - b.key));
    const complete = seen === this.#members.length;
    const shown = complete ? this.counters : this.#present();
    const began = beganAt(this, this);
    this.#count(turn, { shown, began, fromZero });
    this.#remember(turn, shown, began);
  }

  /** Those that the present page has spoken of; what was away for long has left. */
  #present(): Counters {
    this.#laidOut = null;
    const recent = this.#members.filter(({ page }) => page >= this.page - KEEP_PAGES);
    if (recent.length < this.#members.length) this.#keep(recent);
    const { keys, values } = this.counters;
    const present = this.#members.filter(({ page }) => page === this.page);
    return { keys: present.map(({ slot }) => keys[slot]!), values: present.map(({ slot }) => values[slot]!) };
  }

  /** Keeps these members, in this order, which is that of their keys. */
  #keep(members: CounterMember[]): void {
    const { keys, values } = this.counters;
    this.counters = { keys: members.map(({ key }) => key), values: members.map(({ slot }) => values[slot]!) };
    for (const member of this.#members) member.slot = -1;
    members.forEach((member, slot) => {
      member.slot = slot;
    });
    if (members.length < keys.length) {
      this.#byKey?.clear();
      for (const member of members) this.#byKey?.set(member.key, member);
    }
    this.#members = members;
    this.#deltas = members.map(() => NaN);
    this.#tidy = true;
    this.#laidOut = null;
  }

  /** Adds what was counted since the last page, where that can be known. */
  #count(
    { world }: PageTurn,
    { shown, began, fromZero }: { shown: Counters; began: Time; fromZero: boolean },
  ): void {
    const { host } = this;
    const { window } = host;
    if (this.#isCountedAsNative()) return;
    this.countedOn = this.page;
    const last = this.#comparable();
    const restarted =
      last !== null && beganAnew(began, { known: last.record[BEGAN_AT]!, seenAt: last.record[TIME]! });
    if (last !== null && !restarted && this.#addDeltas(world, shown, last)) return;
    const beganInWindow = window.own[START]! > 0 && began > window.own[START]!;
    if (last !== null || beganInWindow || (fromZero && !this.wasRefused))
      window.add(world, shown.keys, shown.values);
  }

  #isCountedAsNative(): boolean {
    const { host, twinKey } = this;
    return host.hasNative && twinKey !== null && host.groupAt(twinKey)?.countedOn === this.page;
  }

  /** The cell, unless what it says was counted as a native histogram since, or belongs to rounds that are over. */
  #comparable(): Cell | null {
    const { cell, host } = this;
    if (cell === null || (host.kind.perTime && host.missedRound)) return null;
    if (!host.hasNative) return cell;
    const twin = this.twinKey === null ? undefined : host.groupAt(this.twinKey);
    const outdated = twin?.page !== this.page && twinSeenAt(host, this) > cell.record[TIME]!;
    return outdated ? null : cell;
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
    const length = last[LENGTH]!;
    for (let slot = 0, before = 0; slot < keys.length && before < length; ) {
      const key = keys[slot]!;
      const known = last[VALUES + before]!;
      if (known === key) {
        const delta = values[slot]! - last[VALUES + length + before]!;
        if (delta < 0 && kind.isMonotone(key)) return false;
        commonKeys.push(key);
        deltas.push(delta);
      }
      if (known <= key) before++;
      if (key <= known) slot++;
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
    touchPage(world, page);
  }
}
