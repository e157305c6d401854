/** The scraper: one loop per target of the config. A reload keeps the loops whose target has not changed. */

import type { Clock } from '../clock.ts';
import type { ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import { Feeds } from '../core/derive/feeds.ts';
import { Derivations } from '../core/derive/index.ts';
import { createSamples } from '../core/derive/samples.ts';
import type { Logger } from '../log.ts';
import { compileEntries } from './entries.ts';
import { Page } from './formats/page.ts';
import type { Intake } from './intake.ts';
import { StorageError } from './intake.ts';
import type { ScrapeResources } from './scrape-loop.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import type { PulledSource, SourceConfig } from './source.ts';
import type { TargetStatus } from './target-status.ts';

export interface ScraperOptions {
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Logger;
  readonly userAgent: string;
}

export interface Scraper extends PulledSource {
  /** In the order of the config. */
  statuses(): readonly TargetStatus[];
  /** One scrape of every target, out of turn. */
  scrapeNow(): Promise<void>;
}

/** Idle pages that are kept; more were needed only where targets answered at the same time. */
const SPARE_PAGES = 2;

export function createScraper(
  config: SourceConfig,
  { intake, clock, log, userAgent }: ScraperOptions,
): Scraper {
  const budget = { limit: 0, used: 0 };
  const feeds = new Feeds();
  const shared: ScrapeResources = {
    intake,
    clock,
    log,
    userAgent,
    budget,
    feeds,
    derivations: new Derivations(feeds),
    samples: createSamples(),
    submit: submitter(intake, log),
    ...pagePool(),
  };
  let loops = new Map<string, ScrapeLoop>();
  const ending = new Set<Promise<void>>();
  let started = false;

  const end = (loop: ScrapeLoop, options: { gone: boolean }) => {
    const ended = loop.stop(options).finally(() => ending.delete(ended));
    ending.add(ended);
  };

  const reconfigure = ({ scrapes, inputs, judge, limits }: SourceConfig) => {
    // Of all targets together.
    budget.limit = limits.maxSeries;
    const entries = compileEntries(inputs, judge.rules);
    const next = new Map<string, ScrapeLoop>();
    for (const { config, target } of targetsOf(scrapes)) {
      const key = fingerprint(config, target);
      if (next.has(key)) continue;
      const kept = loops.get(key);
      kept?.redirect(entries);
      next.set(key, kept ?? new ScrapeLoop({ config, target, entries, shared }));
    }
    const previous = loops;
    loops = next;
    for (const [key, loop] of previous) if (!next.has(key)) end(loop, { gone: true });
    if (started) for (const [key, loop] of next) if (!previous.has(key)) loop.start();
  };
  reconfigure(config);

  return {
    start() {
      started = true;
      feeds.forgetOthers(intake.world);
      for (const loop of loops.values()) loop.start();
    },
    reconfigure,
    async stop() {
      started = false;
      for (const loop of loops.values()) end(loop, { gone: false });
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
  let stored = true;
  return (fill) => {
    try {
      intake.take('scrape', fill);
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
