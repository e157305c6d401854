/** Child processes of the benchmarks, and what the kernel says of any process: CPU seconds and resident memory. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const HAS_PROC = existsSync('/proc/self/stat');

/** User and system time of all threads of a process so far; the kernel counts in ticks of mostly 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory in MB of 10^6 bytes: resident, and what of it no other process shares. */
export function memoryMb(pid: number): { readonly resident: number; readonly own: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)![1]) * 1024) / 1e6;
  return { resident: mb('Rss'), own: mb('Private_Clean') + mb('Private_Dirty') };
}

/** The first of these programs that is in PATH. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** The first version number that the program prints of itself. */
export function versionOf(program: string): string {
  const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return /\d+\.\d+\S*/.exec(stdout + stderr)?.[0].replace(/,$/, '') ?? 'unknown';
}

/** A process that lives as long as its scope. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';
  #spoke = Promise.withResolvers<void>();

  private constructor(child: ChildProcess) {
    this.process = child;
    this.#exited = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-100_000);
        this.#spoke.resolve();
        this.#spoke = Promise.withResolvers();
      });
    }
  }

  static spawn(command: string, args: readonly string[]): Child {
    return new Child(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** A program of processes/, which answers with one message once it is ready: that message. */
  static async fork<Ready>(
    file: string,
    args: readonly string[] = [],
  ): Promise<{ child: Child; ready: Ready }> {
    const child = new Child(
      fork(join(import.meta.dirname, 'processes', file), args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    );
    return { child, ready: await child.message<Ready>() };
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** The next message. Rejects where the process ends instead. */
  async message<Message>(): Promise<Message> {
    const [message] = await Promise.race([
      once(this.process, 'message'),
      this.#exited.then(() => {
        throw new Error(`a process of the benchmark ended:\n${this.#output}`);
      }),
    ]);
    return message as Message;
  }

  /** Settles with the time, in milliseconds, at which the output first held this text. */
  async said(text: string): Promise<number> {
    for (;;) {
      if (this.#output.includes(text)) return performance.now();
      this.throwIfEnded();
      await Promise.race([this.#spoke.promise, this.#exited]);
    }
  }

  throwIfEnded(): void {
    const { exitCode, signalCode, spawnfile } = this.process;
    if (exitCode !== null || signalCode !== null) throw new Error(`${spawnfile} ended:\n${this.#output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#exited;
  }
}
