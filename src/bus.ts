/**
 * The metric bus. Sources publish metric events; the drift detector takes each batch first, so that what it decides
 * is committed with it; observers and subscribers are told after the commit. Publishing never fails because nobody
 * listens, and a listener that throws or is slow harms nobody but itself.
 */
import type { ModelVersion, Time } from './core/signal.ts';
import type { Change } from './core/world.ts';

/** One value of one metric of one model version at one time. */
export interface MetricEvent {
  readonly model: ModelVersion;
  readonly metric: string;
  readonly value: number;
  /** Milliseconds since 1970; left out: the time of receipt. */
  readonly timestamp?: Time;
}

export type BusMessage =
  | { readonly type: 'event'; readonly event: MetricEvent }
  /** What the detector decided: a new phase, an episode, a request. It holds live objects: a slow reader sees them as they are by then. */
  | { readonly type: 'change'; readonly change: Change };

/** Called after the commit, in order, on the caller's turn of the event loop: be quick. */
export interface Observer {
  onEvent?(event: MetricEvent): void;
  onChange?(change: Change): void;
}

export interface Subscription
  extends AsyncIterable<{ readonly message: BusMessage; readonly missed: number }>,
    Disposable {}

/** Takes published events durably; the engine is one. */
export type Publisher = (events: readonly MetricEvent[]) => Promise<void>;

export class MetricBus {
  #publisher: Publisher | undefined;
  readonly #observers = new Set<{ readonly observer: Observer }>();
  readonly #onObserverError: (error: unknown) => void;
  #eventListeners = 0;

  constructor(onObserverError: (error: unknown) => void = () => undefined) {
    this.#onObserverError = onObserverError;
  }

  /** Puts the drift detector in front: it takes events first, and announces them once they are stored. */
  attach(publisher: Publisher): void {
    this.#publisher = publisher;
  }

  /** Settles when the events are durable. Rejects with `StorageError` where they could not be stored: then nobody is told. */
  async publish(events: MetricEvent | readonly MetricEvent[]): Promise<void> {
    const list = Array.isArray(events) ? (events as readonly MetricEvent[]) : [events as MetricEvent];
    if (this.#publisher) await this.#publisher(list);
    else for (const event of list) this.announce({ type: 'event', event });
  }

  /** Whether anybody wants events as objects; where nobody does, none are made. */
  get wantsEvents(): boolean {
    return this.#eventListeners > 0;
  }

  observe(observer: Observer): Disposable {
    // The same observer may look twice: each time is its own.
    const entry = { observer };
    this.#observers.add(entry);
    if (observer.onEvent) this.#eventListeners++;
    return {
      [Symbol.dispose]: () => {
        if (this.#observers.delete(entry) && observer.onEvent) this.#eventListeners--;
      },
    };
  }

  /** A buffered view for readers that may be slow: the oldest messages give way, and each message says how many were lost before it. */
  subscribe({ capacity = 1024 }: { readonly capacity?: number } = {}): Subscription {
    const queue = new DroppingQueue<BusMessage>(capacity);
    const observing = this.observe({
      onEvent: (event) => queue.push({ type: 'event', event }),
      onChange: (change) => queue.push({ type: 'change', change }),
    });
    const dispose = () => {
      observing[Symbol.dispose]();
      queue.close();
    };
    return {
      [Symbol.dispose]: dispose,
      async *[Symbol.asyncIterator]() {
        try {
          for (let next = await queue.take(); next; next = await queue.take()) yield next;
        } finally {
          dispose();
        }
      },
    };
  }

  /** Tells everybody of something that is already stored. */
  announce(message: BusMessage): void {
    for (const { observer } of this.#observers) {
      try {
        if (message.type === 'event') observer.onEvent?.(message.event);
        else observer.onChange?.(message.change);
      } catch (error) {
        this.#onObserverError(error);
      }
    }
  }
}

class DroppingQueue<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #missed = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    if (this.#items.length >= this.#capacity) {
      this.#items.shift();
      this.#missed++;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** The oldest item left; undefined once closed. */
  async take(): Promise<{ message: T; missed: number } | undefined> {
    while (this.#items.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#closed) return undefined;
    const missed = this.#missed;
    this.#missed = 0;
    return { message: this.#items.shift()!, missed };
  }
}
