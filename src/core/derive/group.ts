/** Counters that are reset together, as one target shows them, and what they need of the target's part in their signal. */
import type { Time } from '../signal.ts';
import { FUTURE_LIMIT_MS } from '../signal.ts';
import type { Cell, DropReason, Signal, World } from '../world.ts';
import type { CountingKind } from './counting-kind.ts';
import type { Member, PageTurn } from './derivation.ts';
import type { Feed } from './feeds.ts';
import { TIME } from './memory.ts';
import { nonFiniteReason } from './non-finite.ts';
import type { Window } from './window.ts';

export interface Group {
  /** The key of its cell. */
  readonly key: string;
  /** The group with the same observations in the other form, classic or native; null: this kind knows one form only. */
  readonly twinKey: string | null;
  /** What it was when it was last seen; null: nothing to compare with. */
  cell: Cell | null;
  /** The target's page on which its first series came. */
  readonly bornPage: number;
  /** When its counters began, in milliseconds since 1970, and on which page that was said. */
  beganAt: Time;
  beganPage: number;
  /** The last page that spoke of it, and the time of its newest sample there. */
  page: number;
  time: Time;
  stamped: number;
  /** The last page on which it added to the window. */
  countedOn: number;
  /** The rows are over: adds what was counted since the last page to the window. `fromZero`: what is new began at 0. */
  close(turn: PageTurn, fromZero: boolean): void;
}

/** One target's part in a signal. */
export interface GroupHost {
  readonly feed: Feed;
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  /** A round has ended in which the target did not speak, though it had spoken before. */
  readonly missedRound: boolean;
  /** The present page speaks of the signal, though it may say nothing new. */
  touch(turn: PageTurn): void;
  /** The present page says something new of the group for the first time. */
  open(group: Group): void;
  /** Some of its histograms may be native: groups can have a twin. */
  readonly hasNative: boolean;
  /** The group with this key, if the target has shown it since we began. */
  groupAt(key: string): Group | undefined;
}

/**
 * Opens the group for a sample of the present page and answers its time, or why the sample is dropped: counters only
 * count from one time to a later one.
 */
export function admit(
  turn: PageTurn,
  host: GroupHost,
  { group, row }: { group: Group; row: number },
): DropReason | undefined {
  const given = turn.samples.time[row]!;
  const stamped = Number.isNaN(given) ? 1 : 0;
  const time = stamped === 1 ? turn.at : given;
  // As the group's counter before this one.
  if (group.page === turn.feed.page && time === group.time) return undefined;
  const { cell } = group;
  host.touch(turn);
  if (cell === null) {
    if (isFull(turn.world)) return 'max_series';
  } else if (time <= cell.record[TIME]!) {
    return time === cell.record[TIME]! ? 'duplicate' : 'late';
  }
  if (time > turn.receivedAt + FUTURE_LIMIT_MS) return 'future';
  if (group.page !== turn.feed.page) {
    group.page = turn.feed.page;
    group.time = time;
    group.stamped = stamped;
    host.open(group);
  } else if (time > group.time) {
    group.time = time;
    group.stamped = stamped;
  }
  return undefined;
}

/** Nobody counted for Prometheus before; what says so is no time, or not in seconds. */
const EARLIEST = Date.UTC(2000, 0);

/**
 * When the counters of a page began, as `teller` says on that page; 0 where it says nothing, or what can't be: some series
 * that are called so are no times.
 */
export function beganAt(teller: Group | undefined, { page, time }: Group): Time {
  if (teller?.beganPage !== page) return 0;
  const { beganAt: began } = teller;
  return began >= EARLIEST && began <= time + FUTURE_LIMIT_MS ? began : 0;
}

/** So far may a target's clock and ours differ where they tell the same moment. */
const SKEW_MS = 1000;

/**
 * Whether counters were begun anew since they were last seen at `seenAt`: they say so, and have not begun before that.
 * Formats round one beginning in their own ways: less than a millisecond later is no other one.
 */
export function beganAnew(began: Time, { known, seenAt }: { known: Time; seenAt: Time }): boolean {
  return known > 0 && began - known >= 1 && began > seenAt - SKEW_MS;
}

/** When the other form of the group was last seen; what one has counted, the other must not count again. */
export function twinSeenAt({ signal }: GroupHost, { twinKey }: Group): Time {
  return twinKey === null ? -Infinity : (signal.cells?.get(twinKey)?.record[TIME] ?? -Infinity);
}

/** The series that says when counters began; it counts nothing itself. */
export class StartMember implements Member {
  readonly signal: Signal;
  readonly #group: Group;

  constructor(signal: Signal, group: Group) {
    this.signal = signal;
    this.#group = group;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const seconds = turn.samples.value[row]!;
    if (!Number.isFinite(seconds)) return nonFiniteReason(turn.samples.value, row);
    this.#group.beganAt = seconds * 1000;
    this.#group.beganPage = turn.feed.page;
    return undefined;
  }
}

/** More numbers than any series needs, the cells of its target's part and of its signal included. */
const NUMBERS_PER_SERIES = 40;

function isFull({ remembered, config }: World): boolean {
  return remembered >= NUMBERS_PER_SERIES * config.maxSeries;
}
