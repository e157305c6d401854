import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetcherOf } from './page-fetcher.testing.ts';
import type { TestTarget } from './target.testing.ts';
import { page, startTarget } from './target.testing.ts';

/** What a fetch says of `page`. */
const taken = { ok: true, contentType: 'text/plain; version=0.0.4' };

describe('a fetch', () => {
  it('asks as Prometheus would', async () => {
    await using target = await startTarget(page('a 1\n'));
    using fetcher = fetcherOf(target.address, {
      metricsPath: '/m',
      params: new Map([['p', ['1']]]),
      timeoutMs: 2500,
    });
    expect(await fetcher.fetch()).toEqual({ result: taken, body: 'a 1\n' });
    const [{ method, url, headers }] = target.requests as [TestTarget['requests'][number]];
    expect({ method, url, headers }).toMatchObject({
      method: 'GET',
      url: '/m?p=1',
      headers: {
        host: target.address,
        accept:
          'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
        'accept-encoding': 'gzip',
        'user-agent': 'Driftgauge/1.2.3',
        'x-prometheus-scrape-timeout-seconds': '2.5',
      },
    });
  });

  it('asks for protobuf first where native histograms are wanted', async () => {
    await using target = await startTarget(page('a 1\n'));
    using fetcher = fetcherOf(target.address);
    await fetcher.fetch({ nativeHistograms: true });
    expect(target.requests[0]!.headers.accept).toMatch(
      /^application\/vnd\.google\.protobuf;.*;q=0\.6,.*;q=0\.1$/,
    );
  });

  it('answers the content type as it was sent, whatever it is', async () => {
    await using target = await startTarget((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'Application/OpenMetrics-Text; version=1.0.0' })
        .end('# EOF\n');
    });
    using fetcher = fetcherOf(target.address);
    expect(await fetcher.fetch()).toEqual({
      result: { ok: true, contentType: 'Application/OpenMetrics-Text; version=1.0.0' },
      body: '# EOF\n',
    });
  });

  it('sends the headers and the authorization of its config, from files as they are now', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'driftgauge-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'one\n');
    await using target = await startTarget(page(''));
    using fetcher = fetcherOf(target.address, {
      headers: new Map([
        ['X-Team', { value: 'risk' }],
        ['User-Agent', { value: 'ignored' }],
      ]),
      auth: { kind: 'authorization', type: 'Bearer', credentials: { file } },
    });
    await fetcher.fetch();
    writeFileSync(file, 'two\n');
    await fetcher.fetch();
    rmSync(folder, { recursive: true });
    expect(target.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer one',
      'Bearer two',
    ]);
    expect(target.requests[0]!.headers).toMatchObject({ 'x-team': 'risk', 'user-agent': 'Driftgauge/1.2.3' });
    expect(await fetcher.fetch()).toMatchObject({
      result: { reason: 'connect', message: `cannot read ${file}: ENOENT` },
    });
  });

  it('keeps its connection', async () => {
    await using target = await startTarget(page('a 1\n'));
    using fetcher = fetcherOf(target.address);
    for (let index = 0; index < 5; index++) expect((await fetcher.fetch()).result.ok).toBe(true);
    expect(target.connections).toBe(1);
  });

  it('tries again on a new connection where the kept one was closed under it', async () => {
    await using target = await startTarget(page('a 1\n'));
    using fetcher = fetcherOf(target.address);
    await fetcher.fetch();
    target.answer = (request, response) => {
      // As if the target's idle time had ended while the request was under way.
      if (target.connections === 1) request.socket.destroy();
      else page('a 2\n')(request, response);
    };
    expect(await fetcher.fetch()).toEqual({ result: taken, body: 'a 2\n' });
    target.answer = (request) => request.socket.destroy();
    expect(await fetcher.fetch()).toMatchObject({ result: { reason: 'reset' } });
  });

  it('overwrites what the page held, and grows it', async () => {
    await using target = await startTarget(page(`${'x'.repeat(300_000)}`));
    using fetcher = fetcherOf(target.address);
    expect((await fetcher.fetch()).body).toHaveLength(300_000);
    target.answer = page('a 1\n');
    expect((await fetcher.fetch()).body).toBe('a 1\n');
  });

  it('reads gzip, and says so when it is broken', async () => {
    await using target = await startTarget((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('a 1\n'.repeat(100_000)));
    });
    using fetcher = fetcherOf(target.address);
    expect((await fetcher.fetch()).body).toBe('a 1\n'.repeat(100_000));
    target.answer = (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('a 1\n'.repeat(100_000)).subarray(0, 50));
    };
    expect((await fetcher.fetch()).result).toMatchObject({
      reason: 'parse',
      message: 'the body is not valid gzip (Z_BUF_ERROR)',
    });
    target.answer = (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('a 1\n');
    };
    expect((await fetcher.fetch()).result).toMatchObject({
      reason: 'parse',
      message: 'the body is not valid gzip (Z_DATA_ERROR)',
    });
  });

  const answers: Record<string, [number, Record<string, string>, string, object]> = {
    'a redirect': [
      302,
      { location: '/elsewhere' },
      '',
      { reason: 'redirect', message: 'the target answered 302' },
    ],
    'not modified': [304, {}, '', { reason: 'redirect', message: 'the target answered 304' }],
    unauthorized: [401, {}, 'no', { reason: 'http_4xx', message: 'the target answered 401' }],
    'not found': [404, {}, 'no', { reason: 'http_4xx', message: 'the target answered 404' }],
    'a server error': [500, {}, 'no', { reason: 'http_5xx', message: 'the target answered 500' }],
    'an encoding that was not asked for': [
      200,
      { 'content-encoding': 'br' },
      'x',
      { reason: 'parse', message: 'the body is encoded as br, which was not asked for' },
    ],
  };
  it.each(Object.entries(answers))('fails on %s', async (_, [status, headers, body, expected]) => {
    await using target = await startTarget((request, response) => {
      if (request.url !== '/metrics') throw new Error('a redirect was followed');
      response.writeHead(status, headers).end(body);
    });
    using fetcher = fetcherOf(target.address);
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, ...expected });
    target.answer = page('a 1\n');
    expect(await fetcher.fetch()).toEqual({ result: taken, body: 'a 1\n' });
  });

  it('takes an empty body', async () => {
    await using target = await startTarget((_request, response) => response.writeHead(204).end());
    using fetcher = fetcherOf(target.address);
    expect(await fetcher.fetch()).toEqual({ result: { ok: true, contentType: '' }, body: '' });
  });
});

describe('a body', () => {
  const limit = { bodySizeLimitBytes: 1000 };
  const tooLarge = { ok: false, reason: 'too_large', message: 'the body is larger than 1000 bytes' };

  it('may be as large as the limit', async () => {
    await using target = await startTarget(page('x'.repeat(1000)));
    using fetcher = fetcherOf(target.address, limit);
    expect((await fetcher.fetch()).result).toEqual(taken);
    target.answer = page('x'.repeat(1001));
    expect((await fetcher.fetch()).result).toEqual(tooLarge);
  });

  it('without an end is cut off', async () => {
    await using target = await startTarget((_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(100)));
      };
      response.on('drain', write);
      write();
    });
    using fetcher = fetcherOf(target.address, limit);
    expect((await fetcher.fetch()).result).toEqual(tooLarge);
    expect(fetcher.buffer.length).toBeLessThanOrEqual(1000);
  });

  it('is measured as it is decoded, while it is decoded', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    await using target = await startTarget((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(bomb);
    });
    using fetcher = fetcherOf(target.address, { bodySizeLimitBytes: 1024 * 1024 });
    const before = process.memoryUsage().rss;
    expect((await fetcher.fetch()).result).toMatchObject({ reason: 'too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    expect(fetcher.buffer.bytes.length).toBeLessThan(4 * 1024 * 1024);
  });

  it('that breaks off is a reset', async () => {
    await using target = await startTarget((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('a 1\n', () => request.socket.destroy());
    });
    using fetcher = fetcherOf(target.address);
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, reason: 'reset' });
  });

  it('in broken chunks is one too', async () => {
    await using target = await startTarget((request) => {
      request.socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a length\r\n');
    });
    using fetcher = fetcherOf(target.address);
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, reason: 'reset' });
  });
});
