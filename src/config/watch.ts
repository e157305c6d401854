/**
 * Tells when the config file's content has changed, however it was changed: written in place, renamed into place by an
 * editor, or swapped below it, as kubelet does with the `..data` link of a ConfigMap. A watch on the file itself dies
 * with the first swap, so the folder is watched; and as watches get lost (network file systems, a folder that is made
 * anew), the content is compared every ten seconds as well.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { MAX_CONFIG_BYTES } from './load.ts';
import { readStart } from './read-start.ts';

/** A writer that empties a file and then fills it should be done before we look. */
const QUIET_MS = 50;
/** In a folder that is never quiet, we look all the same. */
const MAX_WAIT_MS = 500;
const POLL_MS = 10_000;

export interface WatchOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Called one at a time, each time the content differs from the last that was seen. What it throws is logged. */
  readonly onChange: () => void | Promise<void>;
  readonly log: Logger;
}

/**
 * Watches from the moment it resolves; begin before the config is read first, and no change falls in between.
 * Disposing waits for an `onChange` that runs.
 */
export async function watchConfig(options: WatchOptions): Promise<AsyncDisposable> {
  const watcher = new ConfigWatcher(options);
  await watcher.start();
  return watcher;
}

class ConfigWatcher implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #folder: string;
  #watcher: FSWatcher | null = null;
  /** Device and inode of the watched folder: a folder made anew has another, and the watch sees nothing of it. */
  #folderId: string | null = null;
  #seen: string | null = null;
  #readable = true;
  #warned = false;
  #look: { readonly timer: Disposable; readonly since: number } | null = null;
  #poll: Disposable | null = null;
  #checking: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#folder = dirname(options.file);
  }

  async start(): Promise<void> {
    await this.#watchFolder();
    this.#seen = await this.#fingerprint();
    this.#schedulePoll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#poll?.[Symbol.dispose]();
    this.#look?.timer[Symbol.dispose]();
    this.#unwatch();
    await this.#checking;
  }

  #schedulePoll(): void {
    this.#poll = this.#options.clock.after(POLL_MS, () => {
      this.#check();
      this.#schedulePoll();
    });
  }

  /** Looks once it has been quiet for a while. */
  #lookSoon(): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const now = clock.monotonic();
    const since = this.#look?.since ?? now;
    this.#look?.timer[Symbol.dispose]();
    const delayMs = Math.min(QUIET_MS, Math.max(since + MAX_WAIT_MS - now, 0));
    const timer = clock.after(delayMs, () => {
      this.#look = null;
      this.#check();
    });
    this.#look = { timer, since };
  }

  #check(): void {
    if (this.#closed) return;
    if (this.#checking) {
      this.#again = true;
      return;
    }
    this.#checking = this.#compare().finally(() => {
      this.#checking = null;
      if (!this.#again) return;
      this.#again = false;
      this.#check();
    });
  }

  async #compare(): Promise<void> {
    await this.#watchFolder();
    const found = await this.#fingerprint();
    if (found === null || found === this.#seen || this.#closed) return;
    this.#seen = found;
    try {
      await this.#options.onChange();
    } catch (error) {
      this.#options.log.error('the config file has changed, and telling so failed', { error: String(error) });
    }
  }

  /** Of the content; null while it cannot be read, which is said once. */
  async #fingerprint(): Promise<string | null> {
    const { file, log } = this.#options;
    try {
      // As much as the loader reads: of a file that is too large, any change is one to a file that is too large.
      const bytes = await readStart(file, MAX_CONFIG_BYTES + 1);
      if (!this.#readable) log.info('the config file can be read again', { file });
      this.#readable = true;
      return createHash('sha256').update(bytes).digest('hex');
    } catch (error) {
      // One that was never read is the loader's to tell.
      if (this.#readable && this.#seen !== null)
        log.warn('the config file cannot be read, the last config stays', { file, error: String(error) });
      this.#readable = false;
      return null;
    }
  }

  /** Watches the folder that is there now. */
  async #watchFolder(): Promise<void> {
    const id = await folderId(this.#folder);
    if (this.#closed || (id === this.#folderId && this.#watcher)) return;
    this.#unwatch();
    if (id === null) return;
    try {
      this.#watcher = watch(this.#folder, () => this.#lookSoon());
      this.#watcher.on('error', (error) => this.#lost(error));
      this.#folderId = id;
      this.#warned = false;
    } catch (error) {
      this.#lost(error);
    }
  }

  #lost(error: unknown): void {
    this.#unwatch();
    if (this.#warned) return;
    this.#warned = true;
    const fields = { folder: this.#folder, error: String(error) };
    this.#options.log.warn(
      'the config folder cannot be watched, its file is compared every ten seconds',
      fields,
    );
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#folderId = null;
  }
}

async function folderId(folder: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
