import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import type { ScrapeConfig } from '../config/config.ts';
import { fetcherOf, startSilentServer } from './page-fetcher.testing.ts';
import { page, startTarget, tlsFile } from './target.testing.ts';

describe('the deadline', () => {
  const late = { ok: false, reason: 'timeout', message: 'not done within 10000 ms' };

  it('ends a wait for an answer', async () => {
    const clock = new ManualClock();
    await using target = await startTarget(() => {});
    using fetcher = fetcherOf(target.address, {}, { clock });
    const asked = target.nextRequest();
    const fetched = fetcher.fetch();
    await asked;
    await clock.advance(9999);
    await clock.advance(1);
    expect((await fetched).result).toEqual(late);
  });

  it('is one for the whole, however steadily bytes drip in', async () => {
    const clock = new ManualClock();
    await using target = await startTarget((_request, response) => response.writeHead(200).write('a'));
    using fetcher = fetcherOf(target.address, {}, { clock });
    const asked = target.nextRequest();
    const fetched = fetcher.fetch();
    await asked;
    target.answer = () => {};
    for (let second = 0; second < 10; second++) await clock.advance(1000);
    expect((await fetched).result).toEqual(late);
  });

  it('holds for a handshake that never ends', async () => {
    const clock = new ManualClock();
    await using silent = await startSilentServer();
    using fetcher = fetcherOf(silent.address, { scheme: 'https' }, { clock });
    const fetched = fetcher.fetch();
    await once(silent.server, 'connection');
    await clock.advance(10_000);
    expect((await fetched).result).toEqual(late);
  });

  it('frees the connection for the next fetch', async () => {
    const clock = new ManualClock();
    await using target = await startTarget(() => {});
    using fetcher = fetcherOf(target.address, {}, { clock });
    const asked = target.nextRequest();
    const fetched = fetcher.fetch();
    await asked;
    await clock.advance(10_000);
    await fetched;
    target.answer = page('a 1\n');
    expect((await fetcher.fetch()).result).toMatchObject({ ok: true });
  });

  it('is not waited for when the scraper stops', async () => {
    await using target = await startTarget(() => {});
    using fetcher = fetcherOf(target.address);
    const asked = target.nextRequest();
    const fetched = fetcher.fetch();
    await asked;
    fetcher.stopping.abort();
    expect((await fetched).result.ok).toBe(false);
  });
});

describe('a connection', () => {
  it('that is refused', async () => {
    const { address } = await startSilentServer().then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    using fetcher = fetcherOf(address);
    expect((await fetcher.fetch()).result).toEqual({
      ok: false,
      reason: 'connect',
      message: `connect ECONNREFUSED ${address}`,
    });
  });

  it('to a name that does not exist', async () => {
    using fetcher = fetcherOf('no-such-host.invalid:80');
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, reason: 'dns' });
  });

  it('is trusted where the CA of its config has signed', async () => {
    await using target = await startTarget(page('a 1\n'), { secure: true });
    const tls = { caFile: tlsFile('ca.pem'), insecureSkipVerify: false };
    using fetcher = fetcherOf(target.address, { scheme: 'https', tls });
    expect(await fetcher.fetch()).toMatchObject({ result: { ok: true }, body: 'a 1\n' });
    await fetcher.fetch();
    expect(target.connections).toBe(1);
  });

  const refused: Record<string, ScrapeConfig['tls']> = {
    'an unknown CA': undefined,
    'another name': { caFile: tlsFile('ca.pem'), serverName: 'example.org', insecureSkipVerify: false },
    'a CA that cannot be read': { caFile: '/nowhere/ca.pem', insecureSkipVerify: false },
  };
  it.each(Object.entries(refused))('is not trusted with %s', async (_, tls) => {
    await using target = await startTarget(page('a 1\n'), { secure: true });
    using fetcher = fetcherOf(target.address, { scheme: 'https', ...(tls && { tls }) });
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, reason: 'tls' });
    expect(target.requests).toHaveLength(0);
  });

  it('is not checked where the config says so', async () => {
    await using target = await startTarget(page('a 1\n'), { secure: true });
    using fetcher = fetcherOf(target.address, { scheme: 'https', tls: { insecureSkipVerify: true } });
    expect((await fetcher.fetch()).result).toMatchObject({ ok: true });
  });

  it('is made anew when a certificate file has changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'driftgauge-'));
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, '');
    await using target = await startTarget(page('a 1\n'), { secure: true });
    using fetcher = fetcherOf(target.address, {
      scheme: 'https',
      tls: { caFile, insecureSkipVerify: false },
    });
    expect((await fetcher.fetch()).result).toMatchObject({ ok: false, reason: 'tls' });
    writeFileSync(caFile, readFileSync(tlsFile('ca.pem')));
    expect((await fetcher.fetch()).result).toMatchObject({ ok: true });
    rmSync(folder, { recursive: true });
  });

  it('in the clear to a port that speaks TLS, and the other way round', async () => {
    await using secure = await startTarget(page(''), { secure: true });
    using clear = fetcherOf(secure.address);
    expect((await clear.fetch()).result.ok).toBe(false);
    await using plain = await startTarget(page(''));
    using encrypted = fetcherOf(plain.address, { scheme: 'https' });
    expect((await encrypted.fetch()).result).toMatchObject({ ok: false, reason: 'tls' });
  });
});
