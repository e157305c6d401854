/**
 * Keeps a web config file and the files that it names in use without a restart: their contents are compared every few
 * seconds, however they were replaced. A change that can't be used is logged, and what was before stays.
 */
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { WebConfig } from './web-config.ts';
import { digestFiles, readWebConfig } from './web-config.ts';
import { WebConfigError } from './web-config-error.ts';

export interface WebConfigWatch extends Disposable {
  readonly current: WebConfig;
  /** Compares now, and settles when what has changed is in use or refused. */
  refresh(): Promise<void>;
}

const REFRESH_MS = 3000;

/** `apply` takes a new config into use, or throws a `WebConfigError` that says why it can't. Rejects with one, too. */
export async function watchWebConfig(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
  apply(config: WebConfig, before: WebConfig): void;
}): Promise<WebConfigWatch> {
  const { file, clock, log, apply } = options;
  const first = await readWebConfig(file);
  if (!first.ok) throw first.error;
  let current = first.config;
  let seen: { readonly files: readonly string[]; readonly digest: string } = first;
  let timer: Disposable | null = null;
  let disposed = false;

  const refresh = async (): Promise<void> => {
    if ((await digestFiles(seen.files)) === seen.digest) return;
    // Seen, whatever comes of it: one change is reported once.
    const reading = await readWebConfig(file);
    seen = reading;
    try {
      if (!reading.ok) throw reading.error;
      apply(reading.config, current);
      current = reading.config;
      log.info('web config reloaded', { file });
    } catch (error) {
      if (!(error instanceof WebConfigError)) throw error;
      log.error('web config not reloaded, the one before stays in use', { file, error: error.message });
    }
  };

  const schedule = (): void => {
    timer = clock.after(REFRESH_MS, () => {
      refresh()
        .catch((error: unknown) => log.error('web config not reloaded', { file, error: String(error) }))
        .finally(() => {
          if (!disposed) schedule();
        });
    });
  };
  schedule();

  return {
    get current() {
      return current;
    },
    refresh,
    [Symbol.dispose]() {
      disposed = true;
      timer?.[Symbol.dispose]();
    },
  };
}
