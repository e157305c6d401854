/** A dispatcher over an outbox in memory, a clock that stands still and triggers whose answers a test decides. */
import { ManualClock } from '../clock.ts';
import type { RetrainRequest } from '../core/retrain.ts';
import type { LogFields, Logger } from '../log.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { TestOutbox } from './outbox.testing.ts';
import type { DeliveryRoute } from './route.ts';
import type { Delivery, FailedDelivery, OutgoingRequest, RetrainTrigger } from './trigger.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const retry = { initialMs: 5_000, maxMs: 15 * MINUTE, giveUpAfterMs: 7 * DAY };

export const down: FailedDelivery = {
  ok: false,
  reason: 'connect',
  message: 'connect ECONNREFUSED',
  next: 'retry',
  written: false,
};
export const refusal: FailedDelivery = {
  ok: false,
  reason: 'http_4xx',
  message: 'answered 400 Bad Request',
  next: 'retry_slowly',
  written: true,
};
export const quiet = (retryAfterMs: number): FailedDelivery => ({
  ok: false,
  reason: 'http_4xx',
  message: 'answered 429 Too Many Requests',
  next: 'retry',
  written: true,
  retryAfterMs,
  pause: true,
});

export interface Attempt {
  readonly id: string;
  readonly at: number;
  readonly request: OutgoingRequest;
}

/** A trigger whose answers a test decides, and which notices when two attempts overlap. */
export class TestTrigger implements RetrainTrigger {
  readonly name: string;
  readonly attempts: Attempt[] = [];
  inFlight = 0;
  mostInFlight = 0;
  answer: (attempt: Attempt, signal: AbortSignal) => Delivery | Promise<Delivery> = () => ({ ok: true });
  readonly #clock: ManualClock;

  constructor(name: string, clock: ManualClock) {
    this.name = name;
    this.#clock = clock;
  }

  async deliver(request: OutgoingRequest, signal: AbortSignal): Promise<Delivery> {
    const attempt = { id: request.id, at: this.#clock.wall(), request };
    this.attempts.push(attempt);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      return await this.answer(attempt, signal);
    } finally {
      this.inFlight--;
    }
  }
}

export interface World {
  readonly clock: ManualClock;
  readonly outbox: TestOutbox;
  readonly trigger: TestTrigger;
  readonly routes: Map<string, DeliveryRoute>;
  readonly dispatcher: Dispatcher;
  readonly logged: { level: string; message: string; fields: LogFields | undefined }[];
  route(name: string, trigger?: RetrainTrigger): TestTrigger;
  /** Adds a request and lets the dispatcher act on it. */
  ask(facts: Partial<RetrainRequest> & { id: string }): Promise<RetrainRequest>;
}

export function setUp(options: { random?: () => number; graceMs?: number } = {}): World {
  const clock = new ManualClock();
  const outbox = new TestOutbox(clock);
  const routes = new Map<string, DeliveryRoute>();
  const logged: World['logged'] = [];
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (message: string, fields?: LogFields) => logged.push({ level, message, fields }),
    ]),
  ) as unknown as Logger;
  const dispatcher = createDispatcher({
    outbox,
    triggers: () => routes,
    clock,
    random: () => 1,
    log,
    ...options,
  });
  const route = (name: string, trigger: RetrainTrigger = new TestTrigger(name, clock)) => {
    routes.set(name, { trigger, retry, limitMs: MINUTE });
    return trigger as TestTrigger;
  };
  return {
    clock,
    outbox,
    routes,
    dispatcher,
    logged,
    route,
    trigger: route('training'),
    async ask(facts) {
      const request = outbox.add(facts);
      dispatcher.wake();
      await clock.advance(0);
      return request;
    },
  };
}

export const kinds = (outbox: TestOutbox) => outbox.reports.map(({ report }) => report.kind);
