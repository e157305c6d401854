/** A gauge that several series share, on one target or on several: their average, minimum, maximum or sum, once per round. */

import { cellOf } from '../cells.ts';
import { touchPage } from '../records.ts';
import type { Time } from '../signal.ts';
import { FUTURE_LIMIT_MS } from '../signal.ts';
import type { Cell, DropReason, Signal, World } from '../world.ts';
import type { Derivation, JoinAs, Member, PageTurn, Touched } from './derivation.ts';
import { appendEvent } from './derivation.ts';
import type { Feed, Feeds } from './feeds.ts';
import { HEARD_AT, OWN_KEY, OWN_SLOTS, PART_SLOTS, ROUND_AT, SINCE, STAMPED, TIME } from './memory.ts';
import { nonFiniteReason } from './non-finite.ts';
import { partKey, partsOf } from './parts.ts';
import type { Voice } from './rounds.ts';
import { isRoundOver } from './rounds.ts';
import type { Aggregate, GaugeSettings } from './settings.ts';

// A part's cell goes on with what the target's last page said: how many series, and their sum, minimum or maximum.
const COUNT = PART_SLOTS;
const COMBINED = PART_SLOTS + 1;
const PART_WIDTH = PART_SLOTS + 2;

/** A series that was absent for more pages than this is routed anew when it comes back. */
const KEEP_PAGES = 2;
const SPARE_MEMBERS = 16;

class SharedMember implements Member {
  readonly part: SharedPart;
  page: number;

  constructor(part: SharedPart) {
    this.part = part;
    this.page = part.feed.page - 1;
  }

  get signal(): Signal {
    return this.part.gauge.signal;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const { samples, feed } = turn;
    // Combined, a series counts once, however often it is there and however it is spelled.
    if (this.page === feed.page) return 'duplicate';
    this.page = feed.page;
    const value = samples.value[row]!;
    if (!Number.isFinite(value)) return nonFiniteReason(samples.value, row);
    const given = samples.time[row]!;
    const stamped = Number.isNaN(given) ? 1 : 0;
    const time = stamped === 1 ? turn.at : given;
    // Here already: what is combined is as new as its newest part, and one wrong clock would silence all.
    if (time > turn.receivedAt + FUTURE_LIMIT_MS) return 'future';
    this.part.add(turn, { value, time, stamped });
    return undefined;
  }
}

/** One target's part: what its last page said lies in its cell, what the present one says here. */
class SharedPart implements Voice, Touched {
  readonly gauge: SharedGauge;
  readonly feed: Feed;
  #cell: Cell | null;
  /** The last page that spoke of it. */
  #page = -1;
  #count = 0;
  #combined = 0;
  #time: Time = 0;
  #stamped = 0;
  readonly #members = new Map<string, SharedMember>();

  constructor(gauge: SharedGauge, feed: Feed, stored: Cell | null) {
    this.gauge = gauge;
    this.feed = feed;
    this.#cell = stored;
  }

  /** Null before its first page. */
  get record(): Float64Array | null {
    return this.#cell?.record ?? null;
  }

  get heardAt(): Time {
    return this.record?.[HEARD_AT] ?? -Infinity;
  }

  join(key: string): Member {
    let member = this.#members.get(key);
    if (!member) {
      member = new SharedMember(this);
      this.#members.set(key, member);
    }
    return member;
  }

  add(turn: PageTurn, { value, time, stamped }: { value: number; time: Time; stamped: number }): void {
    if (this.#page !== this.feed.page) {
      this.#page = this.feed.page;
      this.#count = 1;
      this.#combined = value;
      this.#time = time;
      this.#stamped = stamped;
      turn.touched.push(this);
      return;
    }
    this.#count++;
    this.#combined = combine(this.gauge.aggregate, this.#combined, value);
    // As new as the newest of its series.
    if (time > this.#time) {
      this.#time = time;
      this.#stamped = stamped;
    }
  }

  close({ world, receivedAt }: PageTurn): void {
    this.#cell = cellOf(world, this.gauge.signal, { key: partKey(this.feed), width: PART_WIDTH });
    const { record, page } = this.#cell;
    record[HEARD_AT] = receivedAt;
    record[STAMPED] = this.#stamped;
    record[TIME] = this.#time;
    record[COUNT] = this.#count;
    record[COMBINED] = this.#combined;
    touchPage(world, page);
    if (this.#members.size > 2 * this.#count + SPARE_MEMBERS) this.#forgetSilent();
  }

  settle(turn: PageTurn): void {
    this.gauge.settle(turn);
  }

  /** Labels come and go. */
  #forgetSilent(): void {
    for (const [key, { page }] of this.#members)
      if (page < this.feed.page - KEEP_PAGES) this.#members.delete(key);
  }
}

export class SharedGauge implements Derivation {
  readonly signal: Signal;
  readonly aggregate: Aggregate;
  readonly #feeds: Feeds;
  readonly #parts = new Map<Feed, SharedPart>();

  constructor(world: World, signal: Signal, feeds: Feeds) {
    this.signal = signal;
    this.aggregate = (signal.rule.from as GaugeSettings).aggregate!;
    this.#feeds = feeds;
    for (const { feed, cells } of partsOf(world, signal, feeds))
      this.#parts.set(feed, new SharedPart(this, feed, cells[0]!));
  }

  join(feed: Feed, as: JoinAs): Member {
    let part = this.#parts.get(feed);
    if (!part) {
      part = new SharedPart(this, feed, null);
      this.#parts.set(feed, part);
    }
    return part.join(as.key());
  }

  leave(feed: Feed): void {
    this.#parts.delete(feed);
  }

  settle(turn: PageTurn): void {
    const { world, receivedAt } = turn;
    const { record, page } = cellOf(world, this.signal, { key: OWN_KEY, width: OWN_SLOTS });
    record[HEARD_AT] = receivedAt;
    if (record[SINCE] === 0) record[SINCE] = receivedAt;
    touchPage(world, page);
    const parts = [...this.#parts.values()];
    if (!isRoundOver({ world, feeds: this.#feeds, own: record }, parts, receivedAt)) return;
    record[ROUND_AT] = receivedAt;

    let count = 0;
    let combined = 0;
    let newest: Float64Array | undefined;
    for (const { feed, heardAt, record: said } of parts) {
      if (said === null || !feed.speaks(world, heardAt)) continue;
      combined = count === 0 ? said[COMBINED]! : combine(this.aggregate, combined, said[COMBINED]!);
      count += said[COUNT]!;
      if (!newest || said[TIME]! > newest[TIME]!) newest = said;
    }
    if (!newest) return;
    const value = (this.aggregate === 'avg' ? combined / count : combined) * this.signal.rule.from!.scale;
    const [time, stamped] = [newest[TIME]!, newest[STAMPED]!];
    appendEvent(turn, this.signal.ref, { time, value, weight: count, stamped });
  }
}

/** Two values as one; an average is a sum until it is divided. */
function combine(aggregate: Aggregate, one: number, other: number): number {
  if (aggregate === 'min') return Math.min(one, other);
  if (aggregate === 'max') return Math.max(one, other);
  return one + other;
}
