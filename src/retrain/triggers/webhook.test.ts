import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import type { WebhookConfig } from '../../config/config.ts';
import type { Resolve } from '../../outgoing/forbidden-address.ts';
import { type Received, startRawReceiver, startReceiver } from '../receiver.testing.ts';
import type { Delivery, OutgoingRequest } from '../trigger.ts';
import { createWebhookTrigger } from './webhook.ts';

const retry = { initialMs: 5_000, maxMs: 900_000, giveUpAfterMs: 604_800_000 };
const base = { kind: 'webhook', method: 'POST', headers: new Map(), timeoutMs: 5_000, retry } as const;

const request: OutgoingRequest = {
  id: 'rt_1',
  model: { name: 'fraud', version: '1.4.0' },
  reason: 'EMA for accuracy breached threshold 0.850, current 0.612',
  body: new TextEncoder().encode('{"type":"retrain.requested","data":{"id":"rt_1","name":"ünïcode"}}'),
  attempt: 1,
};

const never = new AbortController().signal;

function deliver(
  config: Partial<WebhookConfig> & { url: string },
  more: Partial<Delivering> = {},
): Promise<Delivery> {
  const { signal = never, outgoing = request, ...options } = more;
  const trigger = createWebhookTrigger({
    name: 'training',
    config: { ...base, ...config },
    version: '1.2.3',
    clock: systemClock,
    ...options,
  });
  return trigger.deliver(outgoing, signal);
}

interface Delivering {
  readonly signal: AbortSignal;
  readonly outgoing: OutgoingRequest;
  readonly resolve: Resolve;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftgauge-webhook-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('the request', () => {
  it('is the frozen body under its id, as JSON, from Driftgauge', async () => {
    await using receiver = await startReceiver((response) => response.end());
    // A view into a larger buffer: the bytes around it must not be sent.
    const around = Buffer.concat([Buffer.from('before'), request.body, Buffer.from('after')]);
    const body = around.subarray(6, 6 + request.body.length);
    expect(await deliver({ url: `${receiver.url}/retrain` }, { outgoing: { ...request, body } })).toEqual({
      ok: true,
    });
    const [received] = receiver.received;
    expect(received).toMatchObject({ method: 'POST', url: '/retrain' });
    expect(received!.body.equals(request.body)).toBe(true);
    expect(received!.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(request.body.length),
      'user-agent': 'Driftgauge/1.2.3',
      'webhook-id': 'rt_1',
      'idempotency-key': 'rt_1',
    });
    expect(received!.headers).not.toHaveProperty('webhook-signature');
    expect(received!.headers).not.toHaveProperty('authorization');
  });

  it.each(['PUT', 'PATCH'] as const)('is sent by %s where the config says so', async (method) => {
    await using receiver = await startReceiver((response) => response.end());
    await deliver({ url: receiver.url, method });
    expect(receiver.received[0]).toMatchObject({ method });
  });

  it('names model and version in the URL, percent-encoded', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const model = { name: 'a/../b c', version: '1?x#y' };
    await deliver({ url: `${receiver.url}/models/{model}?v={version}` }, { outgoing: { ...request, model } });
    expect(receiver.received[0]!.url).toBe('/models/a%2F..%2Fb%20c?v=1%3Fx%23y');
  });

  it('is not sent where a name would change the path, and waits for a person', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const outgoing = { ...request, model: { name: '..', version: '1' } };
    expect(await deliver({ url: `${receiver.url}/models/{model}/retrain` }, { outgoing })).toEqual({
      ok: false,
      reason: 'parse',
      message: "this model or version cannot stand in the path of the webhook's URL",
      next: 'retry_slowly',
      written: false,
    });
    expect(receiver.connections()).toBe(0);
  });

  it('carries a signature that the reference library accepts, with the secret of the moment', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
    const signingSecret = { file: await file('signing', `${secrets[0]}\n`) };
    await deliver({ url: receiver.url, signingSecret });
    await file('signing', `${secrets[1]}\n`);
    await deliver({ url: receiver.url, signingSecret });
    receiver.received.forEach((received, index) => {
      const headers = received.headers as Record<string, string>;
      expect(new Webhook(secrets[index]!).verify(received.body, headers)).toEqual(
        JSON.parse(received.body.toString()),
      );
    });
    expect(receiver.received).toHaveLength(2);
  });

  it('carries configured headers and authorization, whose files are read anew for each attempt', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const token = await file('token', 'first\n');
    const config: Partial<WebhookConfig> = {
      headers: new Map([
        ['X-Team', { value: 'ünïcode' }],
        ['__proto__', { value: 'plain' }],
        ['constructor', { value: 'plain' }],
      ]),
      auth: { kind: 'authorization', type: 'Bearer', credentials: { file: token } },
    };
    await deliver({ url: receiver.url, ...config });
    await file('token', 'second\r\n');
    await deliver({ url: receiver.url, ...config });
    const [first, second] = receiver.received.map(({ headers }) => headers);
    expect(first!['authorization']).toBe('Bearer first');
    expect(second!['authorization']).toBe('Bearer second');
    expect(Buffer.from(first!['x-team'] as string, 'latin1').toString('utf8')).toBe('ünïcode');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('cannot be broken or impersonated by configured headers', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const names = [
      'Content-Length',
      'Transfer-Encoding',
      'Expect',
      'Connection',
      'Host',
      'Webhook-Id',
      'IDEMPOTENCY-KEY',
    ];
    const headers = new Map(
      [...names, 'webhook-signature', 'Webhook-Timestamp'].map((name) => [name, { value: '3' }]),
    );
    expect(await deliver({ url: receiver.url, headers })).toEqual({ ok: true });
    expect(receiver.received[0]!.body.equals(request.body)).toBe(true);
    expect(receiver.received[0]!.headers).toMatchObject({ 'webhook-id': 'rt_1', 'idempotency-key': 'rt_1' });
    expect(receiver.received[0]!.headers).not.toHaveProperty('webhook-signature');
    expect(receiver.received[0]!.headers['webhook-timestamp']).toMatch(/^\d{10}$/);
  });

  it('takes user info of the URL as basic auth, unless an authorization is configured', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const url = `http://me:p%40ss@127.0.0.1:${receiver.port}/`;
    await deliver({ url });
    await deliver({ url, auth: { kind: 'basic', username: 'you', password: { value: 'other' } } });
    expect(receiver.received.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${btoa('me:p@ss')}`,
      `Basic ${btoa('you:other')}`,
    ]);
  });
});

describe('an answer', () => {
  it.each<[number, Record<string, string>, Partial<Extract<Delivery, { ok: false }>> | 'delivered']>([
    [200, {}, 'delivered'],
    [202, {}, 'delivered'],
    [204, {}, 'delivered'],
    [409, {}, 'delivered'],
    [400, {}, { reason: 'http_4xx', next: 'retry_slowly', message: 'answered 400 Bad Request' }],
    [401, { 'retry-after': '60' }, { next: 'retry_slowly', retryAfterMs: 60_000, pause: false }],
    [408, {}, { next: 'retry' }],
    [410, {}, { reason: 'http_4xx', next: 'park' }],
    [425, {}, { next: 'retry' }],
    [429, { 'retry-after': '60' }, { next: 'retry', retryAfterMs: 60_000, pause: true }],
    [500, {}, { reason: 'http_5xx', next: 'retry' }],
    [
      503,
      { 'retry-after': new Date(Date.now() + 7_200_000).toUTCString() },
      { next: 'retry', retryAfterMs: 3_600_000, pause: true },
    ],
    [503, { 'retry-after': '-1' }, { next: 'retry' }],
    [599, {}, { reason: 'http_5xx', next: 'retry' }],
  ])('%d %j is classified by its status and Retry-After', async (status, headers, expected) => {
    await using receiver = await startReceiver((response) =>
      response.writeHead(status, headers).end('{"error": "x"}'),
    );
    const delivery = await deliver({ url: receiver.url });
    if (expected === 'delivered') expect(delivery).toEqual({ ok: true });
    else expect(delivery).toMatchObject({ ok: false, written: true, ...expected });
  });

  it.each([301, 302, 303, 307, 308])(
    '%d is a failure, and the place it points to is never called',
    async (status) => {
      await using elsewhere = await startReceiver((response) => response.end());
      await using receiver = await startReceiver((response) => {
        response.writeHead(status, { location: `${elsewhere.url}/?token=canary` }).end();
      });
      const delivery = await deliver({ url: receiver.url });
      expect(delivery).toMatchObject({ ok: false, reason: 'redirect', next: 'retry_slowly', written: true });
      expect(JSON.stringify(delivery)).not.toContain('canary');
      expect(receiver.received).toHaveLength(1);
      expect(elsewhere.connections()).toBe(0);
    },
  );

  it('may follow any number of provisional ones', async () => {
    await using receiver = await startReceiver((response) => {
      response.writeContinue();
      response.writeProcessing();
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.end();
    });
    expect(await deliver({ url: receiver.url })).toEqual({ ok: true });
  });

  it.each<[string, (socket: Socket) => void, Partial<Extract<Delivery, { ok: false }>>]>([
    [
      'that is not HTTP',
      (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
      { reason: 'parse', next: 'retry', written: true },
    ],
    [
      'with an endless header',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`),
      { reason: 'too_large', written: true },
    ],
    [
      'of two framings at once',
      (socket) => socket.write('HTTP/1.1 500 E\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'),
      { next: 'retry', written: true },
    ],
    [
      'that never comes because the connection is closed',
      (socket) => socket.end(),
      { reason: 'reset', next: 'retry', written: true },
    ],
    [
      'that never comes because the connection is reset',
      (socket) => socket.resetAndDestroy(),
      { reason: 'reset', next: 'retry', written: true },
    ],
    [
      'that breaks off in its head',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'),
      { reason: 'reset', next: 'retry', written: true },
    ],
  ])('%s is a failure that is tried again', async (_, handle, expected) => {
    await using receiver = await startRawReceiver((socket) => socket.once('data', () => handle(socket)));
    expect(await deliver({ url: receiver.url })).toMatchObject({ ok: false, ...expected });
  });

  it.each<[string, (socket: Socket) => void]>([
    [
      'is reset in its body',
      (socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', () => socket.resetAndDestroy()),
    ],
    [
      'has a bad chunk',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
    ],
    [
      'claims gzip and is none',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc'),
    ],
  ])('of 200 that %s is delivered: the status has decided', async (_, handle) => {
    await using receiver = await startRawReceiver((socket) => socket.once('data', () => handle(socket)));
    expect(await deliver({ url: receiver.url })).toEqual({ ok: true });
  });
});

describe('a deadline', () => {
  const timeoutMs = 250;
  const timeout = {
    ok: false,
    reason: 'timeout',
    message: 'no answer within 0.25 s',
    next: 'retry',
    written: true,
  };

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => {}],
    [
      'switches protocols unasked',
      (socket) => socket.write('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    ['says its head byte by byte', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')],
    ['says only that it goes on', (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n', { whole: true })],
  ])('ends an attempt whose receiver %s', async (_, handle) => {
    await using receiver = await startRawReceiver((socket) => socket.once('data', () => handle(socket)));
    expect(await deliver({ url: receiver.url, timeoutMs })).toEqual(timeout);
  });

  it.each<[string, number, object]>([
    ['delivered', 200, { ok: true }],
    ['a failure of its status', 500, { ok: false, reason: 'http_5xx' }],
  ])('that passes in a body which never ends leaves the attempt %s', async (_, status, expected) => {
    await using receiver = await startRawReceiver((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n`);
        drip(socket, '1\r\na\r\n', { whole: true });
      });
    });
    expect(await deliver({ url: receiver.url, timeoutMs })).toMatchObject(expected);
  });

  it('covers a secret that cannot be read', async () => {
    const path = join(folder, 'fifo');
    await promisify(execFile)('mkfifo', [path]);
    await using receiver = await startReceiver((response) => response.end());
    expect(await deliver({ url: receiver.url, signingSecret: { file: path } })).toMatchObject({
      ok: false,
      next: 'retry',
      message: `${path} is not a file`,
      written: false,
    });
    expect(receiver.connections()).toBe(0);
  });

  it('covers a name server that does not answer', async () => {
    expect(await deliver({ url: 'http://trainer/', timeoutMs }, { resolve: () => {} })).toEqual({
      ...timeout,
      written: false,
    });
  });

  it('covers a connection that is never taken further', async () => {
    // TLS towards a server that does not answer: connected, but no byte of the request can have been written.
    await using receiver = await startRawReceiver(() => {});
    expect(await deliver({ url: `https://127.0.0.1:${receiver.port}/`, timeoutMs })).toEqual({
      ...timeout,
      written: false,
    });
  });
});

describe('an abort', () => {
  it('ends an attempt at once', async () => {
    await using receiver = await startReceiver(() => controller.abort());
    const controller = new AbortController();
    expect(await deliver({ url: receiver.url }, { signal: controller.signal })).toEqual({
      ok: false,
      reason: 'timeout',
      message: 'stopped before an answer came',
      next: 'retry',
      written: true,
    });
  });

  it('that came before sends nothing', async () => {
    await using receiver = await startReceiver((response) => response.end());
    expect(await deliver({ url: receiver.url }, { signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
      written: false,
    });
    expect(receiver.connections()).toBe(0);
  });

  it('in the body of a 200 leaves it delivered', async () => {
    const controller = new AbortController();
    await using receiver = await startReceiver((response) => {
      response.writeHead(200).write('x');
      setImmediate(() => controller.abort());
    });
    // The abort may overtake the head of the answer, but then it must be told as such.
    const delivery = await deliver({ url: receiver.url }, { signal: controller.signal });
    expect([
      { ok: true },
      expect.objectContaining({ message: 'stopped before an answer came' }),
    ]).toContainEqual(delivery);
  });
});

describe('a body', () => {
  it.each([200, 500])('of %d is read up to 64 KiB and then cut off', async (status) => {
    let sentBytes = 0;
    const closed = Promise.withResolvers<void>();
    await using receiver = await startReceiver((response) => {
      response.on('close', closed.resolve);
      response.writeHead(status);
      const chunk = Buffer.alloc(16_384, 'a');
      const pump = () => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
      };
      response.on('drain', pump);
      pump();
    });
    expect((await deliver({ url: receiver.url, timeoutMs: 20_000 })).ok).toBe(status === 200);
    await closed.promise;
    // What lies in the buffers of two sockets was sent too.
    expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('that is a gzip bomb is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024), { level: 1 });
    await using receiver = await startReceiver((response, { headers }) => {
      expect(headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }, 1);
    expect(await deliver({ url: receiver.url })).toEqual({ ok: true });
    clearInterval(watch);
    expect(peak - before).toBeLessThan(16 * 1024 * 1024);
  });
});

describe('a failure before the request', () => {
  it('to find the host is `dns`, nothing written', async () => {
    expect(await deliver({ url: 'http://no-such-host.invalid/' })).toMatchObject({
      ok: false,
      reason: 'dns',
      next: 'retry',
      written: false,
    });
  });

  it('to connect is `connect`, nothing written', async () => {
    const gone = await startReceiver((response) => response.end());
    await gone[Symbol.asyncDispose]();
    const delivery = await deliver({ url: `http://me:canary@127.0.0.1:${gone.port}/?key=canary` });
    expect(delivery).toEqual({
      ok: false,
      reason: 'connect',
      message: `connect ECONNREFUSED 127.0.0.1:${gone.port}`,
      next: 'retry',
      written: false,
    });
  });

  it.each([
    'http://169.254.169.254/latest/',
    'http://[fe80::1]/',
    'http://0xa9fea9fe/',
    'http://[::ffff:169.254.169.254]/',
  ])('refuses the metadata address %s', async (url) => {
    expect(await deliver({ url })).toMatchObject({
      ok: false,
      reason: 'connect',
      written: false,
      message: /link-local/,
    });
  });

  it('refuses a name that has come to mean the metadata address', async () => {
    const resolve: Resolve = (_name, _options, callback) =>
      callback(null, [{ address: '169.254.169.254', family: 4 }]);
    expect(await deliver({ url: 'http://trainer/' }, { resolve })).toMatchObject({
      ok: false,
      reason: 'connect',
      written: false,
      message: '169.254.169.254 is a link-local or metadata address, which is never called',
    });
  });

  it('to reach one address is none where the name has another', async () => {
    await using receiver = await startReceiver((response) => response.end());
    const resolve: Resolve = (_name, _options, callback) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    expect(await deliver({ url: `http://trainer:${receiver.port}/` }, { resolve })).toEqual({ ok: true });
  });

  it.each<[string, (path: string) => Partial<WebhookConfig>]>([
    ['token', (path) => ({ auth: { kind: 'authorization', type: 'Bearer', credentials: { file: path } } })],
    ['password', (path) => ({ auth: { kind: 'basic', username: 'me', password: { file: path } } })],
    ['signing secret', (path) => ({ signingSecret: { file: path } })],
    ['header', (path) => ({ headers: new Map([['x', { file: path }]]) })],
  ])('names the file of a %s that is missing, and tries again', async (_, config) => {
    await using receiver = await startReceiver((response) => response.end());
    const path = join(folder, 'missing');
    expect(await deliver({ url: receiver.url, ...config(path) })).toEqual({
      ok: false,
      reason: 'connect',
      message: `cannot read ${path}: ENOENT`,
      next: 'retry',
      written: false,
    });
    expect(receiver.connections()).toBe(0);
  });

  it.each<[string, string, (path: string) => Partial<WebhookConfig>]>([
    [
      'a token with a line break',
      'cana\nry',
      (path) => ({ auth: { kind: 'authorization', type: 'Bearer', credentials: { file: path } } }),
    ],
    ['an unusable signing secret', 'whsec_canary!', (path) => ({ signingSecret: { file: path } })],
    ['a CA that is none', 'canary', (path) => ({ tls: { caFile: path, insecureSkipVerify: false } })],
  ])('never tells the content of %s', async (_, content, config) => {
    await using receiver = await startRawReceiver((socket) => socket.end());
    const path = await file('bad', content);
    const delivery = await deliver({ url: `https://127.0.0.1:${receiver.port}`, ...config(path) });
    expect(delivery).toMatchObject({ ok: false, next: 'retry', written: false });
    expect(JSON.stringify(delivery)).not.toMatch(/cana/);
  });
});

describe('proxies', () => {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

  it('of the environment are never used, not even those of Node itself', async () => {
    await using proxy = await startReceiver((response) => response.end());
    await using receiver = await startReceiver((response) => response.writeHead(204).end());
    const script = `
      const { createWebhookTrigger } = await import(${JSON.stringify(new URL('./webhook.ts', import.meta.url).href)});
      const { systemClock } = await import(${JSON.stringify(new URL('../../clock.ts', import.meta.url).href)});
      const config = { kind: 'webhook', method: 'POST', headers: new Map(), timeoutMs: 5000, url: process.argv[1] };
      const trigger = createWebhookTrigger({ name: 't', config, version: '1', clock: systemClock });
      const request = { id: 'rt_1', model: { name: 'm', version: '1' }, reason: '', body: new Uint8Array([123, 125]), attempt: 1 };
      console.log(JSON.stringify(await trigger.deliver(request, new AbortController().signal)));
    `;
    const env = { ...process.env, NO_PROXY: '', no_proxy: '', NODE_USE_ENV_PROXY: '1' };
    for (const name of names) Object.assign(env, { [name]: proxy.url });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script, receiver.url],
      { env },
    );
    expect(JSON.parse(stdout)).toEqual({ ok: true });
    expect(receiver.received).toHaveLength(1);
    expect(proxy.connections()).toBe(0);
  });
});

describe('repetition', () => {
  it('sends byte-identical bodies under one id when the answer was lost', async () => {
    const received: Received[] = [];
    await using receiver = await startReceiver((response, what) => {
      received.push(what);
      if (received.length === 1) response.destroy();
      else response.end();
    });
    expect(await deliver({ url: receiver.url })).toMatchObject({ ok: false, written: true });
    expect(await deliver({ url: receiver.url })).toEqual({ ok: true });
    expect(received[0]!.body.equals(received[1]!.body)).toBe(true);
    expect(received[0]!.headers['webhook-id']).toBe(received[1]!.headers['webhook-id']);
  });
});

/** Writes a text again and again, a byte or the whole at a time, until the connection is closed. */
function drip(socket: Socket, text: string, { whole = false } = {}): void {
  let at = 0;
  const timer = setInterval(() => {
    if (whole) socket.write(text);
    else if (at < text.length) socket.write(text[at++]!);
  }, 20);
  socket.on('close', () => clearInterval(timer));
}
