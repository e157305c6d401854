/** What a source needs of the engine: names become signals once, events go in as batches, and what is dropped is counted. */
import type { ModelVersion, Time } from '../core/signal.ts';
import type { Batch, DropReason, Signal, Source, World } from '../core/world.ts';

export interface Intake {
  /** Our time of now: follows the monotonic clock. */
  now(): Time;
  /** Another one after a failed commit; its signals are then others too. */
  readonly world: World;
  /** Changes when signals that were handed out are no longer valid (a reload, a failed commit): resolve again. */
  readonly epoch: number;
  /** The signal that an entry of `metrics` has for a model version; undefined where `max_signals` refuses a new one. */
  resolve(entry: number, model: ModelVersion): Signal | undefined;
  /**
   * Settles what was due up to `at`, lets `fill` put events into the batch, and commits them with what was remembered on
   * the way. Throws `StorageError`: then nothing was taken.
   */
  take(source: Source, fill: (into: Batch, at: Time) => void): void;
  /** Settles when all that was taken before is durable. Rejects with `StorageError`. */
  synced(): Promise<void>;
  countDropped(source: Source, reason: DropReason, count: number): void;
}

export { StorageError } from '../storage-error.ts';
