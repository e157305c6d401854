/**
 * What several targets say of one signal: replicas of one model version are one stream. Without an aggregate the first
 * target that has it keeps it while it goes on; with one, each page gives the aggregate over all targets that are up.
 */
import type { Ref } from '../signal.ts';

export type Aggregate = 'avg' | 'min' | 'max' | 'sum';

/** One target, as far as its gauges are concerned. */
export class Feeder {
  /** Counts its pages that were taken. */
  page = 0;
  /** Its last scrape succeeded. */
  up = false;
  /** It has ended a scrape, well or not. */
  tried = false;
  /** The epoch of the refs in its last page. */
  epoch = Number.NaN;
}

/** What one target's page gives to an aggregate; `combined` is the sum for `avg`. */
export interface Part {
  readonly combined: number;
  readonly count: number;
}

export class GaugePool {
  readonly feeders = new Set<Feeder>();
  #epoch = Number.NaN;
  readonly #owners = new Map<Ref, { feeder: Feeder; page: number }>();
  readonly #parts = new Map<Ref, Map<Feeder, Part & { readonly page: number }>>();

  /** A feeder begins a page whose refs are of this epoch; those of another one mean nothing any more. */
  begin(feeder: Feeder, epoch: number): void {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#owners.clear();
      this.#parts.clear();
    }
    feeder.page++;
    feeder.up = true;
    feeder.tried = true;
    feeder.epoch = epoch;
  }

  /** A feeder's scrape failed, or it is gone: others may take over. */
  fail(feeder: Feeder): void {
    feeder.up = false;
    feeder.tried = true;
  }

  /** Whether the present page of a feeder has this signal, which has no aggregate. */
  claim(feeder: Feeder, ref: Ref): boolean {
    if (this.feeders.size === 1) return true;
    const owner = this.#owners.get(ref);
    if (!owner) {
      this.#owners.set(ref, { feeder, page: feeder.page });
      return true;
    }
    if (owner.feeder !== feeder) {
      const goesOn = owner.feeder.up && owner.page === owner.feeder.page;
      if (goesOn && this.feeders.has(owner.feeder)) return false;
      owner.feeder = feeder;
    }
    owner.page = feeder.page;
    return true;
  }

  /**
   * The aggregate over all feeders that are up, of which this page gives one part; null while some feeder has not been
   * heard yet, because a sum without it would be wrong.
   */
  combine(
    feeder: Feeder,
    { ref, aggregate, part }: { ref: Ref; aggregate: Aggregate; part: Part },
  ): number | null {
    const parts = this.#parts.get(ref) ?? new Map<Feeder, Part & { page: number }>();
    this.#parts.set(ref, parts);
    parts.set(feeder, { ...part, page: feeder.page });
    for (const other of this.feeders) if (other !== feeder && !this.#isHeard(other)) return null;

    let combined: number | undefined;
    let count = 0;
    for (const [from, { combined: value, count: members, page }] of parts) {
      if (from !== feeder && (!from.up || page !== from.page || !this.feeders.has(from))) {
        parts.delete(from);
        continue;
      }
      count += members;
      if (combined === undefined) combined = value;
      else if (aggregate === 'min') combined = Math.min(combined, value);
      else if (aggregate === 'max') combined = Math.max(combined, value);
      else combined += value;
    }
    return aggregate === 'avg' ? combined! / count : combined!;
  }

  /** It has said what it has in this epoch, or has nothing to say. */
  #isHeard({ tried, up, epoch }: Feeder): boolean {
    return tried && (!up || epoch === this.#epoch);
  }
}
