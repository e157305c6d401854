/** The shipped program as a child process: start it, wait for what it says, talk to it, end it. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const CLI = join(import.meta.dirname, '../../dist/cli.js');

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ProgramOptions {
  readonly storagePath: string;
  /** YAML is written by the caller; without a file the built-in config is used. */
  readonly configFile?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A command to put in front, such as `strace` or `faketime` with its arguments. */
  readonly wrapper?: readonly string[];
  readonly cwd?: string;
}

export class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly lines: LogLine[] = [];
  /** All of stderr, and stdout. */
  output = '';
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #waiting = new Set<() => void>();
  #url: string | undefined;

  /** Starts the program and returns at once. */
  constructor({ storagePath, configFile, args = [], env = {}, wrapper = [], cwd }: ProgramOptions) {
    const command = [
      ...wrapper,
      process.execPath,
      CLI,
      'run',
      `--storage.path=${storagePath}`,
      '--web.listen-address=127.0.0.1:0',
      '--log.format=json',
      '--log.level=debug',
      ...(configFile === undefined ? [] : [`--config.file=${configFile}`]),
      ...args,
    ];
    this.child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
    });
    this.exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    void this.exited.then(() => this.#wake());
    this.child.stdout!.on('data', (chunk) => {
      this.output += chunk;
    });
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.#take(line));
  }

  /** Starts the program and waits until it is ready. */
  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options);
    await program.logged('ready');
    return program;
  }

  get url(): string {
    if (this.#url === undefined) throw new Error(`it does not listen:\n${this.output}`);
    return this.#url;
  }

  /** Settles with the first log line of this message, past or future; rejects when the program ends before. */
  async logged(message: string, fits: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    return this.until(
      () => this.lines.find((line) => line.msg === message && fits(line)),
      `log line "${message}"`,
    );
  }

  /** Looks again after each log line until there is a value. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the program ended while waiting for ${what}:\n${this.output}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  async data<T = never>(path: string): Promise<T> {
    const response = await this.get(path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { data: T }).data;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.get(path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  #take(line: string): void {
    this.output += `${line}\n`;
    try {
      const parsed = JSON.parse(line) as LogLine;
      if (parsed.msg === 'listening') this.#url = String(parsed['address']);
      this.lines.push(parsed);
    } catch {
      // Not ours: a wrapper's line, or the runtime's own. It stays in `output`.
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** An accuracy event, by default breaching the built-in threshold. */
export function accuracy(
  value = 0.5,
  { name = 'fraud', version = '1', timestamp }: { name?: string; version?: string; timestamp?: number } = {},
) {
  return {
    model: { name, version },
    metric: 'accuracy',
    value,
    ...(timestamp !== undefined && { timestamp }),
  };
}
