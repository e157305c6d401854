/**
 * The composition root, and the file to read first: what is made here, in this order, is the way of a sample.
 * It owns start, reload and stop, and decides nothing itself.
 */
import { hostname } from 'node:os';
import { MetricBus } from './bus.ts';
import { logChange } from './change-log.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { LoadResult } from './config/load.ts';
import { formatProblem } from './config/problem.ts';
import { withTriggers } from './custom-triggers.ts';
import { Engine } from './engine.ts';
import type { Backend, ReloadState } from './http/backend.ts';
import type { HttpAddress, HttpServer } from './http/server.ts';
import { createHttpServer } from './http/server.ts';
import type { Logger } from './log.ts';
import { silentLogger } from './log.ts';
import { createMetricsPage } from './metrics/page.ts';
import { createProcessMetrics } from './metrics/process.ts';
import { followTime, RecentTime } from './page/recent.ts';
import type { Dispatcher } from './retrain/dispatcher.ts';
import { createDispatcher } from './retrain/dispatcher.ts';
import { composePayload } from './retrain/payload.ts';
import type { DeliveryRoute } from './retrain/route.ts';
import { createRoutes } from './retrain/route.ts';
import type { RetrainTrigger } from './retrain/trigger.ts';
import { parsePush } from './sources/push.ts';
import type { Scraper } from './sources/scrape.ts';
import { createScraper } from './sources/scrape.ts';
import type { PulledSource } from './sources/source.ts';
import { StorageError } from './storage-error.ts';
import { openMemoryStore, openStore } from './store/open.ts';
import type { SqliteStore } from './store/sqlite.ts';
import { BUILD, USER_AGENT } from './version.ts';

const DAY_MS = 86_400_000;
const PRUNE_INTERVAL_MS = 3_600_000;

export interface SupervisorOptions {
  /** Ways to deliver that the program brings along: they take the place of the config's trigger of that name, or stand in front for every model. */
  readonly triggers?: readonly RetrainTrigger[];
  /** The folder of the store. Default: memory, which is gone when the process ends. */
  readonly storagePath?: string;
  /** How long ended episodes and requests are kept. Default 90 days. */
  readonly retentionMs?: number;
  /** Where to serve HTTP; port 0 is any free one. Default: not at all. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** How others reach this process; default `http://<hostname>:<port>`. */
  readonly externalUrl?: string;
  readonly webConfigFile?: string;
  /** Whether `POST /-/reload` works. Default false. */
  readonly enableLifecycle?: boolean;
  /** Where `reload` finds the new config. Default: nowhere, and it says so. */
  readonly readConfig?: () => Promise<LoadResult>;
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Called when the process can no longer be sure of its disk and should end. */
  readonly onFatal?: (error: Error) => void;
}

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly error: string };

export interface Supervisor extends AsyncDisposable {
  readonly bus: MetricBus;
  readonly engine: Engine;
  /** Null unless it listens. */
  readonly address: HttpAddress | null;
  /** Rejects with `OpenStoreError`, `WebConfigError`, or the error of listening. Once only. */
  start(): Promise<void>;
  /** Applies a config whole or not at all; without one, reads the source anew. */
  reload(config?: Config): Promise<ReloadResult>;
  /** Ends what was started, in reverse. Nothing acknowledged is lost. */
  stop(): Promise<void>;
}

export function createSupervisor(config: Config, options: SupervisorOptions = {}): Supervisor {
  return new WiredSupervisor(config, options);
}

class WiredSupervisor implements Supervisor {
  readonly bus: MetricBus;
  readonly engine: Engine;
  readonly #options: SupervisorOptions;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #store: SqliteStore;
  readonly #scraper: Scraper;
  readonly #sources: readonly PulledSource[];
  readonly #dispatcher: Dispatcher;
  readonly #http: HttpServer | undefined;
  readonly #recent = new RecentTime();
  readonly #running = new AsyncDisposableStack();
  #config: Config;
  #routes: ReadonlyMap<string, DeliveryRoute>;
  #reloadState: ReloadState;
  #ready = false;
  #reloading: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(config: Config, options: SupervisorOptions) {
    const { log = silentLogger, clock = systemClock, listen } = options;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
    this.#config = withTriggers(config, options.triggers ?? []);

    // sources ──▶ engine (step, commit) ──▶ bus ──▶ dispatcher ──▶ triggers
    this.bus = new MetricBus((error) => log.error('an observer failed', { error: String(error) }));
    this.#store = this.#openStore();
    this.engine = new Engine({
      store: this.#store,
      config: this.#config.judge,
      clock,
      bus: this.bus,
      log,
      composeBody: (request, facts) =>
        composePayload({
          request,
          facts,
          externalLabels: this.#config.externalLabels,
          externalUrl: this.#externalUrl(),
          token: this.#store.outcomeToken(request.id),
        }),
    });
    const scraping = { intake: this.engine, clock, log, userAgent: USER_AGENT };
    this.#scraper = createScraper(this.#config, scraping);
    // Adding a source is one file and one line here.
    this.#sources = [this.#scraper];
    this.#routes = this.#createRoutes(this.#config);
    this.#dispatcher = createDispatcher({
      outbox: this.engine,
      triggers: () => this.#routes,
      clock,
      random: Math.random,
      log,
    });
    this.#reloadState = { successful: true, lastSuccessAt: this.engine.now() };
    this.#http = listen && this.#createHttp(listen);
  }

  get address(): HttpAddress | null {
    return this.#http?.address ?? null;
  }

  async start(): Promise<void> {
    const clock = this.#clock;
    this.#running.use(this.engine);
    this.bus.observe({
      onChange: (change) => {
        logChange(this.#log, change);
        if (change.type === 'requested' || change.type === 'request_changed') this.#dispatcher.wake();
      },
    });
    // Listens before it decides, so that a request made at once can name the port; nobody is served in between.
    if (this.#http) {
      await this.#http.start();
      this.#running.use(this.#http);
    }
    this.engine.start();
    if (this.#http) this.#running.use(this.#followTime());
    for (const source of this.#sources) {
      this.#running.defer(() => source.stop());
      source.start();
    }
    this.#running.defer(() => this.#dispatcher.stop());
    this.#dispatcher.wake();
    this.#running.use(repeat(clock, PRUNE_INTERVAL_MS, () => this.#prune()));
    this.#ready = true;
    this.#log.info('ready', { version: BUILD.version });
  }

  reload(config?: Config): Promise<ReloadResult> {
    if (this.#stopping) return Promise.resolve({ ok: false, error: 'it is stopping' });
    const next = this.#reloading.then(() => this.#reload(config));
    this.#reloading = next.catch(() => undefined);
    return next;
  }

  stop(): Promise<void> {
    this.#ready = false;
    this.#stopping ??= this.#reloading.then(() => this.#running.disposeAsync());
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #reload(given: Config | undefined): Promise<ReloadResult> {
    const loaded = given ? ({ ok: true, config: given } as const) : await this.#options.readConfig?.();
    if (!loaded) return { ok: false, error: 'there is no config file to read' };
    const result = loaded.ok
      ? this.#apply(withTriggers(loaded.config, this.#options.triggers ?? []))
      : { ok: false as const, error: loaded.problems.map(formatProblem).join('\n') };
    if (result.ok) {
      this.#reloadState = { successful: true, lastSuccessAt: this.engine.now() };
      this.#log.info('config loaded', { file: this.#config.file });
    } else {
      this.#reloadState = { ...this.#reloadState, successful: false };
      for (const error of result.error.split('\n'))
        this.#log.error('config not loaded; the old one stays', { error });
    }
    return result;
  }

  #apply(config: Config): ReloadResult {
    const before = this.#config;
    try {
      const routes = this.#createRoutes(config);
      // Before the engine: what it asks at once carries the new labels.
      this.#config = config;
      this.engine.reconfigure(config.judge);
      this.#routes = routes;
    } catch (error) {
      this.#config = before;
      if (!(error instanceof StorageError)) throw error;
      return { ok: false, error: error.message };
    }
    for (const source of this.#sources) source.reconfigure(config);
    this.#dispatcher.wake();
    return { ok: true };
  }

  /** What the status page draws; nobody looks where nothing is served. */
  #followTime(): Disposable {
    const { engine } = this;
    return followTime(this.#recent, {
      clock: this.#clock,
      world: () => engine.world,
      now: () => engine.now(),
    });
  }

  #createRoutes({ triggers }: Config): ReadonlyMap<string, DeliveryRoute> {
    const custom = new Map(this.#options.triggers?.map((trigger) => [trigger.name, trigger]));
    return createRoutes({ triggers, custom, clock: this.#clock, log: this.#log, version: BUILD.version });
  }

  #openStore(): SqliteStore {
    const { storagePath, onFatal = (error) => this.#log.error('the disk failed', { error: error.message }) } =
      this.#options;
    const options = { now: this.#clock.wall(), onFatal };
    if (storagePath === undefined) return openMemoryStore(options);
    const { store, putAside } = openStore(storagePath, options);
    if (putAside) {
      this.#log.error(
        'the store could not be read and was put aside; retrains are held for initial_hold',
        putAside,
      );
    }
    return store;
  }

  #externalUrl(): string {
    const { externalUrl } = this.#options;
    if (externalUrl !== undefined) return externalUrl;
    const { scheme, port } = this.address ?? { scheme: 'http', port: this.#options.listen?.port ?? 0 };
    return `${scheme}://${hostname()}:${port}`;
  }

  #createHttp(listen: { readonly host: string; readonly port: number }): HttpServer {
    const { webConfigFile, externalUrl, enableLifecycle = false } = this.#options;
    const backend = this.#createBackend();
    return createHttpServer({
      backend,
      log: this.#log,
      listen,
      enableLifecycle,
      // A clock that was just set forward must not make an honest sender look ahead of us.
      parsePush: (body, now) => parsePush(body, Math.max(now, this.#clock.wall())),
      metricsPage: createMetricsPage(backend, createProcessMetrics()),
      clock: this.#clock,
      ...(webConfigFile !== undefined && { webConfigFile }),
      ...(externalUrl !== undefined && { externalUrl }),
    });
  }

  #createBackend(): Backend {
    const { engine } = this;
    const supervisor = this;
    return {
      get world() {
        return engine.world;
      },
      get config() {
        return supervisor.#config;
      },
      get ready() {
        return supervisor.#ready;
      },
      get reloadState() {
        return supervisor.#reloadState;
      },
      get storageUp() {
        return engine.storageUp;
      },
      get clockSteps() {
        return engine.clockSteps;
      },
      history: this.#store,
      recent: this.#recent,
      build: BUILD,
      now: () => engine.now(),
      push: (events) => engine.push(events),
      observe: (observer) => this.bus.observe(observer),
      report: (request, report) => engine.report(request, report),
      tokenFits: (request, token) => engine.tokenFits(request, token),
      explain: (version) => engine.explain(version),
      reload: () => this.reload(),
      targets: () => this.#scraper.statuses(),
      triggers: () => this.#dispatcher.statuses(),
    };
  }

  #prune(): void {
    try {
      this.engine.prune(this.#options.retentionMs ?? 90 * DAY_MS);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#log.warn('old history could not be forgotten', { error: error.message });
    }
  }
}

function repeat(clock: Clock, intervalMs: number, run: () => void): Disposable {
  let timer: Disposable;
  const plan = () => {
    timer = clock.after(intervalMs, () => {
      run();
      plan();
    });
  };
  plan();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
