/** `driftgauge run`: loads the config, runs a supervisor, and ends in order when told to. */
import { systemClock } from '../clock.ts';
import { builtinConfig } from '../config/builtin.ts';
import { readConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { watchConfig } from '../config/watch.ts';
import { WebConfigError } from '../http/web-config-error.ts';
import type { LogFormat, Logger, LogLevel } from '../log.ts';
import { createLogger } from '../log.ts';
import { OpenStoreError } from '../store/open.ts';
import type { Supervisor } from '../supervisor.ts';
import { createSupervisor } from '../supervisor.ts';
import { BUILD } from '../version.ts';
import { configFile } from './config-file.ts';

/** As commander names them: camel case after a dash, dots stay. */
export interface RunFlags {
  readonly 'config.file'?: string;
  readonly 'storage.path': string;
  readonly 'storage.retention': number;
  readonly 'web.listenAddress': { readonly host: string; readonly port: number };
  readonly 'web.externalUrl'?: string;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle': boolean;
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

/** Settles with the exit code when the program has ended. */
export async function run(flags: RunFlags): Promise<number> {
  const log = createLogger({
    level: flags['log.level'],
    format: flags['log.format'],
    write: (line) => process.stderr.write(line),
  });
  // The store holds the secret of the outcome tokens: it is nobody else's to read.
  process.umask(0o077);
  const file = configFile(flags['config.file']);
  let changedMeanwhile = false;
  let reload = async (): Promise<unknown> => {
    changedMeanwhile = true;
    return undefined;
  };
  // Watched before it is read, so that no change falls in between.
  await using _watch =
    file === undefined
      ? null
      : await watchConfig({ file, clock: systemClock, log, onChange: () => void reload() });
  const read = file === undefined ? undefined : () => readConfig(file, process.env);
  const loaded = read ? await read() : { ok: true as const, config: builtinConfig() };
  if (!loaded.ok) {
    for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return 1;
  }

  const ended = Promise.withResolvers<number>();
  const fail = (what: string) => (error: unknown) => {
    // What is stored is safe; a new process is surer than this one.
    log.error(what, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  };
  process.on('uncaughtException', fail('uncaught exception'));
  process.on('unhandledRejection', fail('unhandled rejection'));

  log.info('starting driftgauge', {
    version: BUILD.version,
    revision: BUILD.revision,
    config: file ?? 'built-in',
  });
  const externalUrl = flags['web.externalUrl'];
  const webConfigFile = flags['web.config.file'];
  let supervisor: Supervisor;
  try {
    supervisor = createSupervisor(loaded.config, {
      storagePath: flags['storage.path'],
      retentionMs: flags['storage.retention'],
      listen: flags['web.listenAddress'],
      enableLifecycle: flags['web.enableLifecycle'],
      log,
      onFatal: fail('the disk failed; what was not yet acknowledged may be lost'),
      ...(externalUrl !== undefined && { externalUrl }),
      ...(webConfigFile !== undefined && { webConfigFile }),
      ...(read && { readConfig: read }),
    });
  } catch (error) {
    return couldNotStart(log, error);
  }

  // A signal that comes while it starts is obeyed once it has started.
  const started = supervisor.start();
  const stop = (signal: NodeJS.Signals) => {
    log.info('stopping', { signal });
    // Somebody who asks twice does not want to wait; everything acknowledged is stored already.
    process.once(signal, () => process.exit(1));
    started.then(() => supervisor.stop()).then(() => ended.resolve(0), fail('could not stop in order'));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  reload = () => started.then(() => supervisor.reload());
  process.on('SIGHUP', () => void reload());
  try {
    await started;
  } catch (error) {
    await supervisor.stop();
    return couldNotStart(log, error);
  }
  if (changedMeanwhile) void reload();
  const exitCode = await ended.promise;
  log.info('stopped');
  return exitCode;
}

function couldNotStart(log: Logger, error: unknown): number {
  if (!isExpected(error)) throw error;
  log.error('could not start', { error: (error as Error).message });
  return 1;
}

/** Failures that an operator mends, as opposed to bugs: a sentence is enough. */
function isExpected(error: unknown): boolean {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return (
    error instanceof OpenStoreError ||
    error instanceof WebConfigError ||
    (typeof code === 'string' && syscall === 'listen') ||
    code === 'ENOTFOUND' ||
    code === 'STORAGE'
  );
}
