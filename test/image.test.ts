/**
 * The image: built by buildah from a base made here, looked at, and run as the manifest of the sidecar has it run: its
 * arguments, environment, user, mounts and read-only root.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeBaseImage } from './support/base-image.ts';
import { ConfigMapFolder } from './support/config-map.ts';
import { ImageStore } from './support/image.ts';
import { makeMountPoints, RunningImage, type RunOptions } from './support/image-run.ts';
import { ROOT, readManifests } from './support/manifests.ts';
import { type Container, podOf } from './support/manifests-references.ts';
import { query, startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/requirements.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const BASE = 'localhost/base';
const IMAGE = 'localhost/driftgauge';
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
const PRODUCTION = Object.entries(
  (
    JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean; optional?: boolean }>;
    }
  ).packages,
).filter(([path, { dev, optional }]) => path !== '' && !dev && !optional);
const SIDECAR = podOf(readManifests('base/sidecar.yaml')[0]!).initContainers[0]!;
const CONFIG = readFileSync(join(ROOT, 'k8s/overlays/sidecar/driftgauge.yaml'), 'utf8');

describeWith(['buildah', 'unshare', 'prometheus', 'promtool', 'root'], 'the image', () => {
  let images: ImageStore;
  let root: string;

  beforeAll(() => {
    images = new ImageStore();
    using folder = scratch();
    writeBaseImage(folder.path);
    images.build({ tag: BASE, context: folder.path, file: folder.file('Dockerfile') });
    images.build({
      tag: IMAGE,
      context: ROOT,
      file: join(ROOT, 'Dockerfile'),
      args: { BASE_IMAGE: BASE, REVISION },
      npm: true,
    });
    root = images.mount(IMAGE);
    makeMountPoints(root, SIDECAR);
  }, 300_000);

  afterAll(() => images?.[Symbol.dispose]());

  /** Volumes as kubelet makes them: an emptyDir that all may write to, and the config in a ConfigMap. */
  function pod(folder: Scratch, config: string) {
    const volumes = {
      'driftgauge-config': folder.file('config'),
      'driftgauge-secrets': folder.file('secrets'),
      'driftgauge-storage': folder.file('storage'),
    };
    for (const path of Object.values(volumes)) mkdirSync(path);
    chmodSync(volumes['driftgauge-storage'], 0o777);
    const map = new ConfigMapFolder(volumes['driftgauge-config'], 'driftgauge.yaml', config);
    const { Entrypoint: entrypoint, Env: imageEnv } = images.config(IMAGE);
    const options: RunOptions = {
      root,
      entrypoint,
      imageEnv,
      container: SIDECAR,
      env: { POD_IP: '127.0.0.1', POD_NAME: 'model-0', POD_NAMESPACE: 'default' },
      volumes,
      args: ['--web.listen-address=127.0.0.1:0'],
    };
    return { map, options };
  }

  /** Another program in the same container. */
  const inside = (options: RunOptions, command: readonly string[], env: Record<string, string> = {}) =>
    new RunningImage({
      ...options,
      container: { ...SIDECAR, command, args: [] },
      env: { ...options.env, ...env },
      args: [],
    });

  it('says what it is, and starts as a user that is not root', () => {
    expect(images.config(IMAGE)).toMatchObject({
      User: '10001:10001',
      Entrypoint: ['node', '/app/dist/cli.js'],
      Cmd: ['run', '--storage.path=/var/lib/driftgauge'],
      ExposedPorts: { '9822/tcp': {} },
      Labels: {
        'org.opencontainers.image.title': 'driftgauge',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': PACKAGE.version,
        'org.opencontainers.image.revision': REVISION,
      },
    });
    // A declared volume would be an anonymous one, writable where nobody thinks of it.
    expect(images.config(IMAGE).Volumes).toBeUndefined();
  });

  it('holds what runs, and nothing of what it was built with', () => {
    expect(readdirSync(join(root, 'app')).sort()).toEqual([
      'LICENSE',
      'compile-cache',
      'config',
      'dist',
      'node_modules',
      'package.json',
    ]);
    const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' });
    const unneeded = files.filter((file) => /\.(ts|mts|cts|map|md)$|\.test\.[cm]?js$/.test(file));
    expect(unneeded.filter((file) => !isLicence(join(root, 'app', file)))).toEqual([]);
    expect(files.filter((file) => file.includes('npmrc'))).toEqual([]);
    for (const left of ['root/.npmrc', 'root/.npm', 'run/npm', 'usr/local/etc/npmrc', 'build', 'tmp/data'])
      expect(existsSync(join(root, left)), left).toBe(false);
    expect(JSON.parse(readFileSync(join(root, 'app/package.json'), 'utf8'))).toMatchObject({
      gitHead: REVISION,
    });
  });

  it('holds the packages that the lock file names for production, in its versions, and no other', () => {
    const expected = PRODUCTION.map(([path, { version }]) => `${path} ${version}`);
    const installed = readdirSync(join(root, 'app/node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(^|\/node_modules\/)(@[^/]+\/)?[^/]+\/package\.json$/.test(file))
      .map((file) => join('node_modules', file))
      .map((file) => {
        const { version } = JSON.parse(readFileSync(join(root, 'app', file), 'utf8')) as { version: string };
        return `${file.replace(/\/package\.json$/, '')} ${version}`;
      });
    expect(installed.sort()).toEqual(expected.sort());
    expect(installed.length).toBeGreaterThanOrEqual(Object.keys(PACKAGE.dependencies).length);
  });

  it('holds the licences of all of them', () => {
    for (const [path] of PRODUCTION) {
      const licences = (folder: string) =>
        readdirSync(join(folder, path))
          .filter((name) => isLicence(join(folder, path, name)))
          .sort();
      expect(licences(ROOT), path).not.toEqual([]);
      expect(licences(join(root, 'app')), path).toEqual(licences(ROOT));
    }
  });

  it('its size is told', () => {
    const megabytes = (path: string) => sizeOf(join(root, path)) / 1e6;
    const own = megabytes('app');
    console.log(
      `image: ${megabytes('.').toFixed(1)} MB, of it the base ${(megabytes('.') - own).toFixed(1)} MB; ours ${own.toFixed(1)} MB:`,
      readdirSync(join(root, 'app'))
        .map((name) => `${name} ${megabytes(`app/${name}`).toFixed(1)}`)
        .join(', '),
    );
    expect(own).toBeLessThan(25);
  });

  it('takes all its code from the compile cache, which it cannot write', async () => {
    using folder = scratch();
    const { options } = pod(folder, CONFIG);
    // Into a file: what Node says of its cache would be cut short by a full pipe.
    const version = inside(
      options,
      ['sh', '-c', 'exec node /app/dist/cli.js --version 2>/var/lib/driftgauge/said'],
      { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    );
    expect((await version.exited).code).toBe(0);
    expect(version.output).toBe(`driftgauge ${PACKAGE.version} (revision ${REVISION})\n`);
    const lines = readFileSync(join(options.volumes['driftgauge-storage']!, 'said'), 'utf8').split('\n');
    expect(lines.filter((line) => line.includes('was accepted')).length).toBeGreaterThan(100);
    expect(lines.filter((line) => /reading cache (?!.*success)|was rejected/.test(line))).toEqual([]);
  });

  it('checks a config, as docs/kubernetes.md has it done', async () => {
    const page = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
    const [, command] = /^docker run [^`]* driftgauge:\S+ ([^`]*)\n```$/m.exec(page)!;
    using folder = scratch();
    const { options } = pod(folder, CONFIG);
    const container: Container = { ...SIDECAR, args: command!.split(' ') };
    await using check = new RunningImage({ ...options, container, args: [] });
    expect((await check.exited).code).toBe(0);
    expect(check.output).toBe('SUCCESS: /etc/driftgauge/driftgauge.yaml\n');
  });

  it('runs as any other user too, without the cache', async () => {
    using folder = scratch();
    const { options } = pod(folder, CONFIG);
    const container: Container = { ...SIDECAR, securityContext: { runAsUser: 20_002, runAsGroup: 20_002 } };
    await using running = new RunningImage({ ...options, container });
    await running.logged('ready');
    process.kill(running.pid, 'SIGTERM');
    expect((await running.exited).code).toBe(0);
  });

  it('writes to its storage, and nowhere else', async () => {
    using folder = scratch();
    const { options } = pod(folder, CONFIG);
    const places = [
      '/app',
      '/app/compile-cache',
      '/tmp',
      '/etc/driftgauge',
      '/etc/driftgauge-secrets',
      '/var/lib',
      '/',
    ];
    const write = (place: string) =>
      `try { fs.writeFileSync('${place}/x', ''); console.log('${place}') } catch {}`;
    const writer = inside(options, [
      'node',
      '--eval',
      [...places, '/var/lib/driftgauge'].map(write).join('\n'),
    ]);
    expect((await writer.exited).code).toBe(0);
    expect(writer.output).toBe('/var/lib/driftgauge\n');
  });

  it('beside a model it is ready, scrapes, is scraped, reloads on a swap of ..data, and ends on TERM', async () => {
    await using model = await startModel(0.5);
    using folder = scratch();
    const config = (threshold: number) =>
      CONFIG.replace('localhost:8000', model.target)
        .replace('scrape_interval: 5s', 'scrape_interval: 200ms')
        .replace('0.85', String(threshold));
    const { map, options } = pod(folder, config(0.85));
    await using running = new RunningImage(options);
    const url = String((await running.logged('listening'))['address']);
    await running.logged('ready');
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);

    const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m);
    expect(status).toMatch(/^Gid:\t10001\t10001\t10001\t10001$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);

    const series = 'driftgauge_signal_threshold{model="fraud",version="1",metric="accuracy",bound="below"}';
    const page = async (text: string) => {
      for (;;) {
        const got = await (await fetch(`${url}/metrics`)).text();
        if (got.includes(text)) return got;
        await model.scraped();
      }
    };
    const scraped = await page(`${series} 0.85`);
    expect(scraped).toContain(`driftgauge_build_info{version="${PACKAGE.version}",revision="${REVISION}"} 1`);
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: scraped, encoding: 'utf8' });
    expect(`${checked.stdout}${checked.stderr}`).toBe('');

    await using prometheus = await startPrometheus(folder, {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        { job_name: 'driftgauge', honor_labels: true, static_configs: [{ targets: [new URL(url).host] }] },
      ],
    });
    const seen = async () => (await query(prometheus, `up == 1 and on (job, instance) ${series}`)).length;
    while ((await seen()) === 0) await model.scraped();

    map.update(config(0.7));
    await running.logged('config loaded');
    await page(`${series} 0.7`);

    const told = performance.now();
    process.kill(running.pid, 'SIGTERM');
    expect((await running.exited).code).toBe(0);
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(readdirSync(options.volumes['driftgauge-storage']!)).toContain('driftgauge.db');
  });

  it('as process 1 it ends on TERM, too', async () => {
    using folder = scratch();
    const { options } = pod(folder, CONFIG);
    await using running = new RunningImage({ ...options, asInit: true });
    await running.logged('ready');
    expect(readFileSync(`/proc/${running.pid}/status`, 'utf8')).toMatch(/^NSpid:.*\t1$/m);
    process.kill(running.pid, 'SIGTERM');
    expect((await running.exited).code).toBe(0);
  });
});

/** By its name, or a document that has a copyright notice among other things. */
function isLicence(file: string): boolean {
  if (/^(licen[cs]e|notice)/i.test(basename(file))) return true;
  return file.endsWith('.md') && /copyright/i.test(readFileSync(file, 'utf8'));
}

/** Bytes of the files in a folder, or of a file. */
function sizeOf(path: string): number {
  const [bytes] = execFileSync('du', ['--apparent-size', '--bytes', '--summarize', path], {
    encoding: 'utf8',
  }).split('\t');
  return statSync(path).isFile() ? statSync(path).size : Number(bytes);
}

/** A page with one gauge. */
async function startModel(accuracy: number) {
  const waiting = new Set<() => void>();
  const server = createServer((_, response) => {
    response.end(`model_accuracy{model="fraud",version="1"} ${accuracy}\n`);
    for (const resolve of waiting) resolve();
    waiting.clear();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Settles with the next scrape. */
    scraped: () => new Promise<void>((resolve) => waiting.add(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
