/**
 * The engine: every input goes through here, one at a time — step, commit, then tell. Nothing leaves the process
 * before it is stored; where storing fails, memory is dropped and loaded again, as a restart would do.
 */
import { timingSafeEqual } from 'node:crypto';
import type { BusMessage, MetricBus, MetricEvent } from './bus.ts';
import type { Clock } from './clock.ts';
import { createBatch } from './core/batch.ts';
import { shiftRequest } from './core/clock-step.ts';
import { interruptAttempts } from './core/requests.ts';
import type { Report, RequestFacts, RetrainRequest } from './core/retrain.ts';
import type { JudgeConfig } from './core/rule.ts';
import type { ModelVersion, Time } from './core/signal.ts';
import { DAY_MS } from './core/signal.ts';
import type { Batch, Change, DropReason, Signal, Source, Version, World } from './core/world.ts';
import { countDrop } from './core/world.ts';
import { DriftDetector } from './detector.ts';
import type { Logger } from './log.ts';
import { StorageError } from './storage-error.ts';
import type { SqliteStore } from './store/sqlite.ts';
import { STEP_LIMIT_MS, Timeline } from './timeline.ts';

/** Time is looked at this often even when nothing happens: that is how soon a clock step is seen. */
const TICK_MS = 5000;

export type ReportResult =
  /** `changed` is false where the same was reported before. */
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly error: 'not_found' | 'conflict'; readonly message: string };

export interface EngineOptions {
  readonly store: SqliteStore;
  readonly config: JudgeConfig;
  readonly clock: Clock;
  readonly bus: MetricBus;
  readonly log: Logger;
  /** Makes the bytes that are delivered; they are frozen in the transaction that stores the request. */
  readonly composeBody: (request: RetrainRequest, facts: RequestFacts) => Uint8Array;
}

export class Engine implements AsyncDisposable {
  /** False from a failed commit until one succeeds again. */
  storageUp = true;
  clockSteps = 0;
  readonly #store: SqliteStore;
  readonly #clock: Clock;
  readonly #timeline: Timeline;
  readonly #bus: MetricBus;
  readonly #log: Logger;
  readonly #composeBody: EngineOptions['composeBody'];
  /** Events of pulled sources; used again. */
  readonly #batch: Batch = createBatch();
  #config: JudgeConfig;
  #detector: DriftDetector;
  /** What was decided while loading again: stored and told before anything else. */
  #carried: Change[] = [];
  /** Memory was loaded again, and nothing was stored since. */
  #reloaded = false;
  #generation = 0;
  /** Milliseconds by which the clock was set since the last commit: a reload must apply them again. */
  #unstoredSteps = 0;
  /** When the clock was last set, by the monotonic clock. */
  #steppedAt = -Infinity;
  #lifecycle: 'new' | 'running' | 'stopped' = 'new';
  #timer: Disposable | undefined;

  constructor({ store, config, clock, bus, log, composeBody }: EngineOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#timeline = new Timeline(clock);
    this.#bus = bus;
    this.#log = log;
    this.#composeBody = composeBody;
    this.#config = config;
    const world = store.load(config);
    interruptAttempts(world);
    this.#detector = new DriftDetector(world);
    bus.attach((events) => this.push(events));
  }

  /** Adopts the config at the stored time, as if no time had passed, and then lets the time pass. Throws `StorageError`. */
  start(): void {
    const { world } = this.#detector;
    const behind = this.#clock.wall() - world.at;
    this.#commit(this.#decide(() => this.#detector.reconfigure(this.#config, world.at)));
    this.#lifecycle = 'running';
    if (behind < -STEP_LIMIT_MS) this.#stepClock(behind);
    this.#timeline.notBefore(this.world.at);
    this.#tick();
  }

  get world(): World {
    return this.#detector.world;
  }

  /** Changes when signals that were handed out are no longer of this world. */
  get epoch(): number {
    return this.#generation;
  }

  now(): Time {
    return this.#timeline.now();
  }

  /** The signal that an entry of `metrics` has for a model version; undefined where `max_signals` refuses a new one. */
  resolve(entry: number, model: ModelVersion): Signal | undefined {
    return this.#detector.resolve(this.#config.rules[entry]!, model);
  }

  /** Settles what was due, so that nothing of what is resolved at the time that this returns is about to expire. */
  #settle(): Time {
    if (this.#lifecycle !== 'running')
      throw new StorageError(`the engine is ${this.#lifecycle === 'new' ? 'not started' : 'stopped'}`);
    if (this.#reloaded) this.#resume();
    const by = this.#timeline.takeStep();
    if (by !== 0) this.#stepClock(by);
    const at = this.now();
    const due = this.#decide(() => this.#detector.advance(at));
    if (due.length > 0) this.#commit(due);
    return at;
  }

  /**
   * Lets `fill` put events into the batch, at a time up to which all that was due is settled, and takes them, with what
   * was remembered on the way, in one transaction. Throws `StorageError`; then nothing was taken.
   */
  take(source: Source, fill: (into: Batch, at: Time) => void): void {
    const at = this.#settle();
    const batch = this.#batch;
    batch.length = 0;
    this.#take(at, () => {
      fill(batch, at);
      return this.#detector.take(source, batch, at);
    });
    if (this.#bus.wantsEvents)
      for (const event of this.#eventsOf(batch)) this.#bus.announce({ type: 'event', event });
  }

  /**
   * Settles when the events are durable. Rejects with `StorageError`: then they are not, and must be published again;
   * where only the sync failed they may count already, and those with a time are then dropped as duplicates.
   */
  async push(events: readonly MetricEvent[]): Promise<void> {
    this.#run((at) => this.#detector.observe(events, at));
    await this.synced();
    if (this.#bus.wantsEvents) for (const event of events) this.#bus.announce({ type: 'event', event });
  }

  /** Settles when everything that was taken before is durable. Rejects with `StorageError`. */
  async synced(): Promise<void> {
    try {
      await this.#store.synced();
    } catch (error) {
      if (error instanceof StorageError) this.#loseStorage(error);
      throw error;
    }
  }

  countDropped(source: Source, reason: DropReason, count: number): void {
    countDrop(this.world, source, reason, count);
  }

  /** Settles when durable. Rejects with `StorageError`; then nothing has changed. */
  async report(id: string, report: Report): Promise<ReportResult> {
    // First what was due: it may be what ends the request.
    const at = this.#settle();
    const request = this.#request(id);
    if (!request) return { ok: false, error: 'not_found', message: `there is no request ${id}` };
    const fit = this.#detector.reportFits(request, report);
    if (fit === 'conflict') {
      return { ok: false, error: 'conflict', message: `request ${id} is ${request.status}` };
    }
    if (fit === 'new') this.#take(at, () => this.#detector.report(request, report, at));
    await this.synced();
    return { ok: true, changed: fit === 'new' };
  }

  /** Requests that wait for delivery. */
  pending(): RetrainRequest[] {
    return [...this.world.requests.values()].filter(({ status }) => status === 'requested');
  }

  body(request: string): Uint8Array {
    return this.#store.body(request);
  }

  tokenFits(request: string, token: string): boolean {
    const expected = Buffer.from(this.#store.outcomeToken(request));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  explain(version: Version): ReturnType<DriftDetector['explain']> {
    return this.#detector.explain(version, this.now());
  }

  /** Whole or not at all. Throws `StorageError`: then the old config stays. */
  reconfigure(config: JudgeConfig): void {
    this.#run((at) => this.#detector.reconfigure(config, at));
    this.#config = config;
    this.#generation++;
  }

  /** Forgets what ended before `retentionMs` ago; not on a day on which the clock was set, because it may be wrong. */
  prune(retentionMs: number): void {
    if (this.#clock.monotonic() - this.#steppedAt < DAY_MS) return;
    this.#store.prune(this.now() - retentionMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lifecycle = 'stopped';
    this.#timer?.[Symbol.dispose]();
    await this.#store.idle();
    this.#store.close();
  }

  // The order of every input: settle (what was due), take (decide, then commit: write and tell), plan the next look.
  #run(decide: (at: Time) => Change[]): void {
    const at = this.#settle();
    this.#take(at, () => decide(at));
  }

  #take(at: Time, decide: () => Change[]): void {
    this.#commit(this.#decide(decide));
    this.#plan(at);
  }

  #decide(decide: () => Change[]): Change[] {
    try {
      return decide();
    } catch (error) {
      // A bug in the middle of a step: half a decision must not be stored with the next one.
      this.#reload();
      throw error;
    }
  }

  /** Stores what was decided, then tells. A failure drops memory, which is ahead of the store. */
  #commit(changes: Change[]): void {
    try {
      this.#write(changes);
    } catch (error) {
      if (error instanceof StorageError) this.#loseStorage(error);
      else this.#reload();
      throw error;
    }
  }

  #write(changes: Change[]): void {
    const bodies = new Map<string, Uint8Array>();
    for (const change of changes) {
      if (change.type === 'requested' && change.request.endedAt === null) {
        bodies.set(change.request.id, this.#composeBody(change.request, change.facts));
      }
    }
    this.#store.commit(this.world, bodies);
    this.#unstoredSteps = 0;
    for (const change of changes) this.#bus.announce({ type: 'change', change } satisfies BusMessage);
  }

  #stepClock(by: number): void {
    this.clockSteps++;
    this.#steppedAt = this.#clock.monotonic();
    this.#unstoredSteps += by;
    this.#log.warn('the wall clock was set; times move with it', { by_seconds: Math.round(by / 1000) });
    this.#shiftTimes(by);
  }

  /** Ended requests are in the store only; those of open episodes are told beside times that move. */
  #shiftTimes(by: number): void {
    this.#detector.stepClock(by);
    const { models, requests, dirty } = this.world;
    const unstored = new Map(dirty.requests.values().map((request) => [request.id, request]));
    for (const { versions } of models.values()) {
      for (const { episode } of versions.values()) {
        const id = episode?.request ?? null;
        if (id === null || requests.has(id)) continue;
        const ended = unstored.get(id) ?? this.#store.request(id);
        if (ended) shiftRequest(this.world, ended, by);
      }
    }
  }

  /** As it is now: one that has ended may have changed since it was stored. */
  #request(id: string): RetrainRequest | undefined {
    const { requests, dirty } = this.world;
    return (
      requests.get(id) ?? dirty.requests.values().find((one) => one.id === id) ?? this.#store.request(id)
    );
  }

  /** Memory may be ahead of the store: drop it and load again, as a restart would. */
  #loseStorage(error: StorageError): void {
    if (this.storageUp)
      this.#log.error('storage failed; pushes are refused until it works again', { error: error.message });
    this.storageUp = false;
    this.#reload();
  }

  #reload(): void {
    const { drops } = this.world;
    this.#generation++;
    this.#detector = new DriftDetector(this.#store.load(this.#config));
    for (const [key, count] of drops) this.world.drops.set(key, count);
    if (this.#unstoredSteps !== 0) this.#shiftTimes(this.#unstoredSteps);
    this.#carried = this.#detector.reconfigure(this.#config, this.world.at);
    this.#reloaded = true;
  }

  /** Stores what was decided while loading again. Throws `StorageError` while the store still cannot be written. */
  #resume(): void {
    this.#write(this.#carried);
    this.#carried = [];
    this.#reloaded = false;
    if (!this.storageUp) this.#log.info('storage works again');
    this.storageUp = true;
  }

  #tick(): void {
    try {
      this.#run((at) => this.#detector.advance(at));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#plan(this.now());
    }
  }

  /** Plans the next look at the time: the next deadline, or a tick. */
  #plan(at: Time): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#lifecycle !== 'running') return;
    // While nothing can be stored, what is due stays due: then a tick is soon enough.
    const dueMs = this.storageUp ? Math.max(this.#detector.nextDeadline - at, 0) : TICK_MS;
    this.#timer = this.#clock.after(Math.ceil(Math.min(dueMs, TICK_MS)), () => this.#tick());
  }

  *#eventsOf(batch: Batch): Iterable<MetricEvent> {
    for (let row = 0; row < batch.length; row++) {
      const signal = batch.accepted[row] === 1 ? this.world.signals[batch.ref[row]!] : undefined;
      if (!signal) continue;
      const timestamp = batch.time[row]!;
      yield { model: signal.model, metric: signal.metric, value: batch.value[row]!, timestamp };
    }
  }
}
