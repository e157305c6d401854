/** The life of one target: fetch, parse, route, derive, submit, again and again, and what is known of how it goes. */
import type { Clock } from '../clock.ts';
import type { ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import type { Feed, Feeds } from '../core/derive/feeds.ts';
import type { Derivations } from '../core/derive/index.ts';
import type { Samples } from '../core/derive/samples.ts';
import type { Time } from '../core/signal.ts';
import type { Batch } from '../core/world.ts';
import type { Logger } from '../log.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import type { Entries } from './entries.ts';
import { acceptHeader } from './formats/index.ts';
import type { Page } from './formats/page.ts';
import type { Intake } from './intake.ts';
import { PageFetcher } from './page-fetcher.ts';
import { compileRelabeling } from './relabel.ts';
import type { SeriesBudget } from './series-table.ts';
import type { PageOutcome } from './target-page.ts';
import { TargetPage } from './target-page.ts';
import type { TargetStatus } from './target-status.ts';
import { targetKey, targetUrl } from './target-url.ts';
import { startTicker } from './ticker.ts';

/** What all loops of a process share. */
export interface ScrapeResources {
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Logger;
  readonly userAgent: string;
  readonly budget: SeriesBudget;
  readonly feeds: Feeds;
  readonly derivations: Derivations;
  readonly samples: Samples;
  takePage(): Page;
  givePage(page: Page): void;
  /** Stores what `fill` puts into a batch. Where nothing can be stored it says so, and may not ask for the batch. */
  submit(fill: (into: Batch, now: Time) => void): void;
}

export class ScrapeLoop {
  readonly #config: ScrapeConfig;
  readonly #shared: ScrapeResources;
  readonly #label: string;
  readonly #fetcher: PageFetcher;
  readonly #feed: Feed;
  readonly #page: TargetPage;
  #wantsNative: boolean;

  readonly #stopping = new AbortController();
  #ticker: Disposable | undefined;
  #running: Promise<void> | undefined;

  #up: boolean | null = null;
  #lastScrapeAt: Time | null = null;
  #durationMs = 0;
  #samples = 0;
  #error: string | null = null;
  readonly #failures = new Map<FailureReason, number>();

  constructor(options: {
    config: ScrapeConfig;
    target: ScrapeTarget;
    entries: Entries;
    shared: ScrapeResources;
  }) {
    const { config, target, entries, shared } = options;
    const url = targetUrl(config, target);
    this.#config = config;
    this.#shared = shared;
    this.#label = url.label;
    this.#fetcher = new PageFetcher({ config, url, clock: shared.clock, userAgent: shared.userAgent });
    this.#feed = shared.feeds.join(targetKey(config, target));
    this.#wantsNative = entries.wantsNative;
    const { intake, derivations, budget } = shared;
    const relabeling = compileRelabeling(config.metricRelabelConfigs);
    this.#page = new TargetPage(
      { entries, intake, derivations, feed: this.#feed, config, target, relabeling },
      budget,
    );
  }

  start(): void {
    const { schedule, jobName } = this.#config;
    const seed = `${jobName}\n${this.#label}`;
    this.#ticker = startTicker({ schedule, seed, clock: this.#shared.clock, run: () => this.scrape() });
  }

  /** Cuts off a running scrape and settles when it has ended; `gone`: the config has no such target any more. */
  async stop({ gone }: { gone: boolean }): Promise<void> {
    this.#ticker?.[Symbol.dispose]();
    this.#stopping.abort();
    if (gone) this.#shared.derivations.leave(this.#shared.intake.world, this.#feed);
    await this.#running;
    this.#fetcher.close();
    this.#page.dispose();
  }

  /** Other entries take the series from now on; the series themselves stay known. */
  redirect(entries: Entries): void {
    this.#wantsNative = entries.wantsNative;
    this.#page.redirect(entries);
  }

  /** One scrape, now; where one is running already, that one. */
  scrape(): Promise<void> {
    this.#running ??= this.#scrape().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  status(): TargetStatus {
    return {
      job: this.#config.jobName,
      target: this.#label,
      up: this.#up,
      lastScrapeAt: this.#lastScrapeAt,
      durationSeconds: this.#durationMs / 1000,
      samples: this.#samples,
      error: this.#error,
      failures: this.#failures,
    };
  }

  async #scrape(): Promise<void> {
    const { intake, clock, samples, submit, takePage, givePage } = this.#shared;
    const at = intake.now();
    const started = clock.monotonic();
    const page = takePage();
    try {
      const fetched = await this.#fetcher.fetch(page, {
        signal: this.#stopping.signal,
        accept: acceptHeader({ nativeHistograms: this.#wantsNative, unfit: this.#page.unfit }),
      });
      if (this.#stopping.signal.aborted) return;
      const outcome = fetched.ok
        ? this.#page.take({
            page,
            contentType: fetched.contentType,
            sampleLimit: this.#config.sampleLimit,
            samples,
            submit,
            ageMs: () => clock.monotonic() - started,
          })
        : fetched;
      this.#durationMs = clock.monotonic() - started;
      this.#lastScrapeAt = at;
      this.#note(outcome);
    } finally {
      givePage(page);
    }
  }

  #note(outcome: PageOutcome): void {
    const { log, intake } = this.#shared;
    const facts = { job: this.#config.jobName, target: this.#label };
    if (!outcome.ok) this.#feed.hear(intake.world, intake.now());
    if (outcome.ok) {
      if (this.#up === false) log.info('target is up again', facts);
      this.#up = true;
      this.#samples = outcome.samples;
      this.#error = null;
      return;
    }
    const { reason, message } = outcome;
    if (this.#up !== false) log.warn('target is down', { ...facts, reason, error: message });
    this.#up = false;
    this.#samples = 0;
    this.#error = message;
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1);
  }
}
