/** A child process that logs lines of JSON: wait for what it says, end it. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export class LoggingChild implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly lines: LogLine[] = [];
  /** All of stderr, and stdout. */
  output = '';
  /** By then all that it said has been read. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #isOver = false;
  readonly #waiting = new Set<() => void>();

  /** Starts it and returns at once. */
  constructor([program, ...args]: readonly string[], options: ChildOptions = {}) {
    this.child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.exited = once(this.child, 'close').then(([code, signal]) => {
      this.#isOver = true;
      this.#wake();
      return { code, signal };
    });
    this.child.stdout!.on('data', (chunk) => {
      this.output += chunk;
    });
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.#take(line));
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
      if (this.#isOver) throw new Error(`the program ended while waiting for ${what}:\n${this.output}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
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
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      // Not a log line: a wrapper's words, or the runtime's own. They stay in `output`.
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
