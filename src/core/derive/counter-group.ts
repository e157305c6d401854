/**
 * Counters of one process as a target shows them: a single counter, a sum with its count, or the buckets of a classic
 * histogram. Its cell holds what they were when they were last seen.
 */
import { cellOf } from '../cells.ts';
import type { Time } from '../signal.ts';
import type { Cell, DropReason, Signal } from '../world.ts';
import type { Member, PageTurn } from './derivation.ts';
import type { Group, GroupHost, Start } from './group.ts';
import { admit, beganAnew, beganAt } from './group.ts';
import { HEARD_AT, PART_SLOTS, STAMPED, START, TIME } from './memory.ts';
import { nonFiniteReason } from './non-finite.ts';

// The cell goes on with when the counters began (milliseconds; 0: not known), how many there are, their keys, their values.
const BEGAN_AT = PART_SLOTS;
const LENGTH = PART_SLOTS + 1;
const VALUES = PART_SLOTS + 2;

export class CounterMember implements Member {
  readonly group: CounterGroup;
  readonly key: number;
  page = -1;
  value = 0;

  constructor(group: CounterGroup, key: number) {
    this.group = group;
    this.key = key;
  }

  get signal(): Signal {
    return this.group.host.signal;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const value = turn.samples.value[row]!;
    if (!Number.isFinite(value)) return nonFiniteReason(turn.samples.value, row);
    if (this.page === turn.feed.page) return 'duplicate';
    const reason = admit(turn, this.group.host, { group: this.group, row });
    if (reason !== undefined) {
      if (reason === 'max_series') this.group.wasRefused = true;
      return reason;
    }
    this.page = turn.feed.page;
    this.value = value;
    this.group.seen++;
    return undefined;
  }
}

export class CounterGroup implements Group {
  readonly key: string;
  readonly host: GroupHost;
  twinKey: string | null = null;
  start: Start | null = null;
  cell: Cell | null;
  page = -1;
  time: Time = 0;
  stamped = 0;
  countedOn = -1;
  /** How many counters the present page has spoken of. */
  seen = 0;
  /** It was there when there was no room for it, and had counted before it is remembered. */
  wasRefused = false;
  /** By ascending key. */
  readonly #members: CounterMember[] = [];
  #deltas = new Float64Array(0);
  /** The cell has exactly the members' keys. */
  #laidOut = false;

  constructor(host: GroupHost, key: string) {
    this.host = host;
    this.key = key;
    this.cell = host.signal.cells?.get(key) ?? null;
  }

  /** The same member for the same key: two spellings of one series count once. */
  join(key: number): CounterMember {
    const members = this.#members;
    let slot = members.length;
    while (slot > 0 && members[slot - 1]!.key >= key) slot--;
    if (members[slot]?.key === key) return members[slot]!;
    const member = new CounterMember(this, key);
    members.splice(slot, 0, member);
    this.#deltas = new Float64Array(members.length);
    this.#laidOut = false;
    return member;
  }

  close(turn: PageTurn): void {
    const members = this.#members;
    const { groupSize } = this.host.kind;
    const { seen } = this;
    this.seen = 0;
    // Counters that belong together say nothing one by one.
    if (groupSize !== null && seen < groupSize) return;
    const complete = seen === members.length;
    if (!complete) this.#laidOut = false;
    const present = complete ? members : members.filter(({ page }) => page === this.page);
    const began = beganAt(this);
    this.#count(turn, present, began);
    this.#remember(turn, present, began);
  }

  /** Adds what was counted since the last page, where that can be known. */
  #count(turn: PageTurn, present: readonly CounterMember[], began: Time): void {
    const { host } = this;
    const twin = host.twinOf(this);
    if (twin?.countedOn === this.page) return;
    const outdated = twin?.cell && twin.page !== this.page && twin.cell.record[TIME]! > this.#lastTime();
    const record = outdated ? undefined : this.cell?.record;
    if (record === undefined || this.#wasReset(record, present, began)) {
      const { own } = host.window;
      const fromZero =
        record !== undefined ||
        (host.kind.absentIsZero && host.watched && !this.wasRefused) ||
        (own[START]! > 0 && began > own[START]!);
      if (fromZero) {
        host.window.add(
          turn.world,
          present.map(({ key }) => key),
          present.map(({ value }) => value),
        );
      }
    } else if (this.#isLaidOut(record, present)) {
      const last = VALUES + present.length;
      for (let slot = 0; slot < present.length; slot++)
        this.#deltas[slot] = present[slot]!.value - record[last + slot]!;
      host.window.add(turn.world, record.subarray(VALUES, last), this.#deltas);
    } else {
      const common = present.filter(({ key }) => lastOf(record, key) !== undefined);
      host.window.add(
        turn.world,
        common.map(({ key }) => key),
        common.map(({ key, value }) => value - lastOf(record, key)!),
      );
    }
    this.countedOn = this.page;
  }

  /** Some counter fell, or they began anew. */
  #wasReset(record: Float64Array, present: readonly CounterMember[], began: Time): boolean {
    if (beganAnew(began, record[BEGAN_AT]!)) return true;
    const { kind } = this.host;
    if (this.#isLaidOut(record, present)) {
      const last = VALUES + present.length;
      for (let slot = 0; slot < present.length; slot++) {
        const { key, value } = present[slot]!;
        if (value < record[last + slot]! && kind.isMonotone(key)) return true;
      }
      return false;
    }
    return present.some(({ key, value }) => {
      const last = lastOf(record, key);
      return last !== undefined && value < last && kind.isMonotone(key);
    });
  }

  #isLaidOut(record: Float64Array, present: readonly CounterMember[]): boolean {
    if (this.#laidOut) return true;
    if (record[LENGTH] !== present.length) return false;
    this.#laidOut =
      present === this.#members && present.every(({ key }, slot) => record[VALUES + slot] === key);
    return this.#laidOut;
  }

  #remember({ world, receivedAt }: PageTurn, present: readonly CounterMember[], began: Time): void {
    const { length } = present;
    const known = this.cell?.record[BEGAN_AT] ?? 0;
    const cell = cellOf(world, this.host.signal, { key: this.key, width: VALUES + 2 * length });
    const { record } = cell;
    record[HEARD_AT] = receivedAt;
    record[STAMPED] = this.stamped;
    record[TIME] = this.time;
    record[BEGAN_AT] = began || known;
    if (cell !== this.cell || !this.#laidOut) {
      record[LENGTH] = length;
      for (let slot = 0; slot < length; slot++) record[VALUES + slot] = present[slot]!.key;
      this.cell = cell;
      this.#laidOut = present === this.#members;
    }
    for (let slot = 0; slot < length; slot++) record[VALUES + length + slot] = present[slot]!.value;
    world.dirty.pages.add(cell.page);
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
