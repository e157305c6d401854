/** The targets of one process on one intake, without sockets and without a clock: each page is taken when a test says so. */
import type { Config } from '../config/config.ts';
import type { Feed } from '../core/derive/feeds.ts';
import { Feeds } from '../core/derive/feeds.ts';
import { Derivations } from '../core/derive/index.ts';
import { createSamples } from '../core/derive/samples.ts';
import type { RawEntry } from './config.testing.ts';
import { configOf } from './config.testing.ts';
import { compileEntries } from './entries.ts';
import { Page } from './formats/page.ts';
import { FakeIntake } from './intake.testing.ts';
import { compileRelabeling } from './relabel.ts';
import type { SeriesBudget } from './series-table.ts';
import type { PageOutcome } from './target-page.ts';
import { TargetPage } from './target-page.ts';
import { targetKey } from './target-url.ts';

export const TEXT = 'text/plain; version=0.0.4';
export const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';

export interface ProcessOptions {
  readonly metrics: readonly RawEntry[];
  /** Keys of the one job. */
  readonly job?: RawEntry;
  /** Other keys of the config. */
  readonly rest?: RawEntry;
}

/** Time passes by a second before each scrape. */
export class TestProcess {
  readonly intake: FakeIntake;
  readonly budget: SeriesBudget = { limit: 100_000, used: 0 };
  targets: readonly ProcessTarget[];
  readonly #config: Config;
  #feeds = new Feeds();
  #derivations = new Derivations(this.#feeds);

  constructor({ metrics, job, rest }: ProcessOptions) {
    this.#config = configOf(metrics, job, rest);
    this.intake = new FakeIntake(this.#config.judge);
    this.targets = this.#start();
  }

  /** The first target. */
  get target(): ProcessTarget {
    return this.targets[0]!;
  }

  /** Only what was stored remains. */
  restart(): void {
    this.intake.restart();
    this.budget.used = 0;
    this.#feeds = new Feeds();
    this.#derivations = new Derivations(this.#feeds);
    this.targets = this.#start();
  }

  #start(): ProcessTarget[] {
    const { inputs, judge, scrapes } = this.#config;
    const entries = compileEntries(inputs, judge.rules);
    return scrapes.flatMap((config) => {
      const relabeling = compileRelabeling(config.metricRelabelConfigs);
      return config.targets.map((target) => {
        const feed = this.#feeds.join(targetKey(config, target));
        const { intake, budget } = this;
        const routing = { entries, intake, derivations: this.#derivations, feed, config, target, relabeling };
        return new ProcessTarget(new TargetPage(routing, budget), { intake, feed });
      });
    });
  }
}

class ProcessTarget {
  readonly known: TargetPage;
  readonly #feed: Feed;
  readonly #intake: FakeIntake;
  readonly #samples = createSamples();

  constructor(known: TargetPage, { intake, feed }: { intake: FakeIntake; feed: Feed }) {
    this.known = known;
    this.#feed = feed;
    this.#intake = intake;
  }

  /** Takes a page of the text format; answers its events as `entry model:version value`. */
  page(...lines: readonly string[]): string[] {
    const outcome = this.take(lines.map((line) => `${line}\n`).join(''));
    if (!outcome.ok) throw new Error(outcome.message);
    return this.#intake.lines;
  }

  /** As `page`, the values alone. */
  values(...lines: readonly string[]): number[] {
    this.page(...lines);
    return this.#intake.batches.at(-1)!.map(({ value }) => value);
  }

  take(
    content: string | Uint8Array,
    { contentType = TEXT, sampleLimit = 50_000, ageMs = 0 } = {},
  ): PageOutcome {
    this.#intake.time += 1000;
    const outcome = this.known.take({
      page: Page.of(content),
      contentType,
      sampleLimit,
      samples: this.#samples,
      submit: (fill) => this.#intake.take('scrape', fill),
      ageMs: () => ageMs,
    });
    if (!outcome.ok) this.#hear();
    return outcome;
  }

  /** A scrape without a page. */
  fail(): void {
    this.#intake.time += 1000;
    this.#hear();
  }

  #hear(): void {
    this.#feed.hear(this.#intake.world, this.#intake.time);
  }
}

/** One target with these labels, under one job. */
export function oneTarget(metrics: readonly RawEntry[], { labels = {}, ...job }: RawEntry = {}) {
  const static_configs = [{ targets: ['localhost:8000'], labels }];
  const process = new TestProcess({ metrics, job: { static_configs, ...job } });
  return {
    intake: process.intake,
    page: (...lines: readonly string[]) => process.target.page(...lines),
    get drops() {
      return process.intake.drops;
    },
  };
}
