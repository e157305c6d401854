/** A target whose metrics are derived in every way there is, and all that is remembered of it: what a bad page must not touch. */
import { stringify } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { createBatch } from '../../src/core/batch.ts';
import { Feeds } from '../../src/core/derive/feeds.ts';
import { Derivations } from '../../src/core/derive/index.ts';
import { createSamples } from '../../src/core/derive/samples.ts';
import type { Signal } from '../../src/core/world.ts';
import { countDrop } from '../../src/core/world.ts';
import { DriftDetector } from '../../src/detector.ts';
import { compileEntries } from '../../src/sources/entries.ts';
import type { PageFormat } from '../../src/sources/formats/format.ts';
import { Page } from '../../src/sources/formats/page.ts';
import type { Intake } from '../../src/sources/intake.ts';
import type { SeriesBudget } from '../../src/sources/series-table.ts';
import type { PageOutcome } from '../../src/sources/target-page.ts';
import { TargetPage } from '../../src/sources/target-page.ts';
import { METRICS, REFERENCE } from './derived-metrics.ts';
import type { FormatName } from './good-pages.ts';
import { CONTENT_TYPES, goodPage } from './good-pages.ts';

const config = loadAll();
const entries = compileEntries(config.inputs, config.judge.rules);

function loadAll(): Config {
  const [job] = [
    { job_name: 'hostile', static_configs: [{ targets: ['model:8000'], labels: { model: 'any' } }] },
  ];
  const bounds = Object.keys(REFERENCE.buckets).map((bound) => (bound === '+Inf' ? Infinity : Number(bound)));
  const histogram = { bounds, cumulative: Object.values(REFERENCE.buckets) };
  const result = loadConfig({
    text: stringify({ global: { scrape_interval: '10s' }, scrape_configs: [job], metrics: METRICS }),
    file: 'driftgauge.yaml',
    env: {},
    references: new Map([[REFERENCE.file, { ok: true, histogram }]]),
  });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}

export interface Limits {
  readonly sampleLimit: number;
  readonly maxSeries: number;
}

/** A little more than the good pages need, so that a page that is doubled has too much. */
export const TIGHT: Limits = { sampleLimit: 60, maxSeries: 100 };
/** Those of a config that says nothing of limits. */
export const DEFAULT: Limits = {
  sampleLimit: config.scrapes[0]!.sampleLimit,
  maxSeries: config.limits.maxSeries,
};

const FIRST_SCRAPE_AT = 1_000_000;
const SCRAPE_INTERVAL_MS = 10_000;

/** One target of one process, without the network and the disk. */
export class HostileTarget {
  readonly samples = createSamples();
  readonly #limits: Limits;
  readonly #budget: SeriesBudget;
  readonly #detector = DriftDetector.create(config.judge, { at: FIRST_SCRAPE_AT });
  readonly #feeds = new Feeds();
  readonly #feed = this.#feeds.join('hostile');
  readonly #page: TargetPage;
  #now = FIRST_SCRAPE_AT;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#budget = { limit: limits.maxSeries, used: 0 };
    const [scrape] = config.scrapes;
    this.#page = new TargetPage(
      {
        entries,
        intake: this.#intake(),
        derivations: new Derivations(this.#feeds),
        feed: this.#feed,
        config: scrape!,
        target: scrape!.targets[0]!,
        relabeling: null,
      },
      this.#budget,
    );
  }

  /** One that has given two good pages in this format. */
  static after(format: FormatName, limits: Limits): HostileTarget {
    const target = new HostileTarget(limits);
    for (const number of [0, 1]) {
      const outcome = target.takeGood(format, number);
      if (!outcome.ok) throw new Error(`a good page of ${format} was refused: ${outcome.message}`);
    }
    return target;
  }

  takeGood(format: FormatName, number: number): PageOutcome {
    const outcome = this.take(CONTENT_TYPES[format], goodPage(format, number));
    this.endScrape(outcome.ok);
    return outcome;
  }

  take(contentType: string, content: Uint8Array): PageOutcome {
    return this.#page.take({
      page: Page.of(content),
      contentType,
      sampleLimit: this.#limits.sampleLimit,
      samples: this.samples,
      submit: (fill) => {
        const batch = createBatch();
        this.#detector.advance(this.#now);
        fill(batch, this.#now);
        this.#detector.take('scrape', batch, this.#now);
      },
      ageMs: () => 0,
    });
  }

  /** The formats that it takes only where they are said, as it got them wrong: all that a refused page may leave behind. */
  get unfit(): Set<PageFormat> {
    return this.#page.unfit;
  }

  /** What the scrape loop and the store do afterwards; the next scrape comes an interval later. */
  endScrape(taken: boolean): void {
    const { world } = this.#detector;
    if (!taken) this.#feed.hear(world, this.#now);
    this.#now += SCRAPE_INTERVAL_MS;
    for (const changed of Object.values(world.dirty)) changed.clear();
  }

  get signals(): readonly Signal[] {
    return this.#detector.world.signals.filter((signal) => signal !== undefined);
  }

  /** All that a page may change, as one text: equal only where nothing was touched. */
  get memory(): string {
    const { world } = this.#detector;
    const { at, pages, signals, cells, models, heard, drops, dirty, removals, episodes, requests } = world;
    const parts: unknown[] = [
      ...[at, removals, episodes, world.signalCount, world.cellCount, requests.size, this.#budget.used],
      ...signals.map((signal) => signal && nameOf(signal)),
      ...cells.map((cell) => cell && `${nameOf(cell.signal)} ${cell.key}`),
      ...[...models].map(([name, { versions, openEpisodes }]) => [name, ...versions.keys(), openEpisodes]),
      ...[...heard, ...drops],
      ...Object.values(dirty).map(({ size }) => size),
    ];
    for (const { id, width, data } of pages.values())
      parts.push(id, width, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1'));
    return parts.join('\n');
  }

  #intake(): Intake {
    const detector = this.#detector;
    const { world } = detector;
    return {
      world,
      epoch: 0,
      now: () => this.#now,
      resolve: (entry, model) => detector.resolve(config.judge.rules[entry]!, model),
      countDropped: (source, reason, count) => countDrop(world, source, reason, count),
      take: () => {
        throw new Error('pages are submitted, not taken');
      },
      synced: async () => {},
    };
  }
}

const names = new WeakMap<Signal, string>();

function nameOf(signal: Signal): string {
  let text = names.get(signal);
  if (text === undefined) {
    const { metric, model } = signal;
    text = JSON.stringify([metric, model.name, model.version]);
    names.set(signal, text);
  }
  return text;
}
