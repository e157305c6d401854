/** A config that changes under the running program, as a ConfigMap does it: whole or not at all, and seen on /metrics. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { accuracy, Program } from './support/program.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const config = (threshold: number) => `metrics: [{name: accuracy, drift: {below: ${threshold}}}]\n`;

/** A folder as kubelet mounts a ConfigMap: the file is a link into `..data`, which is a link that is replaced whole. */
class ConfigMap {
  readonly file: string;
  readonly #folder: Scratch;
  #revision = 0;

  constructor(folder: Scratch, content: string) {
    this.#folder = folder;
    this.update(content);
    symlinkSync('..data/driftgauge.yaml', folder.file('driftgauge.yaml'));
    this.file = folder.file('driftgauge.yaml');
  }

  update(content: string): void {
    const name = `..2026_${++this.#revision}`;
    mkdirSync(this.#folder.file(name));
    writeFileSync(this.#folder.file(`${name}/driftgauge.yaml`), content);
    symlinkSync(name, this.#folder.file('..data_tmp'));
    renameSync(this.#folder.file('..data_tmp'), this.#folder.file('..data'));
    rmSync(this.#folder.file(`..2026_${this.#revision - 1}`), { recursive: true, force: true });
  }
}

async function threshold(program: Program): Promise<number> {
  const [signal] = await program.data<{ threshold: number }[]>('/api/v1/signals');
  return signal!.threshold;
}

it('a hundred swaps of ..data are all seen', async () => {
  using mount = scratch();
  using data = scratch();
  const map = new ConfigMap(mount, config(0));
  await using program = await Program.start({ storagePath: data.file('data'), configFile: map.file });
  await program.post('/api/v1/events', accuracy(2));
  const loads = () => program.lines.filter(({ msg }) => msg === 'config loaded').length;
  for (let swap = 1; swap <= 100; swap++) {
    map.update(config(swap / 1000));
    await program.until(() => (loads() >= swap ? true : undefined), `swap ${swap}`);
    expect(await threshold(program)).toBe(swap / 1000);
  }
  expect(loads()).toBe(100);
});

it('a bad config changes nothing, and is seen on /metrics until a good one comes', async () => {
  using mount = scratch();
  using data = scratch();
  const map = new ConfigMap(mount, config(0.85));
  await using program = await Program.start({
    storagePath: data.file('data'),
    configFile: map.file,
    args: ['--web.enable-lifecycle'],
  });
  await program.post('/api/v1/events', accuracy(0.9));
  const page = async () => (await program.get('/metrics')).text();
  const live = await program.data('/api/v1/status/config');

  map.update('metrics: [{name: accuracy, drift: {below: high}}]\nnonsense: 1\n');
  await program.logged('config not loaded; the old one stays', ({ error }) =>
    String(error).includes('nonsense'),
  );
  expect(await page()).toMatch(/^driftgauge_config_last_reload_successful 0$/m);
  expect(await program.data('/api/v1/status/config')).toEqual(live);
  expect(await threshold(program)).toBe(0.85);
  const refused = await program.post('/-/reload', '');
  expect(refused.status).toBe(500);
  expect(await refused.text()).toContain('driftgauge.yaml:1:');

  map.update(config(0.8));
  await program.logged('config loaded');
  expect(await page()).toMatch(/^driftgauge_config_last_reload_successful 1$/m);
  expect((await program.post('/-/reload', '')).status).toBe(200);
});

it('SIGHUP reloads', async () => {
  using folder = scratch();
  const configFile = folder.file('driftgauge.yaml');
  writeFileSync(configFile, config(0.85));
  await using program = await Program.start({ storagePath: folder.file('data'), configFile });
  program.kill('SIGHUP');
  await program.logged('config loaded');
});

it('without --web.enable-lifecycle, POST /-/reload is refused', async () => {
  using folder = scratch();
  await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
  expect((await program.post('/-/reload', '')).status).toBe(403);
});
