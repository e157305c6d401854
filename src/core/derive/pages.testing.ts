/** Pages written by hand, for tests of derivations: a world with one rule, its targets, and what each page gives. */
import { createBatch } from '../batch.ts';
import type { JudgeConfig, Rule } from '../rule.ts';
import { makeConfig, makeRule, SECOND, START } from '../scenario.testing.ts';
import type { ModelVersion } from '../signal.ts';
import { findVersion, resolveSignal } from '../signals.ts';
import { step } from '../step.ts';
import type { Batch, DropReason, Signal, World } from '../world.ts';
import { createWorld } from '../world.ts';
import type { Member } from './derivation.ts';
import { derivePage } from './derivation.ts';
import type { Feed } from './feeds.ts';
import { Feeds } from './feeds.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { Derivations } from './index.ts';
import { createSamples, growSamples } from './samples.ts';
import type { CountingSettings, DerivationSettings, Role } from './settings.ts';

/**
 * One sample. `le=0.5` is a bucket of that bound; labels that differ from a `~` on are spellings of one series. Times are
 * seconds since `START`; without one, the page gives none.
 */
export type Row = readonly [
  role: Role | `le=${string}`,
  labels: string,
  value: number | NativeHistogram,
  time?: number,
];

/** Time in seconds since `START`. */
export type Event = readonly [time: number, value: number, weight: number, stamped: number];

export interface Given {
  readonly events: readonly Event[];
  readonly drops: { readonly [Reason in DropReason]?: number };
}

/** What happens at a time, in seconds: a target shows a page, or its scrape fails. */
export type Scrape = readonly [seconds: number, target: string, rows: readonly Row[] | 'fails'];

interface Target {
  readonly feed: Feed;
  readonly numbers: Map<string, number>;
  members: (readonly Member[] | undefined)[];
}

const MODEL: ModelVersion = { name: 'fraud', version: '1' };

export interface PagesOptions {
  /** Known from the start. */
  readonly targets?: readonly string[];
  readonly rule?: Partial<Rule>;
  readonly config?: Partial<JudgeConfig>;
  /** One that was stored: its time goes on. */
  readonly world?: World;
}

/** Time only moves when told. */
export class Pages {
  readonly world: World;
  readonly feeds = new Feeds();
  /** Seconds since `START`. */
  seconds: number;
  readonly #derivations = new Derivations(this.feeds);
  readonly #targets = new Map<string, Target>();
  #rule: Rule;
  #removals = 0;

  constructor(from: DerivationSettings, options: PagesOptions = {}) {
    this.#rule = ruleOf(from, options.rule);
    const config = makeConfig({ rules: [this.#rule], ...options.config });
    this.world =
      options.world ??
      createWorld({
        at: START,
        createdAt: START,
        config,
        makeId: (kind, { name, version }, number) => `${kind}_${name}:${version}#${number}`,
      });
    this.seconds = (this.world.at - START) / SECOND;
    for (const target of options.targets ?? ['a']) this.join(target);
    if (options.world) step(this.world, { type: 'config', at: this.world.at, config });
  }

  join(target: string): Feed {
    const feed = this.feeds.join(target);
    this.#targets.set(target, { feed, numbers: new Map(), members: [] });
    return feed;
  }

  leave(target: string): void {
    this.feeds.leave(this.world, this.#of(target).feed);
    this.#targets.delete(target);
  }

  /** The target shows a page now; what it says without a time is as old as the scrape, `age` seconds. */
  page(target: string, rows: readonly Row[], age = 0): Given {
    const at = this.#now();
    step(this.world, { type: 'time', at });
    const into = createBatch(1);
    const dropped = new Map<DropReason, number>();
    const { feed } = this.#of(target);
    const samples = this.#samplesOf(target, rows);
    const { members } = this.#of(target);
    const turn = { world: this.world, feed, samples, into, dropped, touched: [], complete: true };
    derivePage(members, { ...turn, at: at - age * SECOND, receivedAt: at });
    const events = eventsIn(into);
    step(this.world, { type: 'samples', at, source: 'scrape', batch: into });
    return { events, drops: Object.fromEntries(dropped) };
  }

  /** A scrape of the target fails now. */
  fail(target: string): void {
    this.#of(target).feed.hear(this.world, this.#now());
  }

  /** The events of several pages, in seconds of their own. */
  scrape(scrapes: readonly Scrape[]): Event[] {
    return scrapes.flatMap(([seconds, target, rows]) => {
      this.seconds = seconds;
      if (rows !== 'fails') return this.page(target, rows).events;
      this.fail(target);
      return [];
    });
  }

  /** The wall clock is set, by seconds. */
  stepClock(by: number): void {
    step(this.world, { type: 'clock_step', at: this.world.at, by: by * SECOND });
    this.seconds += by;
  }

  /** A reload; all series are resolved anew. */
  reconfigure(from: DerivationSettings, rule: Partial<Rule> = {}, config: Partial<JudgeConfig> = {}): void {
    this.#rule = ruleOf(from, rule);
    step(this.world, {
      type: 'config',
      at: this.#now(),
      config: makeConfig({ rules: [this.#rule], ...config }),
    });
    this.forget();
  }

  /** Series are found anew when they are next seen. */
  forget(): void {
    for (const target of this.#targets.values()) target.members = [];
  }

  get signal(): Signal {
    return findVersion(this.world, MODEL)!.signals.get(this.#rule.metric)!;
  }

  /** The keys of what the signal's derivation remembers. */
  get cells(): string[] {
    return [...(this.signal.cells?.keys() ?? [])].sort();
  }

  #now(): number {
    return START + this.seconds * SECOND;
  }

  #of(target: string): Target {
    return this.#targets.get(target)!;
  }

  #samplesOf(target: string, rows: readonly Row[]) {
    const samples = createSamples(1);
    growSamples(samples, rows.length);
    rows.forEach(([role, labels, value, time], row) => {
      samples.series[row] = this.#series(target, role, labels);
      samples.time[row] = time === undefined ? NaN : START + time * SECOND;
      if (typeof value === 'number') samples.value[row] = value;
      else {
        samples.value[row] = NaN;
        samples.histograms.set(row, value);
      }
    });
    samples.length = rows.length;
    return samples;
  }

  /** The number of a series, which is resolved where that was not done yet, or its signal is gone. */
  #series(target: string, role: Row[0], labels: string): number {
    if (this.#removals !== this.world.removals) this.forget();
    this.#removals = this.world.removals;
    const { feed, numbers, members } = this.#of(target);
    const name = `${role} ${labels}`;
    const series = numbers.get(name) ?? numbers.size;
    numbers.set(name, series);
    if (members[series] === undefined) {
      const isBucket = role.startsWith('le=');
      const signal = resolveSignal(this.world, this.#rule, MODEL)!;
      const as = {
        role: isBucket ? 'bucket' : (role as Role),
        key: () => labels.split('~')[0]!,
        bound: isBucket ? Number(role.slice('le='.length).replace('+Inf', 'Infinity')) : 0,
      };
      while (members.length <= series) members.push(undefined);
      members[series] = [this.#derivations.of(this.world, signal).join(feed, as)];
    }
    return series;
  }
}

/** What the pages of some targets give, all of which are known from the start. */
export function derived(from: DerivationSettings, scrapes: readonly Scrape[]): (readonly number[])[] {
  const targets = [...new Set(scrapes.map(([, target]) => target))];
  return new Pages(from, { targets })
    .scrape(scrapes)
    .map(([time, value, weight]) => [time, value, weight] as const);
}

/** The same target, scraped every so many seconds, from 0 on. */
export function every(seconds: number, pages: readonly (readonly Row[] | 'fails')[], target = 'a'): Scrape[] {
  return pages.map((rows, index) => [index * seconds, target, rows]);
}

/** In the order of time; at equal times in the order given. */
export function interleaved(...lives: readonly (readonly Scrape[])[]): Scrape[] {
  return lives.flat().sort(([a], [b]) => a - b);
}

/** A classic histogram: cumulative counts by bound. */
export function buckets(counts: { readonly [bound: string]: number }, labels = ''): Row[] {
  return Object.entries(counts).map(([bound, count]) => [`le=${bound}`, labels, count]);
}

export const windowed = { scale: 1, windowMs: 0, minCount: 1 } satisfies Partial<CountingSettings>;

function ruleOf(from: DerivationSettings, overrides: Partial<Rule> = {}): Rule {
  const inputFingerprint = JSON.stringify(from);
  return makeRule({ metric: 'derived', action: 'flag', from, inputFingerprint, ...overrides });
}

function eventsIn(batch: Batch): Event[] {
  return Array.from({ length: batch.length }, (_, row) => [
    (batch.time[row]! - START) / SECOND,
    batch.value[row]!,
    batch.weight[row]!,
    batch.stamped[row]!,
  ]);
}
