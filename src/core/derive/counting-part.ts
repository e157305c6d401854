/** One target's part in a signal that counts: its groups of counters, and when it last spoke of them. */

import { cellOf, releaseCell } from '../cells.ts';
import { touchPage } from '../records.ts';
import type { Time } from '../signal.ts';
import type { Cell, Signal } from '../world.ts';
import { CounterGroup } from './counter-group.ts';
import type { CountingKind } from './counting-kind.ts';
import type { JoinAs, Member, PageTurn, Touched } from './derivation.ts';
import type { Feed } from './feeds.ts';
import type { Group, GroupHost } from './group.ts';
import { StartMember } from './group.ts';
import { HEARD_AT, PART_SLOTS, PREVIOUS_ROUND_AT, STAMPED, TIME } from './memory.ts';
import { NativeGroup } from './native-group.ts';
import { partKey } from './parts.ts';
import type { Voice } from './rounds.ts';
import type { Role } from './settings.ts';
import type { Window } from './window.ts';

/** Counters that a target which is up has not shown for so long are not comparable any more, should they come back. */
const FORGET_AFTER_MS = 3_600_000;
/** So many pages is a group remembered that has never said anything. */
const FORGET_AFTER_PAGES = 1000;
/** The name of groups that hold a native histogram. */
const NATIVE = 'native';

/** The signal that it is a part of. */
export interface CountingHost {
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  settle(turn: PageTurn): void;
}

export class CountingPart implements GroupHost, Voice, Touched {
  readonly feed: Feed;
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  hasNative = false;
  readonly #host: CountingHost;
  /** When its last page was received, and the data time of that; null before the first. */
  #cell: Cell | null = null;
  /** The last page that spoke of it. */
  #page = -1;
  readonly #groups = new Map<string, Group>();
  /** Groups of which the present page says something new: so many, and what an earlier page has left behind. */
  readonly #opened: Group[] = [];
  #openCount = 0;
  /** What was remembered by an earlier process, and no series has come for; null where that is nothing. */
  #unclaimed: Set<Cell> | null = null;

  constructor(host: CountingHost, feed: Feed, stored: readonly Cell[] = []) {
    this.#host = host;
    this.feed = feed;
    this.signal = host.signal;
    this.kind = host.kind;
    this.window = host.window;
    for (const cell of stored) {
      if (cell.key.startsWith(this.#keyOf(NATIVE, ''))) this.hasNative = true;
      if (cell.key === partKey(feed)) this.#cell = cell;
      else {
        this.#unclaimed ??= new Set();
        this.#unclaimed.add(cell);
      }
    }
  }

  get heardAt(): Time {
    return this.#cell?.record[HEARD_AT] ?? -Infinity;
  }

  get time(): Time {
    return this.#cell?.record[TIME] ?? -Infinity;
  }

  get stamped(): number {
    return this.#cell?.record[STAMPED] ?? 1;
  }

  /** A round has ended in which it did not speak, though it had spoken before. */
  get missedRound(): boolean {
    return this.#cell !== null && this.heardAt <= this.window.own[PREVIOUS_ROUND_AT]!;
  }

  join({ role, key, bound }: JoinAs): Member {
    const { group, key: place } = this.kind.placeOf(role);
    const labels = key();
    const [classic, native] = [this.#keyOf(group, labels), this.#keyOf(NATIVE, labels)];
    if (role === 'native') {
      this.hasNative = true;
      return this.#groupOf(
        native,
        (at) => new NativeGroup(this, { key: at, twinKey: classic }),
      ) as NativeGroup;
    }
    const twinKey = this.kind.takesNative ? native : null;
    const counters = this.#groupOf(classic, (at) => new CounterGroup(this, { key: at, twinKey }));
    if (isStart(role)) return new StartMember(this.signal, counters);
    return (counters as CounterGroup).join(role === 'bucket' ? bound : place);
  }

  touch(turn: PageTurn): void {
    if (this.#page === this.feed.page) return;
    this.#page = this.feed.page;
    this.#openCount = 0;
    turn.touched.push(this);
  }

  open(group: Group): void {
    this.#opened[this.#openCount++] = group;
    // It may have been forgotten in between.
    if (group.cell === null) this.#groups.set(group.key, group);
  }

  groupAt(key: string): Group | undefined {
    return this.#groups.get(key);
  }

  /** Native histograms first: where they count, the classic ones beside them do not. */
  close(turn: PageTurn): void {
    const opened = this.#opened;
    let fresh = 0;
    for (let at = 0; at < this.#openCount; at++)
      if (opened[at] instanceof NativeGroup) opened[at]!.close(turn, false);
    const { whole } = this.kind;
    const before = whole === null ? 0 : this.kind.countOf(this.window.counted);
    for (let at = 0; at < this.#openCount; at++) {
      const group = opened[at]!;
      if (!(group instanceof CounterGroup)) continue;
      if (whole !== null && group.cell === null) fresh++;
      else group.close(turn, false);
    }
    if (fresh > 0) this.#closeFresh(turn, before);
    this.#forgetSilent(turn);
    this.#remember(turn);
  }

  settle(turn: PageTurn): void {
    this.#host.settle(turn);
  }

  /**
   * Counters that are new on a target that was watched before began at 0, if its last page told all there was. What is a
   * part of the whole can't have counted more than the whole has: if it says so, none of the new parts is believed.
   */
  #closeFresh(turn: PageTurn, before: number): void {
    const fresh = this.#opened
      .slice(0, this.#openCount)
      .filter(
        (group) => group instanceof CounterGroup && group.cell === null && group.page === this.#page,
      ) as CounterGroup[];
    const wholes = fresh.filter((group) => group.has(this.kind.whole!));
    const parts = fresh.filter((group) => !group.has(this.kind.whole!));
    const watched = this.#cell !== null && this.feed.complete;
    for (const group of wholes) group.close(turn, watched);
    const counted = this.kind.countOf(this.window.counted) - before;
    const said = parts.reduce((sum, group) => sum + group.total, 0);
    for (const group of parts) group.close(turn, watched && said <= counted);
  }

  /** The part is as new as the newest of its counters that was ever seen. */
  #remember({ world, receivedAt }: PageTurn): void {
    this.#cell ??= cellOf(world, this.signal, { key: partKey(this.feed), width: PART_SLOTS });
    const { record, page } = this.#cell;
    record[HEARD_AT] = receivedAt;
    let newest = record[TIME]!;
    for (let at = 0; at < this.#openCount; at++) {
      const { time, stamped } = this.#opened[at]!;
      if (time <= newest) continue;
      newest = time;
      record[TIME] = time;
      record[STAMPED] = stamped;
    }
    touchPage(world, page);
  }

  #groupOf(key: string, create: (key: string) => Group): Group {
    const known = this.#groups.get(key);
    if (known) return known;
    const made = create(key);
    if (made.cell) this.#unclaimed?.delete(made.cell);
    this.#groups.set(key, made);
    return made;
  }

  #keyOf(name: string, labels: string): string {
    return `${this.feed.key} ${name} ${labels}`;
  }

  /** Bounds what is remembered of labels that come and go. */
  #forgetSilent({ world, receivedAt }: PageTurn): void {
    if (this.#groups.size > this.#openCount) {
      for (const group of this.#groups.values()) {
        if (!this.#isOver(group, receivedAt)) continue;
        if (group.cell) releaseCell(world, group.cell);
        group.cell = null;
        this.#groups.delete(group.key);
      }
    }
    if (this.#unclaimed === null) return;
    for (const cell of this.#unclaimed) {
      if (!isLongAgo(cell, receivedAt)) continue;
      releaseCell(world, cell);
      this.#unclaimed.delete(cell);
    }
    if (this.#unclaimed.size === 0) this.#unclaimed = null;
  }

  #isOver({ page, cell, bornPage, beganPage }: Group, at: Time): boolean {
    if (page === this.#page) return false;
    if (cell) return isLongAgo(cell, at);
    return this.#page - Math.max(page, bornPage, beganPage) > FORGET_AFTER_PAGES;
  }
}

function isStart(role: Role): boolean {
  return role === 'start' || role === 'numerator_start' || role === 'denominator_start';
}

function isLongAgo({ record }: Cell, at: Time): boolean {
  return at - record[HEARD_AT]! > FORGET_AFTER_MS;
}
