import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { silentLogger } from '../log.ts';
import { readPage } from '../metrics/exposition.testing.ts';
import { parsePush } from '../sources/push.ts';
import { FakeBackend } from './backend.testing.ts';
import type { MetricsPage } from './routes/metrics.ts';
import { type Ask, startServer, type TestServer } from './server.testing.ts';
import { createHttpServer } from './server.ts';

/** For a busy machine. */
const PATIENT = { timeout: 10_000 };

const EVENT = JSON.stringify({ model: { name: 'fraud' }, metric: 'accuracy', value: 0.5 });

async function outcome(server: TestServer, path: string, ask?: Ask): Promise<string> {
  const { status, text } = await server.ask(path, ask);
  return text === '' ? String(status) : `${status} ${JSON.parse(text).errorType}`;
}

describe('paths and methods', () => {
  it.each<[method: string, path: string, status: number, allow: string | undefined]>([
    ['GET', '/nothing', 404, undefined],
    ['POST', '/nothing', 404, undefined],
    ['GET', '/api/v1/signals/', 404, undefined],
    ['GET', '/API/v1/signals', 404, undefined],
    ['GET', '/-/reload', 405, 'POST, PUT'],
    ['POST', '/metrics', 405, 'GET, HEAD'],
    ['POST', '/-/healthy', 405, 'GET, HEAD'],
    ['PUT', '/api/v1/events', 405, 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/events', 405, 'GET, HEAD, POST'],
    ['PUT', '/api/v1/signals', 405, 'GET, HEAD'],
    ['GET', '/api/v1/retrains/rt_1/outcome', 405, 'POST'],
    ['PROPFIND', '/metrics', 405, 'GET, HEAD'],
  ])('%s %s is %i, in the shape of the API', async (method, path, status, allow) => {
    await using server = await startServer();
    const answer = await server.ask(path, { method });
    expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
    expect(JSON.parse(answer.text)).toEqual({
      status: 'error',
      errorType: status === 404 ? 'not_found' : 'method_not_allowed',
      error: expect.any(String),
    });
  });

  it.each(['/-/healthy', '/-/ready', '/metrics', '/api/v1/signals', '/api/v1/status/config'])(
    'HEAD %s answers like GET, without a body',
    async (path) => {
      await using server = await startServer();
      const [head, whole] = [await server.ask(path, { method: 'HEAD' }), await server.ask(path)];
      expect([head.status, head.text, head.headers['content-type']]).toEqual([
        200,
        '',
        whole.headers['content-type'],
      ]);
      expect(head.headers['content-length']).toBe(whole.headers['content-length']);
    },
  );

  it('OPTIONS names the methods', async () => {
    await using server = await startServer();
    const { status, headers } = await server.ask('/-/reload', { method: 'OPTIONS' });
    expect([status, headers.allow]).toEqual([204, 'POST, PUT']);
  });

  it.each(['/metrics?x=1', '/api/v1/status/config?x=1'])(
    'GET %s is refused for its parameter',
    async (path) => {
      await using server = await startServer();
      expect(await outcome(server, path)).toBe('400 bad_data');
    },
  );

  it.each(['*', 'http://127.0.0.1/-/healthy'])('a target of the form %s is refused', async (target) => {
    await using server = await startServer();
    expect(await outcome(server, target, { method: 'OPTIONS' })).toBe('400 bad_data');
  });
});

describe('writes', () => {
  it('from another address are refused before their body is read', async () => {
    await using server = await startServer();
    expect(await outcome(server, '/api/v1/events', { method: 'POST', body: EVENT, from: '127.0.0.2' })).toBe(
      '403 forbidden',
    );
    expect(await outcome(server, '/-/reload', { method: 'POST', from: '127.0.0.2' })).toBe('403 forbidden');
    expect(server.backend.pushed).toEqual([]);
    expect(server.backend.reloads).toBe(0);
    expect((await server.ask('/metrics', { from: '127.0.0.2' })).status).toBe(200);
  });

  it('from a page of another origin are refused', async () => {
    await using server = await startServer();
    const { port } = server.address;
    const push = (origin: string): Promise<string> =>
      outcome(server, '/api/v1/events', { method: 'POST', body: EVENT, headers: { origin } });
    expect(await push('https://evil.example')).toBe('403 forbidden');
    expect(await push(`http://127.0.0.1:${port}`)).toBe('204');
  });
});

describe('an error of ours', () => {
  it('is answered in the shape of the API, and logged without what was sent', async () => {
    await using server = await startServer();
    server.backend.bug = new Error('undefined is not a function');
    const { status, text } = await server.ask('/api/v1/events', {
      method: 'POST',
      body: EVENT.replace('fraud', 'planted-in-body'),
      headers: { authorization: 'Bearer planted-in-header' },
    });
    expect([status, JSON.parse(text)]).toEqual([
      500,
      { status: 'error', errorType: 'internal', error: 'an error of ours, see the log' },
    ]);
    const line = server.log.lines.find(({ level }) => level === 'error');
    expect(line).toMatchObject({
      message: 'request failed',
      fields: { method: 'POST', path: '/api/v1/events' },
    });
    expect(line!.fields['error']).toContain('undefined is not a function');
    expect(JSON.stringify(server.log.lines)).not.toContain('planted');
  });
});

describe('bodies', () => {
  const LIMITS = { limits: { bodyBytes: 1000 } };
  const zipped = (text: string, encoding = 'gzip'): Ask => ({
    method: 'POST',
    body: gzipSync(text),
    headers: { 'content-encoding': encoding },
  });
  const chunked = (body: string): Ask => ({
    method: 'POST',
    body,
    headers: { 'transfer-encoding': 'chunked' },
  });
  const lines = (bytes: number): string => EVENT.padEnd(bytes, '\n');

  it.each<[what: string, ask: Ask, expected: string]>([
    ['gzip', zipped(EVENT), '204'],
    ['gzip by its old name', zipped(EVENT, 'x-gzip'), '204'],
    ['gzip in upper case', zipped(EVENT, ' GZIP '), '204'],
    [
      'two gzip members',
      { ...zipped(''), body: Buffer.concat([gzipSync(EVENT), gzipSync(`\n${EVENT}`)]) },
      '204',
    ],
    ['identity by name', { method: 'POST', body: EVENT, headers: { 'content-encoding': 'identity' } }, '204'],
    ['chunks', chunked(EVENT), '204'],
    ['as many bytes as are allowed', { method: 'POST', body: lines(1000) }, '204'],
    ['as many bytes as are allowed, zipped', zipped(lines(1000)), '204'],
    ['none', { method: 'POST' }, '400 bad_data'],
    ['no gzip where it says so', { ...zipped(''), body: EVENT }, '400 bad_data'],
    ['gzip that breaks off', { ...zipped(''), body: gzipSync(EVENT).subarray(0, 40) }, '400 bad_data'],
    ['another encoding', zipped(EVENT, 'br'), '415 unsupported_media_type'],
    ['two encodings', zipped(EVENT, 'gzip, gzip'), '415 unsupported_media_type'],
    ['one byte too many', { method: 'POST', body: lines(1001) }, '413 too_large'],
    ['one byte too many, in chunks', chunked(lines(1001)), '413 too_large'],
    ['one byte too many, zipped', zipped(lines(1001)), '413 too_large'],
  ])('of %s', async (_what, ask, expected) => {
    await using server = await startServer(LIMITS);
    expect(await outcome(server, '/api/v1/events', ask)).toBe(expected);
  });

  it('of an encoding that we do not take say which we do', async () => {
    await using server = await startServer();
    expect((await server.ask('/api/v1/events', zipped(EVENT, 'br'))).headers['accept-encoding']).toBe('gzip');
  });

  it('that would unpack to a gigabyte are stopped at the limit', async () => {
    await using server = await startServer();
    const megabyte = gzipSync(Buffer.alloc(2 ** 20, 0x20));
    const bomb = Buffer.concat(Array.from({ length: 1024 }, () => megabyte));
    const before = process.memoryUsage().arrayBuffers;
    const answer = await outcome(server, '/api/v1/events', { ...zipped(''), body: bomb });
    expect(answer).toBe('413 too_large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
    expect(await outcome(server, '/api/v1/events', { method: 'POST', body: EVENT })).toBe('204');
  });

  it('that together hold too much are sent away for a second, until others are done', async () => {
    await using server = await startServer({ limits: { heldBodyBytes: 1000 } });
    const slow = await open(server);
    const waiting = server.ask('/api/v1/events', { method: 'POST', body: lines(600) });
    expect((await waiting).status).toBe(204);
    slow.write(`POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n${lines(600)}`);
    // The answer to a request behind it in line proves that it was read.
    await expect
      .poll(
        async () => (await server.ask('/api/v1/events', { method: 'POST', body: lines(600) })).status,
        PATIENT,
      )
      .toBe(503);
    slow.destroy();
    await expect
      .poll(
        async () => (await server.ask('/api/v1/events', { method: 'POST', body: lines(600) })).status,
        PATIENT,
      )
      .toBe(204);
  });

  it('that break off take nothing, and trouble nobody', async () => {
    await using server = await startServer();
    const socket = await open(server);
    socket.write(`POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n${EVENT}`);
    socket.end();
    expect(await heard(socket)).toMatch(/^HTTP\/1.1 400 /);
    expect((await server.ask('/-/healthy')).status).toBe(200);
    expect(server.backend.pushed).toEqual([]);
    expect(server.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

async function open(server: TestServer): Promise<Socket> {
  const socket = connect(server.address.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** What the server says until it closes the connection. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

describe('connections', () => {
  const SHORT = {
    limits: { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20, keepAliveTimeoutMs: 100 },
  };

  it.each<[what: string, bytes: string]>([
    ['says nothing', ''],
    ['never ends its headers', 'GET /metrics HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['never sends its body', 'POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n'],
    [
      'never ends its chunks',
      'POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{',
    ],
  ])('that %s is closed in time', async (_what, bytes) => {
    await using server = await startServer(SHORT);
    const socket = await open(server);
    socket.write(bytes);
    const start = performance.now();
    expect(await heard(socket)).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('that sends a byte now and then is closed in time all the same', async () => {
    await using server = await startServer(SHORT);
    const socket = await open(server);
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const drip = setInterval(() => socket.write('x'), 20);
    // A byte that meets the closed connection is answered with a reset, which may overtake the answer.
    const end = await heard(socket).catch(({ code }: NodeJS.ErrnoException) => code);
    expect(end).toMatch(/^HTTP\/1.1 408 |^ECONNRESET$/);
    clearInterval(drip);
  });

  it('that is idle after an answer is closed in time', async () => {
    await using server = await startServer(SHORT);
    const socket = await open(server);
    socket.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await heard(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('with headers too large is answered 431', async () => {
    await using server = await startServer();
    const socket = await open(server);
    socket.write(`GET /metrics HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(17 * 1024)}\r\n\r\n`);
    expect(await heard(socket)).toMatch(/^HTTP\/1.1 431 /);
  });

  it.each<[what: string, bytes: string]>([
    ['no HTTP', 'hello\r\n\r\n'],
    ['no host', 'GET /metrics HTTP/1.1\r\n\r\n'],
    [
      'two lengths',
      'POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a bare line feed in a header', 'GET /metrics HTTP/1.1\nHost: a\n\n'],
  ])('that speaks %s is answered 400 and closed', async (_what, bytes) => {
    await using server = await startServer();
    const socket = await open(server);
    socket.write(bytes);
    expect(await heard(socket)).toMatch(/^HTTP\/1.1 400 /);
  });

  it('beyond the most that are allowed are closed at once', async () => {
    await using server = await startServer({ limits: { connections: 2 } });
    const sockets = [await open(server), await open(server)];
    const third = await open(server);
    expect(await heard(third)).toBe('');
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => (await server.ask('/-/healthy').catch(() => null))?.status, PATIENT)
      .toBe(200);
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text by default', async () => {
    await using server = await startServer();
    server.backend.scenario.sample(0.5);
    const { headers, text } = await server.ask('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(readPage(text).map(({ name }) => name)).toContain('driftgauge_signal_ema');
  });

  it('is OpenMetrics when asked for', async () => {
    await using server = await startServer();
    const { headers, text } = await server.ask('/metrics', {
      headers: { accept: 'application/openmetrics-text' },
    });
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  it.each<[header: string, zipped: boolean]>([
    ['gzip', true],
    ['br, gzip;q=0.5', true],
    ['*', true],
    ['deflate', false],
    ['gzip;q=0', false],
    ['gzip;q=0.0, *', false],
    ['', false],
  ])('with Accept-Encoding %j is zipped: %j', async (header, zipped) => {
    await using server = await startServer();
    const plain = await server.ask('/metrics');
    const { headers, bytes } = await server.ask('/metrics', { headers: { 'accept-encoding': header } });
    expect(headers['content-encoding']).toBe(zipped ? 'gzip' : undefined);
    expect((zipped ? gunzipSync(bytes) : bytes).toString()).toBe(plain.text);
  });

  it('is refused for a second to more readers than anybody has', async () => {
    const waiting: (() => void)[] = [];
    const metricsPage: MetricsPage = {
      render: () => new Promise((resolve) => waiting.push(() => resolve(pageOf(Buffer.from('a 1\n'))))),
    };
    await using server = await startServer({ metricsPage });
    const readers = Array.from({ length: 16 }, () => server.ask('/metrics'));
    await expect.poll(() => waiting.length, PATIENT).toBe(16);
    const refused = await server.ask('/metrics');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    for (const go of waiting.splice(0)) go();
    expect((await Promise.all(readers)).map(({ status }) => status)).toEqual(Array(16).fill(200));
    const next = server.ask('/metrics');
    await expect.poll(() => waiting.length, PATIENT).toBe(1);
    waiting[0]!();
    expect((await next).status).toBe(200);
  });

  it('is broken off for a reader that does not take it in time', async () => {
    const clock = new ManualClock();
    let rendered = 0;
    const metricsPage: MetricsPage = {
      render: async () => {
        rendered++;
        return pageOf(Buffer.alloc(64 * 2 ** 20, 'a'));
      },
    };
    await using server = await startServer({ clock, metricsPage });
    const socket = await open(server);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => rendered, PATIENT).toBe(1);
    await clock.advance(30_000);
    let length = 0;
    socket.on('data', (chunk) => {
      length += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(length).toBeLessThan(64 * 2 ** 20);
  });
});

function pageOf(body: Buffer) {
  return { contentType: 'text/plain', body, [Symbol.dispose]: () => undefined };
}

describe('start and stop', () => {
  it('on a port that is taken rejects with the error of listening', async () => {
    await using first = await startServer();
    const { host, port } = first.address;
    await expect(startServer({ listen: { host, port } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('tells its address while it listens', async () => {
    const backend = new FakeBackend();
    const server = createHttpServer({
      backend,
      log: silentLogger,
      listen: { host: '127.0.0.1', port: 0 },
      enableLifecycle: false,
      parsePush,
      metricsPage: { render: async () => pageOf(Buffer.from('')) },
    });
    expect(server.address).toBeNull();
    const address = await server.start();
    expect(address).toEqual({ scheme: 'http', host: '127.0.0.1', port: expect.any(Number) });
    expect(server.address).toEqual(address);
    await server.stop();
    await server.stop();
    expect(server.address).toBeNull();
  });

  it('lets a request in progress end, and closes idle connections', async () => {
    const server = await startServer();
    const { backend } = server;
    let done = (): void => {};
    const started = new Promise<void>((resolve) => {
      backend.push = () => {
        resolve();
        return new Promise((settle) => {
          done = settle;
        });
      };
    });
    const idle = await open(server);
    idle.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const push = server.ask('/api/v1/events', {
      method: 'POST',
      body: EVENT,
      headers: { connection: 'keep-alive' },
    });
    await started;
    const stopped = server.stop();
    await once(idle, 'close');
    done();
    expect((await push).status).toBe(204);
    await stopped;
    await expect(server.ask('/-/healthy')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('breaks off what does not end in time', async () => {
    const clock = new ManualClock();
    const server = await startServer({ clock });
    let begun = false;
    server.backend.push = () => {
      begun = true;
      return new Promise(() => {});
    };
    const push = server.ask('/api/v1/events', { method: 'POST', body: EVENT });
    push.catch(() => {});
    await expect.poll(() => begun, PATIENT).toBe(true);
    const stopped = server.stop();
    await clock.advance(5000);
    await stopped;
    await expect(push).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('keeps connections for the next request while it runs', async () => {
    await using server = await startServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const localPort = async (): Promise<number> => {
      const request = get({ port: server.address.port, host: '127.0.0.1', path: '/-/healthy', agent });
      const [response] = await once(request, 'response');
      const { port } = response.socket.address() as AddressInfo;
      response.resume();
      await once(response, 'end');
      return port;
    };
    expect(await localPort()).toBe(await localPort());
    agent.destroy();
  });
});
