import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startRawReceiver, startReceiver } from '../receiver.testing.ts';
import type { Delivery } from '../trigger.ts';
import { deliver } from './webhook.testing.ts';

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
