/** What a source needs of the engine: names become refs once, samples go in as batches, and what is dropped is counted. */

import type { ModelVersion, Ref, Time } from '../core/signal.ts';
import type { Batch, DropReason, Source } from '../core/world.ts';

export interface Intake {
  /** Our time of now: follows the monotonic clock. */
  now(): Time;
  /** Changes when refs that were handed out are no longer valid (a reload, a failed commit): resolve again. */
  readonly epoch: number;
  /** The ref of the signal that an entry of `metrics` has for a model version; -1 where `max_signals` refuses a new one. */
  resolve(entry: number, model: ModelVersion): Ref;
  /**
   * Settles what was due, and with it what expires. Refs that are resolved, or found still valid, after it can be
   * submitted with the time that it returns, in the same turn of the event loop. Throws `StorageError`.
   */
  settle(): Time;
  /** Takes a batch whole, at a time that `settle` gave, and commits it. Throws `StorageError`: then nothing was taken. */
  submit(source: Source, batch: Batch, at: Time): void;
  /** Settles when all that was submitted before is durable. Rejects with `StorageError`. */
  synced(): Promise<void>;
  countDropped(source: Source, reason: DropReason, count: number): void;
}

export { StorageError } from '../storage-error.ts';
