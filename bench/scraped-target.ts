/** A target of the shipped program without its sockets: what happens to a page between the wire and the averages. */
import type { Config } from '../src/config/config.ts';
import type { World } from '../src/core/world.ts';
import type { TargetPage } from '../src/sources/target-page.ts';
import type { ShippedPath } from './shipped-path.ts';
import type { TimedIntake } from './timed-intake.ts';

const SECOND_MS = 1000;
const PAGE_BYTES = 2_000_000;

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
