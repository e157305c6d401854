/** A full disk while running, on a small tmpfs in a mount namespace of its own. */

import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { accuracy, Program } from './support/program.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const START = Math.floor(Date.now() / 1000) - 3600;

/** Runs what follows with a tmpfs of this size mounted on `folder`, which only that process sees. */
function smallDisk(folder: string, size: string): string[] {
  return [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount -t tmpfs -o size=${size} tmpfs "${folder}" && exec "$@"`,
    'sh',
  ];
}

describeWith(['root'], 'a full disk', () => {
  it('pushes get 503, nothing acknowledged is lost, scraping goes on, and it recovers by itself', async () => {
    using folder = scratch();
    const storagePath = folder.file('data');
    mkdirSync(storagePath);
    let scrapes = 0;
    const scraped = new Set<() => void>();
    const model = createServer((_request, response) => {
      scrapes++;
      response.end(`load{model="other"} ${scrapes}\n`);
      for (const resolve of scraped) resolve();
    }).listen(0, '127.0.0.1');
    await once(model, 'listening');
    writeFileSync(
      folder.file('driftgauge.yaml'),
      `scrape_configs:
  - {job_name: other, scrape_interval: 200ms, static_configs: [{targets: ["127.0.0.1:${(model.address() as AddressInfo).port}"]}]}
metrics:
  - {name: accuracy, smoothing: {alpha: 0.5}, drift: {below: 0.1}}
  - {name: load, from: {gauge: load}, drift: {above: 1e9}}
`,
    );
    await using program = await Program.start({
      storagePath,
      configFile: folder.file('driftgauge.yaml'),
      wrapper: smallDisk(storagePath, '4m'),
    });
    const inside = `/proc/${program.child.pid}/root${storagePath}/filler`;
    let sent = 0;
    /** Sends the next event once; it is the same event again until it was acknowledged. */
    const push = async (): Promise<Response> => {
      const response = await program.post(
        '/api/v1/events',
        accuracy(0.5 + (sent % 7) / 10, { timestamp: START + sent }),
      );
      if (response.status === 204) sent++;
      return response;
    };
    for (let n = 0; n < 20; n++) expect((await push()).status).toBe(204);
    const metrics = async (): Promise<string> => (await program.get('/metrics')).text();
    const nextScrape = (): Promise<void> => new Promise<void>((resolve) => scraped.add(resolve));
    while (!/^driftgauge_target_up\{.*\} 1$/m.test(await metrics())) await nextScrape();

    fill(inside);
    let refused = await push();
    while (refused.status === 204) refused = await push();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ status: 'error', errorType: 'unavailable' });
    await program.logged('storage failed; pushes are refused until it works again');
    const page = await metrics();
    expect(page).toMatch(/^driftgauge_storage_up 0$/m);
    expect(page).toMatch(/^driftgauge_target_up\{.*\} 1$/m);
    expect((await program.get('/-/ready')).status).toBe(200);
    const before = scrapes;
    while (scrapes < before + 3) await nextScrape();

    rmSync(inside);
    while ((await push()).status !== 204);
    await program.logged('storage works again');
    for (let n = 0; n < 20; n++) expect((await push()).status).toBe(204);
    const [signal] = await program.data<{ samples: number; ema: number }[]>(
      '/api/v1/signals?metric=accuracy',
    );
    const values = Array.from({ length: sent }, (_, index) => 0.5 + (index % 7) / 10);
    expect(signal!.samples).toBe(sent);
    expect(signal!.ema).toBeCloseTo(
      values.reduce((ema, value) => 0.5 * value + 0.5 * ema),
      12,
    );
    expect(await metrics()).toMatch(/^driftgauge_storage_up 1$/m);
    model.close();
  });
});

/** Takes all the room that is left. */
function fill(file: string): void {
  for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
