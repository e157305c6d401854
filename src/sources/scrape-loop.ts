/** The life of one target: fetch, parse, route, derive, submit, again and again, and what is known of how it goes. */
import type { Clock } from '../clock.ts';
import type { ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import type { Samples } from '../core/derive/derivation.ts';
import type { GaugeFeeder, GaugePool } from '../core/derive/gauge-pool.ts';
import type { Time } from '../core/signal.ts';
import type { Batch } from '../core/world.ts';
import type { Logger } from '../log.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import type { Entries } from './entries.ts';
import type { PageFormat } from './formats/format.ts';
import type { Page } from './formats/page.ts';
import { textFormat } from './formats/text.ts';
import type { Intake } from './intake.ts';
import { PageFetcher } from './page-fetcher.ts';
import { Router } from './route.ts';
import type { SeriesBudget } from './series-table.ts';
import { SeriesTable } from './series-table.ts';
import type { TargetStatus } from './target-status.ts';
import { targetUrl } from './target-url.ts';
import { startTicker } from './ticker.ts';

/** What all loops of a process share. Of it, pages are held over a wait, and the pool remembers. */
export interface ScrapeResources {
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Logger;
  readonly userAgent: string;
  readonly budget: SeriesBudget;
  readonly pool: GaugePool;
  readonly samples: Samples;
  takePage(): Page;
  givePage(page: Page): void;
  /** Stores what `fill` puts into a batch. Where nothing can be stored it says so, and may not ask for the batch. */
  submit(fill: (into: Batch, now: Time) => void): void;
}

/** How a page fared, beyond what is written of it elsewhere. */
type Outcome =
  | { readonly ok: true; readonly samples: number }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

export class ScrapeLoop {
  readonly #config: ScrapeConfig;
  readonly #target: ScrapeTarget;
  readonly #shared: ScrapeResources;
  readonly #label: string;
  readonly #format: PageFormat = textFormat;
  readonly #fetcher: PageFetcher;
  readonly #table: SeriesTable;
  readonly #feeder: GaugeFeeder;
  #router: Router;

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
    this.#target = target;
    this.#shared = shared;
    this.#label = url.label;
    this.#fetcher = new PageFetcher({ config, url, clock: shared.clock, userAgent: shared.userAgent });
    this.#table = new SeriesTable(shared.budget);
    this.#feeder = shared.pool.join(shared.clock.monotonic());
    this.#router = this.#routerTo(entries);
  }

  start(): void {
    const { schedule, jobName } = this.#config;
    const seed = `${jobName}\n${this.#label}`;
    this.#ticker = startTicker({ schedule, seed, clock: this.#shared.clock, run: () => this.scrape() });
  }

  /** Cuts off a running scrape and settles when it has ended. */
  async stop(): Promise<void> {
    this.#ticker?.[Symbol.dispose]();
    this.#stopping.abort();
    this.#feeder.leave();
    await this.#running;
    this.#fetcher.close();
    this.#table.dispose();
  }

  /** Other entries take the series from now on; the series themselves stay known. */
  redirect(entries: Entries): void {
    this.#router = this.#routerTo(entries);
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

  #routerTo(entries: Entries): Router {
    return new Router({
      entries,
      intake: this.#shared.intake,
      format: this.#format,
      config: this.#config,
      target: this.#target,
      feeder: this.#feeder,
    });
  }

  async #scrape(): Promise<void> {
    const { intake, clock, takePage, givePage } = this.#shared;
    const at = intake.now();
    const started = clock.monotonic();
    const page = takePage();
    try {
      const fetched = await this.#fetcher.fetch(page, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      const outcome = fetched.ok ? this.#takePage(page, clock.monotonic() - started) : fetched;
      this.#durationMs = clock.monotonic() - started;
      this.#lastScrapeAt = at;
      this.#note(outcome);
    } finally {
      givePage(page);
    }
  }

  #takePage(page: Page, ageMs: number): Outcome {
    const { samples, submit, intake, clock } = this.#shared;
    const { sampleLimit } = this.#config;
    const parsed = this.#format.parse({ page, table: this.#table, into: samples, sampleLimit });
    if (!parsed.ok) {
      const place = parsed.reason === 'parse' ? `line ${parsed.line}: ` : '';
      return { ok: false, reason: parsed.reason, message: `${place}${parsed.message}` };
    }
    if (parsed.refused > 0) intake.countDropped('scrape', 'max_series', parsed.refused);
    // By its age, because the clock may have been set since the scrape began.
    const monotonicMs = clock.monotonic();
    submit((into, now) => this.#router.derive(samples, this.#table, { at: now - ageMs, monotonicMs, into }));
    this.#router.forget(this.#table.commit(samples));
    return { ok: true, samples: samples.length + parsed.refused };
  }

  #note(outcome: Outcome): void {
    const { log } = this.#shared;
    const facts = { job: this.#config.jobName, target: this.#label };
    if (!outcome.ok) this.#feeder.fail();
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
