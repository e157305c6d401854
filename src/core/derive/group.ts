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
  twinKey: string | null;
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
  /** The rows are over: adds what was counted since the last page to the window. */
  close(turn: PageTurn): void;
}

/** One target's part in a signal. */
export interface GroupHost {
  readonly feed: Feed;
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  /**
   * Whether a counter that is new can have begun at 0 since the target's last page: that told all there was, and the
   * counter has counted no more than what was observed since.
   */
  mayHaveBegunAt0(counted: number): boolean;
  /** The present page speaks of the signal, though it may say nothing new. */
  touch(turn: PageTurn): void;
  /** The present page says something new of the group for the first time. */
  open(group: Group): void;
  /** The group with the same observations in the other form, if the target has it. */
  twinOf(group: Group): Group | undefined;
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

/** When the group's counters began, where `page` says it; otherwise 0. */
export function beganAt(group: Group | undefined, page: number): Time {
  return group?.beganPage === page ? group.beganAt : 0;
}

/** Formats round one beginning in their own ways: less than a millisecond later is no other one. */
export function beganAnew(began: Time, known: Time): boolean {
  return known > 0 && began - known >= 1;
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

/** More than any series needs: one for its group, and at most one each for its target's part and for its signal. */
const CELLS_PER_SERIES = 4;

function isFull({ cellCount, config }: World): boolean {
  return cellCount >= CELLS_PER_SERIES * config.maxSeries;
}
