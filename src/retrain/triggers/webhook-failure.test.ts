import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { WebhookConfig } from '../../config/config.ts';
import type { Resolve } from '../../outgoing/forbidden-address.ts';
import { startRawReceiver, startReceiver } from '../receiver.testing.ts';
import { deliver, drip, useTempFolder } from './webhook.testing.ts';

const files = useTempFolder();

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
    const path = files.path('fifo');
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
    const path = files.path('missing');
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
    const path = await files.write('bad', content);
    const delivery = await deliver({ url: `https://127.0.0.1:${receiver.port}`, ...config(path) });
    expect(delivery).toMatchObject({ ok: false, next: 'retry', written: false });
    expect(JSON.stringify(delivery)).not.toMatch(/cana/);
  });
});
