/**
 * Gauges: values as they are, times a scale. Several series of one model version, on one target or on several, are
 * combined where the entry says how; otherwise the first target has it, and on its page the first series.
 */
import { growBatch } from '../batch.ts';
import type { Ref, Time } from '../signal.ts';
import type { Batch, DropReason } from '../world.ts';
import type { Derivation, Samples } from './derivation.ts';
import type { Aggregate, GaugeFeeder, GaugePart } from './gauge-pool.ts';
import { combine } from './gauge-pool.ts';
import { nonFiniteReason } from './non-finite.ts';

/**
 * One entry of `metrics` for one model version, as one target feeds it. Where it aggregates, each page that speaks of
 * it becomes one event, over that page and the last ones of the other targets: N targets give N events per interval.
 */
export class Gauge {
  /** -1 where there is no room for its signal: its samples are then dropped. */
  ref: Ref;
  readonly scale: number;
  readonly aggregate: Aggregate | null;
  readonly part: GaugePart;

  // What the present page has said so far, besides the part.
  /** The member that has it; null where another target does. */
  owner: GaugeMember | null = null;
  time: Time = 0;
  stamped = 0;

  constructor(options: { ref: Ref; scale: number; part: GaugePart }) {
    this.ref = options.ref;
    this.scale = options.scale;
    this.part = options.part;
    this.aggregate = options.part.group.aggregate;
  }
}

/** One series that feeds a gauge. Two spellings of one series share a member, so that it counts once. */
export class GaugeMember<Of extends Gauge = Gauge> {
  readonly gauge: Of;
  page = 0;
  time: Time = 0;

  constructor(gauge: Of) {
    this.gauge = gauge;
  }
}

/** `Member` lets the caller keep its own notes on the members that it hands in. */
export class GaugeDerivation<Member extends GaugeMember = GaugeMember> implements Derivation {
  /** By series; a series may feed several gauges. */
  readonly #members: (readonly Member[] | undefined)[] = [];
  #page = 0;
  /** Gauges with an aggregate that the present page has touched. */
  #open: Gauge[] = [];
  readonly #feeder: GaugeFeeder;

  /** Each page is derived between the feeder's `begin` and `end`. */
  constructor(feeder: GaugeFeeder) {
    this.#feeder = feeder;
  }

  /** What the series feeds; undefined where nothing was said of it. */
  membersOf(series: number): readonly Member[] | undefined {
    return this.#members[series];
  }

  /** Replaces what the series feeds. */
  feed(series: number, members: readonly Member[] | undefined): void {
    while (this.#members.length <= series) this.#members.push(undefined);
    this.#members[series] = members;
  }

  derive(samples: Samples, at: Time, into: Batch): ReadonlyMap<DropReason, number> {
    this.#page = this.#feeder.page;
    const dropped = new Map<DropReason, number>();
    for (let row = 0; row < samples.length; row++) {
      const members = this.#members[samples.series[row]!];
      if (members === undefined) continue;
      for (let index = 0; index < members.length; index++) {
        const reason = this.#take(members[index]!, { samples, row, at, into });
        if (reason !== undefined) dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
      }
    }
    for (const gauge of this.#open) {
      if (gauge.ref < 0) continue;
      const value = this.#feeder.combine(gauge.part.group);
      if (value !== null) append(into, { gauge, time: gauge.time, value, stamped: gauge.stamped });
    }
    this.#open = [];
    return dropped;
  }

  /** Takes one sample, or says why not. */
  #take(
    member: GaugeMember,
    { samples, row, at, into }: { samples: Samples; row: number; at: Time; into: Batch },
  ): DropReason | undefined {
    const { gauge } = member;
    const given = samples.time[row]!;
    const stamped = Number.isNaN(given) ? 1 : 0;
    const time = stamped === 1 ? at : given;

    // A series may come twice only where the page itself gives two times; combined, it counts once.
    if (member.page === this.#page && (gauge.aggregate !== null || member.time === time)) return 'duplicate';
    member.page = this.#page;
    member.time = time;

    const value = samples.value[row]!;
    const { part } = gauge;
    if (gauge.aggregate !== null) {
      // It counts for other targets even where there is no room for the signal here: they may have found some.
      const finite = Number.isFinite(value);
      if (finite) this.#combine(gauge, { value, time, stamped });
      if (gauge.ref < 0) return 'max_signals';
      return finite ? undefined : nonFiniteReason(samples.value, row);
    }
    if (gauge.ref < 0) return 'max_signals';
    if (part.page !== this.#page) {
      this.#feeder.speak(part);
      gauge.owner = part.group.owner === part ? member : null;
    }
    if (gauge.owner !== member) return 'duplicate_series';
    append(into, { gauge, time, value, stamped });
    return undefined;
  }

  /** The combined sample is as new as its newest member on this page. */
  #combine(gauge: Gauge, { value, time, stamped }: { value: number; time: Time; stamped: number }): void {
    const { part } = gauge;
    if (part.page !== this.#page) {
      this.#feeder.speak(part);
      part.count = 1;
      part.combined = value;
      gauge.time = time;
      gauge.stamped = stamped;
      this.#open.push(gauge);
      return;
    }
    part.count++;
    part.combined = combine(gauge.aggregate, part.combined, value);
    if (time > gauge.time) {
      gauge.time = time;
      gauge.stamped = stamped;
    }
  }
}

function append(
  batch: Batch,
  { gauge, time, value, stamped }: { gauge: Gauge; time: Time; value: number; stamped: number },
): void {
  const row = batch.length;
  if (row === batch.ref.length) growBatch(batch, row + 1);
  batch.ref[row] = gauge.ref;
  batch.time[row] = time;
  batch.value[row] = value * gauge.scale;
  batch.stamped[row] = stamped;
  batch.length = row + 1;
}
