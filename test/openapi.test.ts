/** The shipped program answers what docs/openapi.json says: statuses, content types and every key. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import bcrypt from 'bcryptjs';
import { expect, it } from 'vitest';
import { expectDocumented } from '../src/http/openapi/documented.testing.ts';
import type { Method, Operation } from '../src/http/openapi/operation.ts';
import { OPERATIONS } from '../src/http/openapi/operations.ts';
import { accuracy, Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { scratch } from './support/scratch.ts';

interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks, holds the answer to the document, and gives its body. */
async function ask<Data>(
  program: Program,
  [method, path, status]: readonly [method: string, path: string, status: number],
  { body, headers = {} }: Ask = {},
): Promise<Data> {
  const response = await program.get(path, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  expect([method, path, response.status, text]).toEqual([method, path, status, text]);
  return expectDocumented({
    method,
    path,
    status,
    contentType: response.headers.get('content-type'),
    text,
  }) as Data;
}

/** A model whose counters give `ratio` something to count, and not enough of it. */
async function startModel(): Promise<AsyncDisposable & { readonly port: number }> {
  const page = 'errors_total{model="fraud",version="1"} 1\nrequests_total{model="fraud",version="1"} 10\n';
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const configOf = (port: number, url: string) => `
scrape_configs:
  - {job_name: fraud, scrape_interval: 1s, static_configs: [{targets: ["127.0.0.1:${port}"]}]}
metrics:
  - {name: accuracy, smoothing: {alpha: 1}, drift: {below: 0.85}, action: retrain}
  - {name: error_ratio, from: {ratio: {numerator: errors_total, denominator: requests_total}, window: 5m, min_count: 100}, drift: {above: 0.1}}
  - {name: recall, drift: {below: 0.5}}
retrain:
  initial_hold: 0s
  group_wait: 0s
  cooldown: 0s
  triggers:
    - {name: gone, models: [parked], webhook: {url: "${url}/gone"}}
    - {name: training, webhook: {url: "${url}"}}
`;

it('answers as documented, through the life of two requests', async () => {
  using folder = scratch();
  await using model = await startModel();
  await using receiver = await Receiver.start(folder.file('journal'), ({ body }) =>
    body.includes('"parked"') ? 410 : 202,
  );
  const configFile = folder.file('driftgauge.yaml');
  writeFileSync(configFile, configOf(model.port, receiver.url));
  await using program = await Program.start({
    storagePath: folder.file('data'),
    configFile,
    args: ['--web.enable-lifecycle'],
  });
  const get = <Data>(path: string, status = 200) => ask<{ data: Data }>(program, ['GET', path, status]);
  const post = <Data>(path: string, status: number, options?: Ask) =>
    ask<{ data: Data }>(program, ['POST', path, status], options);

  await post('/api/v1/events', 204, { body: [accuracy(0.9), accuracy(0.5)] });
  await post('/api/v1/events', 204, { body: accuracy(0.5, { name: 'parked' }) });
  await post('/api/v1/events', 400, { body: [accuracy(0.9), { metric: '' }] });
  await post('/api/v1/events', 400, { body: '' });
  await post('/api/v1/events', 413, { body: 'x'.repeat(10_000_001) });
  await post('/api/v1/events', 415, { body: 'x', headers: { 'Content-Encoding': 'br' } });
  await post('/api/v1/events', 403, { body: accuracy(), headers: { Origin: 'http://example.com' } });

  await program.logged('retrain request parked');
  const [parked] = (await get<[{ id: string }]>('/api/v1/retrains?status=parked')).data;
  await receiver.received(2);
  const told = JSON.parse(receiver.deliveries.find(({ status }) => status === 202)!.body);
  const { id, episode, outcome } = told.data;
  const path = `/api/v1/retrains/${id}`;
  const headers = { Authorization: `Bearer ${outcome.token}` };

  await post(`${path}/outcome`, 401, { body: { status: 'running' } });
  await post(`${path}/outcome`, 400, { body: { status: 'done' }, headers });
  await post(`${path}/outcome`, 200, { body: { status: 'running', message: 'begun' }, headers });
  await post(`${path}/redeliver`, 409);
  for (const list of ['/api/v1/signals', '/api/v1/episodes', '/api/v1/retrains']) {
    expect((await get<unknown[]>(list)).data.length).toBeGreaterThan(0);
    await get(`${list}?limit=0`, 400);
  }
  await post(`${path}/outcome`, 200, { body: { status: 'succeeded', version: '2' }, headers });
  await post(`${path}/outcome`, 409, { body: { status: 'failed' }, headers });
  await post(`${path}/cancel`, 409);
  await post(`/api/v1/retrains/rt_none/outcome`, 404, { body: { status: 'running' }, headers });
  await get(path);
  await get('/api/v1/retrains/rt_none', 404);
  await get(`/api/v1/episodes/${episode}`);
  await get('/api/v1/episodes/ep_none', 404);

  await post(`/api/v1/retrains/${parked.id}/redeliver`, 400, { body: { trigger: 'none' } });
  await post(`/api/v1/retrains/${parked.id}/redeliver`, 200, { body: { trigger: 'training' } });
  await post(`/api/v1/retrains/${parked.id}/cancel`, 200);

  // The first scrape has come: the ratio counts, and waits.
  while (!JSON.stringify(await get('/api/v1/explain?model=fraud')).includes('"input"'));
  await get('/api/v1/explain?model=parked&version=1');
  await get('/api/v1/explain?model=nobody', 404);
  await get('/api/v1/explain', 400);

  for (const one of [
    '/metrics',
    '/-/healthy',
    '/-/ready',
    '/api/v1/status/config',
    '/api/v1/status/buildinfo',
  ])
    await get(one);
  await get('/api/v1/openapi.json');
  await get('/api/v1/events?type=none', 400);
  await post('/-/reload', 200);
  writeFileSync(configFile, 'metrics: 5\n');
  await post('/-/reload', 500);
  await ask(program, ['PUT', '/-/reload', 500]);
});

it('asks for users as documented, where the web config names some', async () => {
  using folder = scratch();
  const webConfig = folder.file('web.yaml');
  writeFileSync(webConfig, `basic_auth_users: {anna: "${bcrypt.hashSync('secret', 4)}"}\n`);
  await using program = await Program.start({
    storagePath: folder.file('data'),
    cwd: folder.path,
    args: [`--web.config.file=${webConfig}`, '--web.enable-lifecycle'],
  });
  for (const [template, methods] of Object.entries(OPERATIONS)) {
    const path = template.replace('{id}', 'none');
    for (const [method, { access }] of Object.entries(methods) as [Method, Operation][]) {
      const status = access === 'open' ? 200 : 401;
      await ask(program, [method.toUpperCase(), path, status], { ...(method !== 'get' && { body: '{}' }) });
    }
  }
  const headers = { Authorization: `Basic ${btoa('anna:secret')}` };
  await ask(program, ['GET', '/api/v1/signals', 200], { headers });
  await ask(program, ['POST', '/-/reload', 500], { headers });
});

it('without --web.enable-lifecycle a reload is refused as documented', async () => {
  using folder = scratch();
  await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
  await ask(program, ['POST', '/-/reload', 403]);
});
