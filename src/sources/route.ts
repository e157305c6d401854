/**
 * Brings the series of one target to the derivations of their signals. Where a series goes is decided once, when it is
 * first seen, and anew when its signal is gone.
 */
import type { ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import type { Member } from '../core/derive/derivation.ts';
import { derivePage } from '../core/derive/derivation.ts';
import type { Feed } from '../core/derive/feeds.ts';
import type { Derivations } from '../core/derive/index.ts';
import type { Samples } from '../core/derive/samples.ts';
import type { ModelVersion, Time } from '../core/signal.ts';
import type { Batch, DropReason } from '../core/world.ts';
import type { SeriesRules } from './destination.ts';
import { destinationOf } from './destination.ts';
import type { Entries, Taker } from './entries.ts';
import type { PageFormat } from './formats/format.ts';
import type { Intake } from './intake.ts';
import type { Relabeling } from './relabel.ts';
import { boundOf, familyKey } from './series-identity.ts';
import type { SeriesTable } from './series-table.ts';

/** What a series is whose samples are dropped, all for one reason. */
class Refusal implements Member {
  readonly signal = null;
  readonly #reason: DropReason;

  constructor(reason: DropReason) {
    this.#reason = reason;
  }

  take(): DropReason {
    return this.#reason;
  }
}

const NOWHERE: readonly Member[] = [];
const NO_MODEL: readonly Member[] = [new Refusal('no_model')];
const BAD_NAME: readonly Member[] = [new Refusal('bad_name')];
/** Stands for a signal. */
const NO_ROOM = new Refusal('max_signals');

export interface RouterOptions {
  readonly entries: Entries;
  readonly intake: Intake;
  readonly derivations: Derivations;
  readonly feed: Feed;
  readonly config: Pick<ScrapeConfig, 'jobName' | 'identity'>;
  readonly target: ScrapeTarget;
  readonly relabeling: Relabeling | null;
}

export function rulesOf({
  entries,
  config: { jobName, identity },
  target: { address, labels },
  relabeling,
}: Pick<RouterOptions, 'entries' | 'config' | 'target' | 'relabeling'>): SeriesRules {
  const targetLabels = new Map([['job', jobName], ['instance', address], ...labels]);
  return { entries, identity, targetLabels, relabeling };
}

/** Series are those of one table in one format; another one needs another router. */
export class Router {
  readonly #options: RouterOptions;
  readonly #format: PageFormat;
  readonly #table: SeriesTable;
  readonly #rules: SeriesRules;

  #epoch = NaN;
  #removals = 0;
  #members: (Member | readonly Member[] | undefined)[] = [];
  /** Series of which `max_signals` has refused a signal. */
  readonly #waiting = new Set<number>();

  constructor(options: RouterOptions, { format, table }: { format: PageFormat; table: SeriesTable }) {
    this.#options = options;
    this.#format = format;
    this.#table = table;
    this.#rules = rulesOf(options);
  }

  /** Turns a page into events and counts what is dropped on the way; `at` is the time of samples without one. */
  derive(
    samples: Samples,
    { into, ...page }: { at: Time; receivedAt: Time; complete: boolean; into: Batch },
  ): void {
    const { intake, feed } = this.#options;
    const { world } = intake;
    this.#refresh();
    for (let row = 0; row < samples.length; row++) {
      const series = samples.series[row]!;
      if (this.#members[series] === undefined) this.#add(series);
    }
    const dropped = new Map<DropReason, number>();
    derivePage(this.#members, {
      world,
      feed,
      samples,
      ...page,
      into,
      dropped,
      touched: [],
    });
    for (const [reason, count] of dropped) intake.countDropped('scrape', reason, count);
  }

  /** The table has forgotten these series; their ids may come again for others. */
  forget(ids: readonly number[]): void {
    for (const series of ids) this.#members[series] = undefined;
  }

  /** Drops what is no longer true: signals that are gone, and refusals where room may have come. */
  #refresh(): void {
    const { epoch, world } = this.#options.intake;
    if (this.#epoch !== epoch) {
      this.#epoch = epoch;
      this.#members = [];
      this.#waiting.clear();
    } else if (this.#removals !== world.removals) {
      const isGone = ({ signal }: Member) => signal !== null && world.signals[signal.ref] !== signal;
      this.#members.forEach((members, series) => {
        if (members !== undefined && [members].flat().some(isGone)) this.#members[series] = undefined;
      });
    }
    this.#removals = world.removals;
    // One refusal is enough to know that there is no room; who was refused goes to the end of the line.
    for (const series of this.#waiting) {
      this.#waiting.delete(series);
      if (this.#members[series] === undefined) continue;
      this.#add(series);
      if (this.#waiting.has(series)) return;
    }
  }

  #add(series: number): void {
    const members = this.#membersFor(series);
    while (this.#members.length <= series) this.#members.push(undefined);
    this.#members[series] = members.length === 1 ? members[0] : members;
    if (members.includes(NO_ROOM)) this.#waiting.add(series);
  }

  #membersFor(series: number): readonly Member[] {
    const key = this.#table.keyOf(series);
    const destination = destinationOf({ format: this.#format, key }, this.#rules);
    switch (destination.kind) {
      case 'nowhere':
        return NOWHERE;
      case 'no_model':
        return NO_MODEL;
      case 'bad_name':
        return BAD_NAME;
      case 'model': {
        const { model, joined, labels } = destination;
        return joined.flatMap((taker) => this.#join(taker, model, labels));
      }
    }
  }

  #join(
    { input, role, selector }: Taker,
    model: ModelVersion,
    labels: ReadonlyMap<string, string>,
  ): readonly Member[] {
    const bound = role === 'bucket' ? boundOf(labels) : 0;
    if (Number.isNaN(bound)) return [];
    const { intake, derivations, feed } = this.#options;
    const signal = intake.resolve(input.entry, model);
    if (!signal) return [NO_ROOM];
    const key = () => familyKey(labels, { role, oneName: selector.name !== null });
    return [derivations.of(intake.world, signal).join(feed, { role, key, bound })];
  }
}
