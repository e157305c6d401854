/** A target of the shipped program without its sockets: what happens to a page between the wire and the averages. */
import type { Clock } from '../src/clock.ts';
import type { Config } from '../src/config/config.ts';
import type { Batch, World } from '../src/core/world.ts';
import type { Intake } from '../src/sources/intake.ts';
import type { TargetPage } from '../src/sources/target-page.ts';
import { shipped } from './shipped.ts';

const SECOND_MS = 1000;
const PAGE_BYTES = 2_000_000;

export type ShippedPath = Awaited<ReturnType<typeof loadShippedPath>>;

/** The parts of the shipped program that a scraped page goes through. */
export async function loadShippedPath() {
  return {
    ...(await shipped<typeof import('../src/sources/formats/page.ts')>('sources/formats/page.js')),
    ...(await shipped<typeof import('../src/sources/formats/index.ts')>('sources/formats/index.js')),
    ...(await shipped<typeof import('../src/sources/series-table.ts')>('sources/series-table.js')),
    ...(await shipped<typeof import('../src/sources/target-page.ts')>('sources/target-page.js')),
    ...(await shipped<typeof import('../src/sources/target-url.ts')>('sources/target-url.js')),
    ...(await shipped<typeof import('../src/sources/entries.ts')>('sources/entries.js')),
    ...(await shipped<typeof import('../src/core/derive/samples.ts')>('core/derive/samples.js')),
    ...(await shipped<typeof import('../src/core/derive/feeds.ts')>('core/derive/feeds.js')),
    ...(await shipped<typeof import('../src/core/derive/index.ts')>('core/derive/index.js')),
    ...(await shipped<typeof import('../src/core/batch.ts')>('core/batch.js')),
    ...(await shipped<typeof import('../src/core/world.ts')>('core/world.js')),
    ...(await shipped<typeof import('../src/core/signal.ts')>('core/signal.js')),
    ...(await shipped<typeof import('../src/detector.ts')>('detector.js')),
    ...(await shipped<typeof import('../src/engine.ts')>('engine.js')),
    ...(await shipped<typeof import('../src/bus.ts')>('bus.js')),
    ...(await shipped<typeof import('../src/log.ts')>('log.js')),
    ...(await shipped<typeof import('../src/store/open.ts')>('store/open.js')),
  };
}

/** An intake whose time stands still until it is told. */
export interface TimedIntake extends Intake {
  advance(ms: number): void;
}

/** Core and detector without a store. */
export function detectorIntake(path: ShippedPath, config: Config): TimedIntake {
  let now = Date.now();
  const detector = path.DriftDetector.create(config.judge, { at: now });
  const batch: Batch = path.createBatch();
  return {
    epoch: 0,
    world: detector.world,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    resolve: (entry, model) => detector.resolve(config.judge.rules[entry]!, model),
    take(source, fill) {
      detector.advance(now);
      batch.length = 0;
      fill(batch, now);
      detector.take(source, batch, now);
    },
    synced: async () => undefined,
    countDropped: (source, reason, count) => path.countDrop(detector.world, source, reason, count),
  };
}

/** The engine as the program wires it, but for the disk. */
export function engineIntake(path: ShippedPath, config: Config): TimedIntake {
  let now = Date.now();
  const clock: Clock = {
    wall: () => now,
    monotonic: () => now,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
  const fail = (error: unknown): never => {
    throw error;
  };
  const engine = new path.Engine({
    store: path.openMemoryStore({ now, onFatal: fail }),
    config: config.judge,
    clock,
    bus: new path.MetricBus(fail),
    log: path.silentLogger,
    composeBody: () => Buffer.alloc(0),
  });
  engine.start();
  return {
    get epoch() {
      return engine.epoch;
    },
    get world() {
      return engine.world;
    },
    now: () => engine.now(),
    advance: (ms) => {
      now += ms;
    },
    resolve: (entry, model) => engine.resolve(entry, model),
    take: (source, fill) => engine.take(source, fill),
    synced: () => engine.synced(),
    countDropped: (source, reason, count) => engine.countDropped(source, reason, count),
  };
}

export interface ScrapedTargetOptions {
  readonly config: Config;
  readonly contentType: string;
  readonly intake: TimedIntake;
}

/** The first target of a config. */
export class ScrapedTarget {
  readonly #path: ShippedPath;
  readonly #options: ScrapedTargetOptions;
  readonly #bytes;
  readonly #samples;
  readonly #target: TargetPage;
  #taken = 0;

  constructor(path: ShippedPath, options: ScrapedTargetOptions) {
    const { config, intake } = options;
    const scrape = config.scrapes[0]!;
    const target = scrape.targets[0]!;
    const feeds = new path.Feeds();
    const routing = {
      entries: path.compileEntries(config.inputs, config.judge.rules),
      intake,
      derivations: new path.Derivations(feeds),
      feed: feeds.join(path.targetKey(scrape, target)),
      config: scrape,
      target,
      relabeling: null,
    };
    this.#path = path;
    this.#options = options;
    this.#bytes = new path.Page(PAGE_BYTES);
    this.#samples = path.createSamples();
    this.#target = new path.TargetPage(routing, { limit: config.limits.maxSeries, used: 0 });
  }

  /** A second has passed, and this is the page. */
  take(body: Uint8Array): void {
    const { config, contentType, intake } = this.#options;
    intake.advance(SECOND_MS);
    this.#bytes.clear();
    this.#bytes.append(body);
    const outcome = this.#target.take({
      page: this.#bytes,
      contentType,
      sampleLimit: config.scrapes[0]!.sampleLimit,
      samples: this.#samples,
      submit: (fill) => intake.take('scrape', fill),
      ageMs: () => 0,
    });
    if (!outcome.ok) throw new Error(outcome.message);
    this.#taken++;
  }

  /** Every page was a sample of every signal; to what counts, the first page is none. */
  check(signals: number): void {
    const { world } = this.#options.intake;
    const known = world.signals.filter((signal) => signal !== undefined);
    const short = known.filter(({ record, rule }) => {
      const pages = rule.from?.kind === 'gauge' ? this.#taken : this.#taken - 1;
      return record[this.#path.SAMPLES] !== pages;
    });
    if (known.length !== signals || short.length > 0 || world.drops.size > 0) {
      throw new Error(
        `${known.length} signals of ${signals}, ${short.length} of them without a sample of each of ${this.#taken} pages; dropped: ${describeDrops(world)}`,
      );
    }
  }
}

function describeDrops({ drops }: World): string {
  return [...drops].map(([reason, count]) => `${count} ${reason}`).join(', ') || 'nothing';
}

/** Only parses, page after page of one target. */
export function createParser(
  path: ShippedPath,
  { config, contentType }: Omit<ScrapedTargetOptions, 'intake'>,
) {
  const page = new path.Page(PAGE_BYTES);
  const table = new path.SeriesTable({ limit: config.limits.maxSeries, used: 0 });
  const samples = path.createSamples();
  const { sampleLimit } = config.scrapes[0]!;
  return {
    samples,
    parse(body: Uint8Array): void {
      page.clear();
      page.append(body);
      const format = path.formatOf(contentType, page);
      if ('refusal' in format) throw new Error(format.refusal);
      const parsed = format.parse({ page, table, into: samples, sampleLimit });
      if (!parsed.ok) throw new Error(parsed.message);
      table.commit(samples);
    },
  };
}
