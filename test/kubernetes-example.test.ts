/**
 * The programs and the config of k8s/overlays/sidecar, run here as they are but for their ports and times: the model's
 * accuracy falls, the trainer is asked once, hands over a new version and reports it, as docs/kubernetes.md tells.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { freePort } from './support/free-port.ts';
import { K8S } from './support/manifests.ts';
import { Program } from './support/program.ts';
import { type Scratch, scratch } from './support/scratch.ts';

/** A file of the overlay with each of these replaced; one that is not there would be a test of nothing. */
function changed(name: string, changes: Readonly<Record<string, string>>): string {
  let content = readFileSync(join(K8S, 'overlays/sidecar', name), 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!content.includes(from)) throw new Error(`${name} has no ${from}`);
    content = content.replaceAll(from, to);
  }
  return content;
}

function start(folder: Scratch, name: string, program: string): AsyncDisposable {
  writeFileSync(folder.file(name), program);
  const child = spawn(process.execPath, [folder.file(name)], { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Where outcomes are reported; it refuses the first as one who starts anew does. */
async function startListener() {
  const statuses = [503, 204];
  const heard = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.writeHead(statuses.shift()!).end();
    if (statuses.length === 0) heard.resolve(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard: heard.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it('the model drifts, the trainer is asked once and hands over version 2, and that is reported', async () => {
  using folder = scratch();
  const [model, trainer] = [await freePort(), await freePort()];
  await using _model = start(
    folder,
    'model.mjs',
    changed('model.mjs', {
      '60_000': '0',
      '600_000': '4000',
      'listen(8000)': `listen(${model}, '127.0.0.1')`,
    }),
  );
  await using _trainer = start(
    folder,
    'trainer.mjs',
    changed('trainer.mjs', {
      'sleep(20_000)': 'sleep(10)',
      'sleep(1000)': 'sleep(10)',
      'http://model:8000': `http://127.0.0.1:${model}`,
      'listen(8080)': `listen(${trainer}, '127.0.0.1')`,
    }),
  );
  const configFile = folder.file('driftgauge.yaml');
  const changes = {
    'localhost:8000': `127.0.0.1:${model}`,
    'trainer:8080': `127.0.0.1:${trainer}`,
    'scrape_interval: 5s': 'scrape_interval: 50ms',
    'for: 30s': 'for: 300ms',
    'group_wait: 5s': 'group_wait: 50ms',
  };
  writeFileSync(configFile, changed('driftgauge.yaml', changes));
  await using program = await Program.start({
    storagePath: folder.file('data'),
    configFile,
    env: { POD_NAME: 'model-0', POD_NAMESPACE: 'default' },
  });
  await program.logged('retrain request succeeded');
  const retrains = (await program.data('/api/v1/retrains')) as readonly { readonly id: string }[];
  expect(retrains).toMatchObject([
    { status: 'succeeded', trigger: 'training', attempts: 1, outcome: { version: '2' } },
  ]);

  // What is no request does not take away what the trainer knows, and a report is sent until it is heard.
  const ask = async (body: string) =>
    (await fetch(`http://127.0.0.1:${trainer}/`, { method: 'POST', body })).status;
  for (const body of ['', '{}', '{"data":{"id":"rt_1"}}']) expect(await ask(body), body).toBe(400);
  await using listener = await startListener();
  const request = (id: string) =>
    JSON.stringify({ data: { id, reason: 'by hand', outcome: { url: listener.url, token: 'x' } } });
  expect(await ask(request(retrains[0]!.id))).toBe(409);
  expect(await ask(request('rt_2'))).toBe(202);
  expect(JSON.parse(await listener.heard)).toEqual({ status: 'succeeded', version: '3' });
});
