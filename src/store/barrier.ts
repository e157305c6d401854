/**
 * Makes commits durable without blocking the event loop: an asynchronous fdatasync of the write-ahead log, one at
 * a time, shared by everything that was committed before it starts.
 */
import { fdatasync } from 'node:fs';
import { StorageError } from '../storage-error.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

export class Barrier {
  readonly #descriptor: () => number;
  readonly #onFatal: (error: Error) => void;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failed: Error | undefined;

  /** `onFatal`: the kernel could not write and may have dropped the pages; only a new process can be sure again. */
  constructor(descriptor: () => number, onFatal: (error: Error) => void) {
    this.#descriptor = descriptor;
    this.#onFatal = onFatal;
  }

  /** Settles when an fdatasync that began after this call has ended. Rejects with `StorageError`. */
  passed(): Promise<void> {
    // Pages that the kernel has dropped do not come back: nothing is durable any more.
    if (this.#failed) return Promise.reject(this.#failed);
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  /** Settles when no sync is running or waiting. */
  async idle(): Promise<void> {
    for (let last = this.#next ?? this.#running; last; last = this.#next ?? this.#running) {
      await last.catch(() => undefined);
    }
  }

  async #after(running: Promise<void> | undefined): Promise<void> {
    await running?.catch(() => undefined);
    // Lets everything of this turn of the event loop join before the sync begins.
    const started = this.#next;
    this.#running = started;
    this.#next = undefined;
    try {
      await this.#sync();
    } finally {
      if (this.#running === started) this.#running = undefined;
    }
  }

  #sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#descriptor(), (error) => {
        if (!error) return resolve();
        const failure = new StorageError(`the write-ahead log could not be synced: ${error.code}`, {
          cause: error,
        });
        if (!FULL.has(error.code ?? '')) {
          this.#failed = failure;
          this.#onFatal(error);
        }
        reject(failure);
      });
    });
  }
}
