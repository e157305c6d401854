/** The shipped program as a child process, and the answers of its API. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 3000;
const ANSWER_TIMEOUT_MS = 5000;
const KEPT_LOG_LINES = 8;

export interface SidecarOptions {
  /** dist/cli.js. */
  readonly program: string;
  readonly configFile: string;
  readonly storagePath: string;
}

/** It ended although nobody told it to, or never came up; the message has its last words. */
export class SidecarError extends Error {}

export class Sidecar implements AsyncDisposable {
  readonly url: string;
  /** Rejects with a `SidecarError` when the program ends by itself; never resolves. */
  readonly died: Promise<never>;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  readonly #lastLines: string[] = [];
  readonly #ready = Promise.withResolvers<void>();
  #stopping = false;

  private constructor(port: number, { program, configFile, storagePath }: SidecarOptions) {
    this.url = `http://127.0.0.1:${port}`;
    const args = [
      program,
      'run',
      `--config.file=${configFile}`,
      `--storage.path=${storagePath}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // Outcomes are reported to this address, so it has to be known before the program listens.
      `--web.external-url=${this.url}`,
      '--log.format=json',
    ];
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for the demo, which then ends the program in order.
      detached: true,
    });
    this.#exited = once(this.#child, 'exit');
    const kill = () => this.#child.kill('SIGKILL');
    process.once('exit', kill);
    this.died = this.#exited.then(
      ([code, signal]) => {
        process.off('exit', kill);
        if (this.#stopping) return new Promise<never>(() => {});
        throw this.#error(`the program ended by itself (${signal ?? `exit code ${code}`})`);
      },
      (error: Error) => {
        throw this.#error(`the program could not be started: ${error.message}`);
      },
    );
    this.died.catch(() => {});
    createInterface({ input: this.#child.stderr! }).on('line', (line) => this.#takeLine(line));
  }

  /** Settles once it serves. Rejects with a `SidecarError`. */
  static async start(options: SidecarOptions): Promise<Sidecar> {
    const sidecar = new Sidecar(await freePort(), options);
    const tooLate = delay(START_TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw sidecar.#error(`the program was not ready within ${START_TIMEOUT_MS / 1000} s`);
    });
    try {
      await Promise.race([sidecar.#ready.promise, sidecar.died, tooLate]);
    } catch (error) {
      await sidecar[Symbol.asyncDispose]();
      throw error;
    }
    return sidecar;
  }

  /** The `data` of an answer; undefined where there is nothing of that name (404). */
  async get<T>(path: string): Promise<T | undefined> {
    let response: Response;
    try {
      response = await fetch(this.url + path, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    } catch (error) {
      // The end of a process is heard of a little later than the end of its connections.
      await Promise.race([this.died, delay(1000)]);
      throw this.#error(`GET ${path} was not answered: ${(error as Error).message}`);
    }
    if (response.status === 404) return undefined;
    if (!response.ok) throw this.#error(`GET ${path} was answered ${response.status}`);
    return ((await response.json()) as { data: T }).data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    this.#child.kill('SIGTERM');
    const killed = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#exited.catch(() => {});
    clearTimeout(killed);
  }

  #takeLine(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LOG_LINES) this.#lastLines.shift();
    try {
      if ((JSON.parse(line) as { msg?: unknown }).msg === 'ready') this.#ready.resolve();
    } catch {
      // Not a log line: the runtime's own words, which are kept all the same.
    }
  }

  #error(what: string): SidecarError {
    return new SidecarError(
      [`${what}. Its last words:`, ...this.#lastLines.map((line) => `  ${line}`)].join('\n'),
    );
  }
}
