/**
 * The contract of a derivation: how the events of one signal are made of what its series say. Which series those are is
 * decided once, outside; what it remembers from page to page lies in cells, so that it is stored with all else.
 */
import { growBatch } from '../batch.ts';
import type { Ref, Time } from '../signal.ts';
import type { Batch, DropReason, Signal, World } from '../world.ts';
import type { Feed } from './feeds.ts';
import type { Samples } from './samples.ts';
import type { Role } from './settings.ts';

/** One page of one target on its way into a batch. */
export interface PageTurn {
  readonly world: World;
  readonly feed: Feed;
  readonly samples: Samples;
  /** The time of samples that have none. */
  readonly at: Time;
  /** When the page was received: the time at which the events are taken. */
  readonly receivedAt: Time;
  /** All series of the page are told: none was refused for want of room. */
  readonly complete: boolean;
  readonly into: Batch;
  readonly dropped: Map<DropReason, number>;
  /** What wants to know that the page is over. */
  readonly touched: Touched[];
}

/** What one series of a target is to one signal. */
export interface Member {
  /** Null where none has it. */
  readonly signal: Signal | null;
  /** Takes the sample in this row, or says why not. Events that come late or early are left to the core. */
  take(turn: PageTurn, row: number): DropReason | undefined;
}

/** A target's part in a derivation, if the page has spoken of it. */
export interface Touched {
  /** The rows are over. */
  close(turn: PageTurn): void;
  /** Everything that the page has touched is closed: appends the events that are due. */
  settle(turn: PageTurn): void;
}

/** How a series takes part. */
export interface JoinAs {
  readonly role: Role;
  /** What tells its counters from others of the target: the same for all spellings of a series, and for all formats. */
  key(): string;
  /** The upper bound of a bucket. */
  readonly bound: number;
}

export interface Derivation {
  join(feed: Feed, as: JoinAs): Member;
  /** The target is gone; its cells go by themselves. */
  leave(feed: Feed): void;
}

/** What each series of a target is, by its number. Most feed one signal; an array for each would double what a page touches. */
export type Members = readonly (Member | readonly Member[] | undefined)[];

/** Appends to `turn.into` what a page says. */
export function derivePage(members: Members, turn: PageTurn): void {
  const { feed, samples, touched } = turn;
  feed.page++;
  for (let row = 0; row < samples.length; row++) {
    const feeding = members[samples.series[row]!];
    if (feeding === undefined) continue;
    if (!isSeveral(feeding)) take(feeding, turn, row);
    else for (let index = 0; index < feeding.length; index++) take(feeding[index]!, turn, row);
  }
  for (const one of touched) one.close(turn);
  feed.hear(turn.world, turn.receivedAt);
  feed.complete = turn.complete;
  for (const one of touched) one.settle(turn);
}

function isSeveral(members: Member | readonly Member[]): members is readonly Member[] {
  return Array.isArray(members);
}

function take(member: Member, turn: PageTurn, row: number): void {
  const reason = member.take(turn, row);
  if (reason !== undefined) countDropped(turn, reason);
}

export function countDropped({ dropped }: PageTurn, reason: DropReason): void {
  dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
}

/** `ref` is that of the signal. */
export function appendEvent(
  { into }: PageTurn,
  ref: Ref,
  event: { readonly time: Time; readonly value: number; readonly weight: number; readonly stamped: number },
): void {
  const row = into.length;
  if (row === into.ref.length) growBatch(into, row + 1);
  into.ref[row] = ref;
  into.time[row] = event.time;
  into.value[row] = event.value;
  into.weight[row] = event.weight;
  into.stamped[row] = event.stamped;
  into.length = row + 1;
}
