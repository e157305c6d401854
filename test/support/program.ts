/** The shipped program as a child process: start it, wait for what it says, talk to it, end it. */
import { join } from 'node:path';
import { LoggingChild } from './logging-child.ts';

export const CLI = join(import.meta.dirname, '../../dist/cli.js');

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

export class Program extends LoggingChild {
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
    super(command, { env: { ...process.env, ...env }, ...(cwd !== undefined && { cwd }) });
  }

  /** Starts the program and waits until it is ready. */
  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options);
    await program.logged('ready');
    return program;
  }

  get url(): string {
    const line = this.lines.find(({ msg }) => msg === 'listening');
    if (!line) throw new Error(`it does not listen:\n${this.output}`);
    return String(line['address']);
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
