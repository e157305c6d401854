/** Images built by buildah in a store of their own, without a daemon: build, look inside, mount, and leave nothing behind. */
import type { SpawnSyncReturns } from 'node:child_process';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { scratch } from './scratch.ts';

export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Volumes?: object;
}

export interface BuildOptions {
  readonly tag: string;
  readonly context: string;
  readonly file: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Whether its steps call npm, which then gets this machine's registry, certificates and cache. */
  readonly npm?: boolean;
}

export class ImageStore implements Disposable {
  readonly #folder = scratch();
  readonly #driver: 'overlay' | 'vfs';
  readonly #mounted: string[] = [];

  constructor() {
    // vfs copies the whole file system for each step, and works everywhere.
    this.#driver = buildah(this.#folder.path, 'overlay', ['info']).status === 0 ? 'overlay' : 'vfs';
  }

  build({ tag, context, file, args = {}, npm = false }: BuildOptions): string {
    const built = this.#run([
      'bud',
      '--isolation=chroot',
      '--pull-never',
      `--tag=${tag}`,
      `--file=${file}`,
      ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
      ...(npm ? this.#npmMounts() : []),
      context,
    ]);
    const output = `${built.stdout}${built.stderr}`;
    if (built.status === 0) return output;
    const cause = /npm (?:error|ERR!) (?:network|code E|errno E)/.test(output)
      ? 'npm inside the build could not get the packages: it needs a registry that this machine reaches, or a filled npm cache'
      : `buildah could not build ${tag}`;
    throw new Error(`${cause}\n${output.slice(-4000)}`);
  }

  config(tag: string): ImageConfig {
    const image = JSON.parse(this.#must(['inspect', '--type=image', tag])) as {
      OCIv1: { config: ImageConfig };
    };
    return image.OCIv1.config;
  }

  /** The folder that shows the image's file system, until the store is disposed. */
  mount(tag: string): string {
    const container = this.#must(['from', '--pull-never', tag]).trim();
    this.#mounted.push(container);
    return this.#must(['mount', container]).trim();
  }

  [Symbol.dispose](): void {
    for (const container of this.#mounted) this.#run(['umount', container]);
    this.#run(['rm', '--all']);
    this.#folder[Symbol.dispose]();
  }

  /** Mounted while building, and never part of the image: which registry, whose certificates, and what was fetched before. */
  #npmMounts(): string[] {
    const setting = (name: string) =>
      execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();
    const certificates = this.#folder.file('ca.crt');
    const extra = process.env['NODE_EXTRA_CA_CERTS'];
    writeFileSync(
      certificates,
      [...rootCertificates, ...(extra ? [readFileSync(extra, 'utf8')] : [])].join('\n'),
    );
    const settings = this.#folder.file('npmrc');
    writeFileSync(
      settings,
      `registry=${setting('registry')}\ncafile=/run/npm/ca.crt\ncache=/run/npm/cache\nprefer-offline=true\nupdate-notifier=false\n`,
    );
    const cache = setting('cache');
    mkdirSync(cache, { recursive: true });
    const user = setting('userconfig');
    return [
      `--volume=${settings}:/usr/local/etc/npmrc:ro`,
      `--volume=${certificates}:/run/npm/ca.crt:ro`,
      `--volume=${cache}:/run/npm/cache`,
      ...(existsSync(user) ? [`--volume=${user}:/root/.npmrc:ro`] : []),
    ];
  }

  #must(command: readonly string[]): string {
    const { status, stdout, stderr } = this.#run(command);
    if (status !== 0) throw new Error(`buildah ${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  #run(command: readonly string[]): SpawnSyncReturns<string> {
    return buildah(this.#folder.path, this.#driver, command);
  }
}

function buildah(folder: string, driver: string, command: readonly string[]): SpawnSyncReturns<string> {
  const store = [
    `--root=${join(folder, driver, 'images')}`,
    `--runroot=${join(folder, driver, 'run')}`,
    `--storage-driver=${driver}`,
  ];
  return spawnSync('buildah', [...store, ...command], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // Cache mounts and half-made layers go where everything else goes.
    env: { ...process.env, TMPDIR: folder },
  });
}
