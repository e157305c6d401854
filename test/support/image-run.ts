/**
 * Runs an image as the manifest has it run, without an engine: a mount namespace of its own, in which the image's file
 * system is the read-only root and the volumes lie where the manifest mounts them.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Container } from './manifests-references.ts';
import type { LogLine } from './program.ts';

export interface RunOptions {
  /** The image's file system, as buildah mounts it. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly imageEnv: readonly string[];
  readonly container: Container;
  /** Of the downward API. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder behind each volume. */
  readonly volumes: Readonly<Record<string, string>>;
  /** More arguments; the last of a kind wins. */
  readonly args?: readonly string[];
  /** As process 1 of a process namespace. */
  readonly asInit?: boolean;
}

/** Makes the places of mounts, which a container runtime does too. */
export function makeMountPoints(root: string, container: Container): void {
  for (const { mountPath } of container.volumeMounts ?? [])
    mkdirSync(join(root, mountPath), { recursive: true });
  for (const name of ['proc', 'etc']) mkdirSync(join(root, name), { recursive: true });
}

export class RunningImage implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly lines: LogLine[] = [];
  output = '';
  readonly exited: Promise<number | null>;
  readonly #waiting = new Set<() => void>();

  constructor({
    root,
    entrypoint,
    imageEnv,
    container,
    env,
    volumes,
    args = [],
    asInit = false,
  }: RunOptions) {
    const filled = (text: string) => text.replaceAll(/\$\((\w+)\)/g, (_, name: string) => env[name]!);
    const { runAsUser, runAsGroup } = container.securityContext;
    const mounts = (container.volumeMounts ?? []).map((mount) => {
      const to = join(root, mount.mountPath);
      const bind = `mount --bind '${volumes[mount.name]}' '${to}'`;
      return 'readOnly' in mount ? `${bind} && mount -o remount,bind,ro '${to}'` : bind;
    });
    const script = [
      'set -e',
      `mount --bind '${root}' '${root}'`,
      `mount -o remount,bind,ro '${root}'`,
      ...mounts,
      `mount -t proc proc '${root}/proc'`,
      `exec /usr/sbin/chroot --userspec=${runAsUser}:${runAsGroup} --groups= '${root}' "$@"`,
    ].join('\n');
    const command = [...(container.command ?? entrypoint), ...(container.args ?? []).map(filled), ...args];
    this.child = spawn(
      'unshare',
      [
        '--mount',
        ...(asInit ? ['--pid', '--fork', '--kill-child'] : []),
        '--',
        'sh',
        '-c',
        script,
        'sh',
        ...command,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        // Nothing of this machine's environment gets in.
        env: { ...Object.fromEntries(imageEnv.map((pair) => pair.split(/=(.*)/s).slice(0, 2))), ...env },
      },
    );
    // 'close', not 'exit': by then all that it said has been read.
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
    void this.exited.then(() => this.#wake());
    this.child.stdout!.on('data', (chunk) => {
      this.output += chunk;
    });
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.#take(line));
  }

  /** The first log line of this message, past or future. */
  async logged(message: string): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(({ msg }) => msg === message);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended before "${message}":\n${this.output}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The process inside: unshare becomes it, or is its parent where there is a process namespace. */
  get pid(): number {
    const outer = this.child.pid!;
    const [inner] = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim().split(' ');
    return inner ? Number(inner) : outer;
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
      // Not ours; it stays in `output`.
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
