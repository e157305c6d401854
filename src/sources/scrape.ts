/** The scraper: one loop per target of the config. A reload keeps the loops whose target has not changed. */

import type { Clock } from '../clock.ts';
import type { MetricInput, ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import { createBatch } from '../core/batch.ts';
import { createSamples } from '../core/derive/derivation.ts';
import { GaugePool } from '../core/derive/gauge-pool.ts';
import type { Rule } from '../core/rule.ts';
import type { Logger } from '../log.ts';
import { compileEntries } from './entries.ts';
import { Page } from './formats/page.ts';
import type { Intake } from './intake.ts';
import { StorageError } from './intake.ts';
import type { ScrapeResources } from './scrape-loop.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import type { TargetStatus } from './target-status.ts';

/** What a reload may change. */
export interface ScrapeSettings {
  readonly configs: readonly ScrapeConfig[];
  readonly inputs: readonly MetricInput[];
  /** All rules, pushed ones too: the first that fits a model has it. */
  readonly rules: readonly Rule[];
  /** Of all targets together. */
  readonly maxSeries: number;
}

export interface ScraperOptions extends ScrapeSettings {
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Logger;
  readonly userAgent: string;
}

export interface Scraper {
  start(): void;
  /** Applies at once: what is gone stops, what is new starts, what is the same goes on. */
  reconfigure(settings: ScrapeSettings): void;
  /** Cuts off what is running and settles when it has ended. */
  stop(): Promise<void>;
  /** In the order of the config. */
  statuses(): readonly TargetStatus[];
  /** One scrape of every target, out of turn. */
  scrapeNow(): Promise<void>;
}

/** Idle pages that are kept; more were needed only where targets answered at the same time. */
const SPARE_PAGES = 2;

export function createScraper(options: ScraperOptions): Scraper {
  const { intake, clock, log, userAgent } = options;
  const budget = { limit: options.maxSeries, used: 0 };
  const pool = new GaugePool();
  const shared: ScrapeResources = {
    intake,
    clock,
    log,
    userAgent,
    budget,
    pool,
    samples: createSamples(),
    submit: submitter(intake, log),
    ...pagePool(),
  };
  let loops = new Map<string, ScrapeLoop>();
  const ending = new Set<Promise<void>>();
  let started = false;

  const end = (loop: ScrapeLoop) => {
    const ended = loop.stop().finally(() => ending.delete(ended));
    ending.add(ended);
  };

  const reconfigure = ({ configs, inputs, rules, maxSeries }: ScrapeSettings) => {
    budget.limit = maxSeries;
    const entries = compileEntries(inputs, rules);
    pool.configure(entries.keys, clock.monotonic());
    const next = new Map<string, ScrapeLoop>();
    for (const { config, target } of targetsOf(configs)) {
      const key = fingerprint(config, target);
      if (next.has(key)) continue;
      const kept = loops.get(key);
      kept?.redirect(entries);
      next.set(key, kept ?? new ScrapeLoop({ config, target, entries, shared }));
    }
    const previous = loops;
    loops = next;
    for (const [key, loop] of previous) if (!next.has(key)) end(loop);
    if (started) for (const [key, loop] of next) if (!previous.has(key)) loop.start();
  };
  reconfigure(options);

  return {
    start() {
      started = true;
      for (const loop of loops.values()) loop.start();
    },
    reconfigure,
    async stop() {
      started = false;
      for (const loop of loops.values()) end(loop);
      loops = new Map();
      await Promise.all(ending);
    },
    statuses: () => [...loops.values()].map((loop) => loop.status()),
    scrapeNow: async () => void (await Promise.all([...loops.values()].map((loop) => loop.scrape()))),
  };
}

function targetsOf(configs: readonly ScrapeConfig[]): { config: ScrapeConfig; target: ScrapeTarget }[] {
  return configs.flatMap((config) => config.targets.map((target) => ({ config, target })));
}

/** Equal where nothing has changed that a loop depends on: everything but the job's other targets. */
function fingerprint(config: ScrapeConfig, target: ScrapeTarget): string {
  const { targets: _, ...own } = config;
  return JSON.stringify([own, target], (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Hands batches on; a store that fails is reported once, not once per target and scrape. */
function submitter(intake: Intake, log: Logger): ScrapeResources['submit'] {
  const batch = createBatch();
  let stored = true;
  return (fill) => {
    try {
      const at = intake.settle();
      batch.length = 0;
      fill(batch, at);
      if (batch.length > 0) intake.submit('scrape', batch, at);
      if (!stored) log.info('scraped samples are stored again');
      stored = true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (stored) log.warn('scraped samples are lost until storage works again', { error: error.message });
      stored = false;
    }
  };
}

function pagePool(): Pick<ScrapeResources, 'takePage' | 'givePage'> {
  const spare: Page[] = [];
  return {
    takePage: () => spare.pop() ?? new Page(),
    givePage(page) {
      if (spare.length < SPARE_PAGES) spare.push(page);
    },
  };
}
