/**
 * What counts: counters and histograms. Deltas per series come first, then their sum over the series and targets of a
 * model version, then the value of a window; a window ends with the first round at which it is long enough and holds
 * enough observations.
 */
import { cellOf, releaseCell } from '../cells.ts';
import type { Time } from '../signal.ts';
import type { Cell, Signal, World } from '../world.ts';
import { CounterGroup } from './counter-group.ts';
import type { CountingKind } from './counting-kind.ts';
import type { Derivation, JoinAs, Member, PageTurn, Touched } from './derivation.ts';
import { appendEvent } from './derivation.ts';
import type { Feed, Feeds } from './feeds.ts';
import type { Group, GroupHost } from './group.ts';
import { StartMember } from './group.ts';
import { BEGAN, HEARD_AT, PART_SLOTS, ROUND_AT, SINCE, STAMPED, START, TIME } from './memory.ts';
import { NativeGroup } from './native-group.ts';
import { partKey, partsOf } from './parts.ts';
import type { Voice } from './rounds.ts';
import { isRoundOver } from './rounds.ts';
import type { CountingSettings, Role } from './settings.ts';
import { Window } from './window.ts';

/** Counters that a target which is up has not shown for so long are not comparable any more, should they come back. */
const FORGET_AFTER_MS = 3_600_000;
/** So many pages is a group remembered that has never said anything. */
const FORGET_AFTER_PAGES = 1000;
/** A page may come a little early, by its jitter, and still end the window that it is meant to end. */
const EARLY = 0.01;
/** The name of groups that hold a native histogram. */
const NATIVE = 'native';

export class Counting implements Derivation {
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  readonly #feeds: Feeds;
  readonly #parts = new Map<Feed, CountingPart>();

  constructor(kind: CountingKind, world: World, { signal, feeds }: { signal: Signal; feeds: Feeds }) {
    this.signal = signal;
    this.kind = kind;
    this.#feeds = feeds;
    this.window = new Window(world, signal, kind.groupSize === null);
    for (const { feed, cells } of partsOf(world, signal, feeds))
      this.#parts.set(feed, new CountingPart(this, feed, cells));
  }

  join(feed: Feed, as: JoinAs): Member {
    return this.#partOf(feed).join(as);
  }

  leave(feed: Feed): void {
    this.#parts.delete(feed);
  }

  settle(turn: PageTurn): void {
    const { world, receivedAt } = turn;
    const { window, signal } = this;
    const { own } = window;
    window.touch(world);
    own[HEARD_AT] = receivedAt;
    if (own[SINCE] === 0) own[SINCE] = receivedAt;
    if (!isRoundOver({ world, feeds: this.#feeds, own }, this.#parts.values(), receivedAt)) return;
    own[ROUND_AT] = receivedAt;

    const newest = this.#newest(world);
    const end = newest?.time ?? -Infinity;
    const stamped = newest?.stamped ?? 1;
    if (own[START] === 0) {
      // What was counted before every target was known is not all there was.
      window.clear(world);
      own[START] = end;
      own[BEGAN] = end;
      own[STAMPED] = stamped;
      return;
    }
    const settings = signal.rule.from as CountingSettings;
    const lengthMs = end - own[START]!;
    if (lengthMs <= 0 || lengthMs < (1 - EARLY) * settings.windowMs) return;
    const { counted } = window;
    const weight = this.kind.countOf(counted);
    if (weight < settings.minCount) return;
    const { keys, counts, native } = counted;
    const seconds = lengthMs / 1000;
    const value = this.kind.valueOf({ keys, counts, native, settings, seconds, end, own, world, signal });
    if (value !== null && Number.isFinite(value))
      appendEvent(turn, signal, { time: end, value, weight, stamped });
    window.clear(world);
    own[START] = end;
    own[STAMPED] = stamped;
  }

  #partOf(feed: Feed): CountingPart {
    let part = this.#parts.get(feed);
    if (!part) {
      part = new CountingPart(this, feed);
      this.#parts.set(feed, part);
    }
    return part;
  }

  /** The part with the newest page among those that still speak. */
  #newest(world: World): CountingPart | null {
    let newest: CountingPart | null = null;
    for (const part of this.#parts.values()) {
      if (!part.feed.speaks(world, part.heardAt)) continue;
      if (newest === null || part.time > newest.time) newest = part;
    }
    return newest;
  }
}

class CountingPart implements GroupHost, Voice, Touched {
  readonly counting: Counting;
  readonly feed: Feed;
  /** When its last page was received, and the data time of that; null before the first. */
  #cell: Cell | null = null;
  /** The last page that spoke of it. */
  #page = -1;
  readonly #groups = new Map<string, Group>();
  /** Groups of which the present page says something new: so many, and what an earlier page has left behind. */
  readonly #opened: Group[] = [];
  #openCount = 0;
  /** What the window held before the present page. */
  #countedBefore = 0;
  /** What was remembered by an earlier process, and no series has come for. */
  readonly #unclaimed = new Set<Cell>();

  constructor(counting: Counting, feed: Feed, stored: readonly Cell[] = []) {
    this.counting = counting;
    this.feed = feed;
    for (const cell of stored) {
      if (cell.key === partKey(feed)) this.#cell = cell;
      else this.#unclaimed.add(cell);
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

  get signal(): Signal {
    return this.counting.signal;
  }

  get kind(): CountingKind {
    return this.counting.kind;
  }

  get window(): Window {
    return this.counting.window;
  }

  mayHaveBegunAt0(counted: number): boolean {
    const { feed, kind, window } = this;
    if (this.#cell === null || !feed.complete) return false;
    return counted <= kind.countOf(window.counted) - this.#countedBefore;
  }

  join({ role, key, bound }: JoinAs): Member {
    const { group, key: place } = this.kind.placeOf(role);
    const labels = key();
    if (role === 'native') {
      const twin = this.#keyOf(group, labels);
      return this.#groupOf(
        this.#keyOf(NATIVE, labels),
        twin,
        (at) => new NativeGroup(this, at),
      ) as NativeGroup;
    }
    const twin = this.kind.takesNative ? this.#keyOf(NATIVE, labels) : null;
    const counters = this.#groupOf(this.#keyOf(group, labels), twin, (at) => new CounterGroup(this, at));
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

  twinOf(group: Group): Group | undefined {
    return group.twinKey === null ? undefined : this.#groups.get(group.twinKey);
  }

  /**
   * Native histograms first: where they count, the classic ones beside them do not. New counters last: how much they can
   * have counted is seen by the others.
   */
  close(turn: PageTurn): void {
    if (this.kind.absentIsZero) this.#countedBefore = this.kind.countOf(this.window.counted);
    this.#closeThose(turn, (group) => group instanceof NativeGroup);
    this.#closeThose(turn, (group) => group instanceof CounterGroup && group.cell !== null);
    this.#closeThose(turn, (group) => group instanceof CounterGroup && group.cell === null);
    this.#forgetSilent(turn);
    this.#remember(turn);
  }

  settle(turn: PageTurn): void {
    this.counting.settle(turn);
  }

  #closeThose(turn: PageTurn, isMeant: (group: Group) => boolean): void {
    for (let at = 0; at < this.#openCount; at++)
      if (isMeant(this.#opened[at]!)) this.#opened[at]!.close(turn);
  }

  /** The page is as new as the newest of its counters; one that says nothing new is as old as the last one. */
  #remember({ world, receivedAt }: PageTurn): void {
    this.#cell ??= cellOf(world, this.signal, { key: partKey(this.feed), width: PART_SLOTS });
    const { record, page } = this.#cell;
    record[HEARD_AT] = receivedAt;
    let newest = -Infinity;
    for (let at = 0; at < this.#openCount; at++) {
      const { time, stamped } = this.#opened[at]!;
      if (time <= newest) continue;
      newest = time;
      record[TIME] = time;
      record[STAMPED] = stamped;
    }
    world.dirty.pages.add(page);
  }

  #groupOf(key: string, twinKey: string | null, create: (key: string) => CounterGroup | NativeGroup): Group {
    const known = this.#groups.get(key);
    if (known) return known;
    const made = create(key);
    made.twinKey = twinKey;
    if (made.cell) this.#unclaimed.delete(made.cell);
    this.#groups.set(key, made);
    return made;
  }

  #isOver({ page, cell, bornPage, beganPage }: Group, at: Time): boolean {
    if (page === this.#page) return false;
    if (cell) return isLongAgo(cell, at);
    return this.#page - Math.max(page, bornPage, beganPage) > FORGET_AFTER_PAGES;
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
    if (this.#unclaimed.size === 0) return;
    for (const cell of this.#unclaimed) {
      if (!isLongAgo(cell, receivedAt)) continue;
      releaseCell(world, cell);
      this.#unclaimed.delete(cell);
    }
  }
}

function isLongAgo({ record }: Cell, at: Time): boolean {
  return at - record[HEARD_AT]! > FORGET_AFTER_MS;
}

function isStart(role: Role): boolean {
  return role === 'start' || role === 'numerator_start' || role === 'denominator_start';
}
