/**
 * The one dispatcher of the outbox: of each trigger's requests it attempts the one that is due first, one at a time,
 * and reports what came of it. Triggers classify a failure; only the dispatcher repeats.
 */
import type { Clock } from '../clock.ts';
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../outgoing/failure.ts';
import { deliverWithin } from './delivery-limit.ts';
import { type Candidate, createDueTimes, goesBefore } from './due-times.ts';
import { afterFailure } from './next-step.ts';
import type { Outbox } from './outbox.ts';
import type { DeliveryRoute } from './route.ts';
import type { Delivery, RetrainTrigger } from './trigger.ts';
import { createTriggerStats, type TriggerStats } from './trigger-stats.ts';
import type { TriggerStatus } from './trigger-status.ts';

export interface DispatcherOptions {
  readonly outbox: Outbox;
  /** The live routes by trigger name; asked anew for each attempt, so that a reload takes effect at once. */
  readonly triggers: () => ReadonlyMap<string, DeliveryRoute>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  /** How long `stop` lets a running attempt go on before it aborts it. Default 5 s. */
  readonly graceMs?: number;
}

export interface Dispatcher {
  /** Looks at the outbox soon. Call it once to begin, and whenever requests, routes or time have changed. */
  wake(): void;
  /** Begins nothing new, ends what runs and reports it. What could not be reported is attempted again after the next start. */
  stop(): Promise<void>;
  /** One per live trigger, in the config's order. */
  statuses(): TriggerStatus[];
}

/** One trigger's queue: at most one attempt at a time. Instants are monotonic milliseconds. */
interface Lane {
  readonly name: string;
  readonly stats: TriggerStats;
  /** The request that is being attempted or reported. */
  busyWith: string | null;
  /** The receiver asked for quiet until then; it holds for this trigger object, a reloaded one begins anew. */
  pause: { readonly trigger: RetrainTrigger; readonly until: number } | null;
  /** The store refused a report: nothing is tried before then. */
  blockedUntil: number;
  storageFailures: number;
}

const DEFAULT_GRACE_MS = 5_000;
const STORAGE_DELAY_MS = { first: 1_000, max: 30_000 };

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new OutboxDispatcher(options);
}

class OutboxDispatcher implements Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #dueTimes = createDueTimes();
  readonly #running = new Set<Promise<void>>();
  /** Aborts when the grace of `stop` is over. */
  readonly #shutdown = new AbortController();
  #timer: Disposable | null = null;
  #planned = false;
  #stopped: Promise<void> | null = null;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  wake(): void {
    if (this.#planned || this.#stopped) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (!this.#stopped) this.#plan();
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  statuses(): TriggerStatus[] {
    return [...this.#options.triggers().keys()].map((name) => this.#lane(name).stats.status());
  }

  async #end(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    const settled = Promise.all(this.#running);
    const grace = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(this.#options.graceMs ?? DEFAULT_GRACE_MS, grace.resolve);
    await Promise.race([settled, grace.promise]);
    timer[Symbol.dispose]();
    this.#shutdown.abort();
    await settled;
  }

  /** Starts what is due in each idle lane, and sleeps until the next thing is. */
  #plan(): void {
    const { clock, triggers } = this.#options;
    this.#timer?.[Symbol.dispose]();
    const monotonic = clock.monotonic();
    let sleepMs = Number.POSITIVE_INFINITY;
    for (const [name, candidate] of this.#candidates(monotonic)) {
      const lane = this.#lane(name);
      const route = triggers().get(name);
      const pausedMs = route && lane.pause?.trigger === route.trigger ? lane.pause.until - monotonic : 0;
      const waitMs = Math.max(candidate.untilDueMs, lane.blockedUntil - monotonic, pausedMs);
      if (waitMs > 0) sleepMs = Math.min(sleepMs, waitMs);
      else this.#run(lane, candidate.request, route ? this.#attempt : this.#parkOrphan);
    }
    this.#timer = Number.isFinite(sleepMs) ? clock.after(sleepMs, () => this.wake()) : null;
  }

  /** The first request of each idle lane. Those of a trigger that is gone are due at once: they are parked. */
  #candidates(monotonic: number): Map<string, Candidate> {
    const { outbox, triggers } = this.#options;
    const at = { now: outbox.now(), monotonic };
    const routes = triggers();
    const pending = outbox.pending();
    this.#dueTimes.keepOnly(pending);
    const first = new Map<string, Candidate>();
    const busy = new Set([...this.#lanes.values()].map(({ busyWith }) => busyWith));
    for (const request of pending) {
      if (this.#lanes.get(request.trigger)?.busyWith || busy.has(request.id)) continue;
      const route = routes.get(request.trigger);
      const untilDueMs = route ? this.#dueTimes.untilDueMs(request, route.retry, at) : 0;
      const candidate = { request, untilDueMs };
      const rival = first.get(request.trigger);
      if (!rival || goesBefore(candidate, rival)) first.set(request.trigger, candidate);
    }
    return first;
  }

  #run(
    lane: Lane,
    request: RetrainRequest,
    work: (lane: Lane, request: RetrainRequest) => Promise<void>,
  ): void {
    lane.busyWith = request.id;
    const run = work
      .call(this, lane, request)
      .catch((error: unknown) => {
        this.#options.log.error('delivery of a retrain request broke off', {
          trigger: lane.name,
          error: messageOf(error),
        });
        this.#block(lane);
      })
      .finally(() => {
        lane.busyWith = null;
        this.#running.delete(run);
        this.wake();
      });
    this.#running.add(run);
  }

  async #attempt(lane: Lane, { id, attempting: interrupted }: RetrainRequest): Promise<void> {
    const { outbox, triggers, clock, log } = this.#options;
    let body: Uint8Array;
    try {
      body = outbox.body(id);
      // Durable before the first byte leaves: after a crash it is known that the pipeline may have heard of it.
      await outbox.report(id, { kind: 'attempt' });
    } catch (error) {
      this.#block(lane);
      log.warn('attempt not stored, nothing was sent', {
        request: id,
        trigger: lane.name,
        error: messageOf(error),
      });
      return;
    }
    lane.storageFailures = 0;
    // While the report was stored the request may have ended or moved, or the config may have changed.
    const request = outbox
      .pending()
      .find((candidate) => candidate.id === id && candidate.trigger === lane.name);
    const route = triggers().get(lane.name);
    if (!request || !route) return;

    const outgoing = { id, model: request.model, reason: request.reason, body, attempt: request.attempts };
    const startedAt = clock.monotonic();
    lane.stats.countAttempt();
    const delivery = await deliverWithin({
      ...route,
      request: outgoing,
      clock,
      signal: this.#shutdown.signal,
    });
    lane.stats.countEnd(delivery, { at: outbox.now(), durationMs: clock.monotonic() - startedAt });

    if (!delivery.ok && delivery.pause && delivery.retryAfterMs !== undefined) {
      lane.pause = { trigger: route.trigger, until: clock.monotonic() + delivery.retryAfterMs };
    }
    // An attempt that a crash cut off may have written bytes, whatever this one did.
    const report = withWritten(this.#reportOf(delivery, request, route), interrupted);
    if (await this.#store(lane, id, report)) this.#tell(lane, request, report, delivery);
  }

  #reportOf(delivery: Delivery, request: RetrainRequest, route: DeliveryRoute): Report {
    if (delivery.ok) return { kind: 'delivered' };
    const now = this.#options.outbox.now();
    // We broke it off ourselves: the receiver is not at fault, and the next start tries again at once.
    if (this.#shutdown.signal.aborted && delivery.reason === 'timeout') {
      return {
        kind: 'attempt_failed',
        reason: delivery.reason,
        message: delivery.message,
        written: delivery.written,
        retryAt: now,
        refused: false,
      };
    }
    return afterFailure({ request, delivery, retry: route.retry, now, random: this.#options.random });
  }

  async #parkOrphan(lane: Lane, { id, attempting }: RetrainRequest): Promise<void> {
    const stored = await this.#store(lane, id, {
      kind: 'parked',
      reason: 'trigger_gone',
      message: `the config has no trigger ${lane.name}`,
      written: attempting,
    });
    if (stored) {
      this.#options.log.error('retrain request parked', {
        request: id,
        trigger: lane.name,
        reason: 'trigger_gone',
      });
    }
  }

  /** Reports until it is stored: what a receiver has answered must not be lost, and must not be asked again. */
  async #store(lane: Lane, id: string, report: Report): Promise<boolean> {
    const { outbox, log } = this.#options;
    for (let failures = 0; ; failures++) {
      try {
        await outbox.report(id, report);
        return true;
      } catch (error) {
        const fields = { request: id, trigger: lane.name, report: report.kind, error: messageOf(error) };
        log.warn('result of an attempt not stored, kept in memory', fields);
        if (this.#shutdown.signal.aborted) return false;
        await this.#sleep(storageDelayMs(failures));
      }
    }
  }

  #tell(lane: Lane, request: RetrainRequest, report: Report, delivery: Delivery): void {
    const { log } = this.#options;
    const { name: model, version } = request.model;
    const fields = { request: request.id, trigger: lane.name, model, version, attempts: request.attempts };
    if (delivery.ok) {
      log.info('retrain request delivered', fields);
    } else if (report.kind === 'parked') {
      log.error('retrain request parked', { ...fields, reason: report.reason, message: delivery.message });
    } else if (report.kind === 'attempt_failed') {
      const { reason, message } = delivery;
      const nextAt = new Date(report.retryAt).toISOString();
      log.warn('delivery attempt failed', { ...fields, reason, message, next_attempt_at: nextAt });
    }
  }

  #block(lane: Lane): void {
    lane.blockedUntil = this.#options.clock.monotonic() + storageDelayMs(lane.storageFailures++);
  }

  /** Ends early when the shutdown aborts. */
  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(ms, resolve);
    this.#shutdown.signal.addEventListener('abort', () => resolve(), { once: true });
    return promise.finally(() => timer[Symbol.dispose]());
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) {
      lane = {
        name,
        stats: createTriggerStats(name),
        busyWith: null,
        pause: null,
        blockedUntil: 0,
        storageFailures: 0,
      };
      this.#lanes.set(name, lane);
    }
    return lane;
  }
}

function withWritten(report: Report, written: boolean): Report {
  return written && 'written' in report ? { ...report, written } : report;
}

function storageDelayMs(failures: number): number {
  return Math.min(STORAGE_DELAY_MS.max, STORAGE_DELAY_MS.first * 2 ** Math.min(failures, 10));
}
