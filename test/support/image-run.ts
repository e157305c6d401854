/**
 * Runs an image as the manifest has it run, without an engine: a mount namespace of its own, in which the image's file
 * system is the read-only root and the volumes lie where the manifest mounts them.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoggingChild } from './logging-child.ts';
import type { Container } from './manifests-references.ts';

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

export class RunningImage extends LoggingChild {
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
    super(
      [
        'unshare',
        '--mount',
        ...(asInit ? ['--pid', '--fork', '--kill-child'] : []),
        '--',
        'sh',
        '-c',
        script,
        'sh',
        ...command,
      ],
      // Nothing of this machine's environment gets in.
      { env: { ...Object.fromEntries(imageEnv.map((pair) => pair.split(/=(.*)/s).slice(0, 2))), ...env } },
    );
  }

  /** The process inside: unshare becomes it, or is its parent where there is a process namespace. */
  get pid(): number {
    const outer = this.child.pid!;
    const [inner] = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim().split(' ');
    return inner ? Number(inner) : outer;
  }
}
