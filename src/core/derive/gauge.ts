/**
 * A gauge as it is. Where several series of one model version say different things, the first target that has it keeps
 * it while it goes on, and on its page the first series; all others are dropped.
 */
import type { Ref } from '../signal.ts';
import { RECEIVED_AT, SAMPLES } from '../signal.ts';
import type { DropReason, Signal, World } from '../world.ts';
import type { Derivation, Member, PageTurn } from './derivation.ts';
import { appendEvent } from './derivation.ts';
import type { Feed, Feeds } from './feeds.ts';
import { nonFiniteReason } from './non-finite.ts';
import type { DerivationSettings } from './settings.ts';

class GaugeMember implements Member {
  readonly gauge: Gauge;
  readonly feed: Feed;

  constructor(gauge: Gauge, feed: Feed) {
    this.gauge = gauge;
    this.feed = feed;
  }

  get signal(): Signal {
    return this.gauge.signal;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const { gauge, feed } = this;
    const value = turn.samples.value[row]!;
    // Not set yet, or not any more: another series may have something to say.
    if (!Number.isFinite(value)) return nonFiniteReason(turn.samples.value, row);
    if (gauge.owner !== feed && !gauge.yieldTo(feed, turn.world)) return 'duplicate_series';
    const { samples, into } = turn;
    const given = samples.time[row]!;
    const stamped = Number.isNaN(given) ? 1 : 0;
    const time = stamped === 1 ? turn.at : given;
    if (gauge.page !== feed.page) {
      gauge.page = feed.page;
      gauge.spoken = this;
    } else if (gauge.spoken !== this) {
      return 'duplicate_series';
    } else if (into.time[gauge.row] === time) {
      // A series may come twice only where the page itself gives two times.
      return 'duplicate';
    }
    gauge.row = into.length;
    appendEvent(turn, gauge.ref, { time, value: value * gauge.settings.scale, weight: 1, stamped });
    return undefined;
  }
}

export class Gauge implements Derivation {
  readonly signal: Signal;
  /** Of the signal, which is not looked at for each sample. */
  readonly ref: Ref;
  readonly settings: DerivationSettings;
  /** The target that has it; nobody needs to write it down: it is the one that was heard when the newest sample came. */
  owner: Feed | null;
  /** The owner's last page that spoke of it, the series that did, and where in the batch its last event stands. */
  page = -1;
  spoken: GaugeMember | null = null;
  row = 0;

  constructor(world: World, signal: Signal, feeds: Feeds) {
    this.signal = signal;
    this.ref = signal.ref;
    this.settings = signal.rule.from!;
    this.owner = feeds.heardAt(world, signal.record[RECEIVED_AT]!);
  }

  join(feed: Feed): Member {
    return new GaugeMember(this, feed);
  }

  /** A target that is gone gives way by itself. */
  leave(): void {}

  /** Whether the target may have it from now on: where the one that has it has given no sample when it was last heard. */
  yieldTo(feed: Feed, world: World): boolean {
    const { record } = this.signal;
    if (record[SAMPLES]! > 0 && this.owner?.speaks(world, record[RECEIVED_AT]!)) return false;
    this.owner = feed;
    this.page = -1;
    return true;
  }
}
