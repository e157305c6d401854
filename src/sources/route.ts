/**
 * Where the series of one target go: which entries of `metrics` take a series, and which model version it speaks of.
 * Decided once per series, when it is first seen, and anew when the intake says that its refs are no longer valid.
 */
import type { Identity, MetricInput, ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import type { Samples } from '../core/derive/derivation.ts';
import { Gauge, GaugeDerivation, GaugeMember } from '../core/derive/gauge.ts';
import type { GaugeFeeder, GaugePart } from '../core/derive/gauge-pool.ts';
import { GaugePool } from '../core/derive/gauge-pool.ts';
import type { ModelVersion, Ref, Time } from '../core/signal.ts';
import type { Batch, DropReason } from '../core/world.ts';
import type { Labels } from '../selector/match.ts';
import type { Entries, Entry } from './entries.ts';
import { modelOf } from './entries.ts';
import type { PageFormat } from './formats/format.ts';
import type { Intake } from './intake.ts';
import type { SeriesTable } from './series-table.ts';

/** A gauge with what it stands for, so that its signal can be asked for again, and who feeds it. */
class Source extends Gauge {
  readonly key: string;
  readonly entry: number;
  readonly model: ModelVersion;
  /** The member of a source that has one, as most have. */
  only: Member | null = null;
  /** The members of a source that has had several, by which series they are, however it is spelled. */
  byKey: Map<string, Member> | null = null;

  constructor(
    key: string,
    { entry, from }: MetricInput,
    { model, ref, part }: { model: ModelVersion; ref: Ref; part: GaugePart },
  ) {
    super({ ref, scale: from.scale, part });
    this.key = key;
    this.entry = entry;
    this.model = model;
  }
}

class Member extends GaugeMember<Source> {
  readonly series: number;
  key = '';
  /** Spellings that it has come in. */
  uses = 1;

  constructor(source: Source, series: number) {
    super(source);
    this.series = series;
  }
}

// What becomes of a series that feeds nothing, told apart by identity.
const NOWHERE: readonly Member[] = [];
const NO_MODEL: readonly Member[] = [];
const BAD_NAME: readonly Member[] = [];

export class Router {
  readonly #entries: Entries;
  readonly #intake: Intake;
  readonly #identity: Identity;
  readonly #targetLabels: Labels;
  readonly #format: PageFormat;

  #epoch = NaN;
  readonly #feeder: GaugeFeeder;
  #derivation: GaugeDerivation<Member>;
  #sources = new Map<string, Source>();
  /** Sources whose signal `max_signals` has refused. */
  #waiting = new Set<Source>();

  constructor(options: {
    entries: Entries;
    intake: Intake;
    format: PageFormat;
    config: Pick<ScrapeConfig, 'jobName' | 'identity'>;
    target: ScrapeTarget;
    /** The target's place among those that feed the same gauges; may outlive the router. By default there is no other. */
    feeder?: GaugeFeeder;
  }) {
    const { config, target, feeder = new GaugePool().join(0) } = options;
    this.#feeder = feeder;
    this.#derivation = new GaugeDerivation(feeder);
    this.#entries = options.entries;
    this.#intake = options.intake;
    this.#format = options.format;
    this.#identity = config.identity;
    this.#targetLabels = new Map([['job', config.jobName], ['instance', target.address], ...target.labels]);
  }

  /** Turns a page into events and counts what is dropped on the way; `at` is the time of samples without one. */
  derive(
    samples: Samples,
    table: SeriesTable,
    { at, monotonicMs = at, into }: { at: Time; monotonicMs?: number; into: Batch },
  ): void {
    this.#feeder.begin(monotonicMs);
    if (this.#epoch !== this.#intake.epoch) this.#reset();
    this.#retryWaiting();
    let noModel = 0;
    let badName = 0;
    for (let row = 0; row < samples.length; row++) {
      const series = samples.series[row]!;
      const members = this.#derivation.membersOf(series) ?? this.#add(series, table);
      if (members.length > 0) continue;
      if (members === NO_MODEL) noModel++;
      else if (members === BAD_NAME) badName++;
    }
    this.#count('no_model', noModel);
    this.#count('bad_name', badName);
    for (const [reason, count] of this.#derivation.derive(samples, at, into)) this.#count(reason, count);
    this.#feeder.end();
  }

  /** The table has forgotten these series; their ids may come again for others. */
  forget(ids: readonly number[]): void {
    for (const series of ids) {
      const members = this.#derivation.membersOf(series) ?? NOWHERE;
      this.#derivation.feed(series, undefined);
      for (const member of members) this.#release(member);
    }
  }

  #reset(): void {
    this.#epoch = this.#intake.epoch;
    this.#derivation = new GaugeDerivation(this.#feeder);
    this.#feeder.releaseAll();
    this.#sources.clear();
    this.#waiting.clear();
  }

  #add(series: number, table: SeriesTable): readonly Member[] {
    const members = this.#membersFor(series, table);
    this.#derivation.feed(series, members);
    return members;
  }

  #membersFor(series: number, table: SeriesTable): readonly Member[] {
    const key = table.keyOf(series);
    const named = this.#entries.byName.get(this.#format.nameOf(key)) ?? [];
    const candidates = [...named, ...this.#entries.anyName];
    if (candidates.length === 0) return NOWHERE;

    const own = this.#format.labelsOf(key);
    const labels: Labels = { get: (name) => own.get(name) ?? this.#targetLabels.get(name) };
    const takers = candidates.filter(({ selector }) => selector.matches(labels));
    if (takers.length === 0) return NOWHERE;

    const model = modelOf(labels, this.#identity);
    if (typeof model === 'string') return model === 'no_model' ? NO_MODEL : BAD_NAME;
    return takers
      .filter(({ input }) => this.#entries.judgeOf(input.metric, model.name) === input.entry)
      .map((entry) => this.#memberOf(this.#sourceFor(entry, model), { series, own, table }));
  }

  #sourceFor({ input, key: entryKey }: Entry, model: ModelVersion): Source {
    const modelKey = `${model.name.length} ${model.name}${model.version}`;
    const key = `${input.entry} ${modelKey}`;
    let source = this.#sources.get(key);
    if (!source) {
      const part = this.#feeder.take(entryKey, modelKey, input.from.aggregate);
      source = new Source(key, input, { model, ref: this.#intake.resolve(input.entry, model), part });
      this.#sources.set(key, source);
      if (source.ref < 0) this.#waiting.add(source);
    }
    return source;
  }

  #memberOf(
    source: Source,
    { series, own, table }: { series: number; own: ReadonlyMap<string, string>; table: SeriesTable },
  ): Member {
    if (source.only === null && source.byKey === null) {
      source.only = new Member(source, series);
      return source.only;
    }
    // Only a source with several series needs to tell them apart.
    source.byKey ??= new Map();
    if (source.only !== null) {
      source.only.key = canonical(this.#format.labelsOf(table.keyOf(source.only.series)));
      source.byKey.set(source.only.key, source.only);
      source.only = null;
    }
    const key = canonical(own);
    let member = source.byKey.get(key);
    if (member) {
      member.uses++;
    } else {
      member = new Member(source, series);
      member.key = key;
      source.byKey.set(key, member);
    }
    return member;
  }

  #release(member: Member): void {
    if (--member.uses > 0) return;
    const source = member.gauge;
    source.only = null;
    source.byKey?.delete(member.key);
    if (source.byKey && source.byKey.size > 0) return;
    this.#sources.delete(source.key);
    this.#feeder.release(source.part);
    this.#waiting.delete(source);
  }

  /** Room may have come. One refusal is enough to know that it has not; who was refused goes to the end of the line. */
  #retryWaiting(): void {
    for (const source of this.#waiting) {
      source.ref = this.#intake.resolve(source.entry, source.model);
      this.#waiting.delete(source);
      if (source.ref >= 0) continue;
      this.#waiting.add(source);
      return;
    }
  }

  #count(reason: DropReason, count: number): void {
    if (count > 0) this.#intake.countDropped('scrape', reason, count);
  }
}

/** One text for all spellings of a series, and no other series: lengths part the values, which may hold anything. */
function canonical(labels: ReadonlyMap<string, string>): string {
  let text = '';
  for (const name of [...labels.keys()].sort()) {
    const value = labels.get(name)!;
    text += `${name}=${value.length}:${value}`;
  }
  return text;
}
