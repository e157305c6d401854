import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { TlsConfig } from '../../config/config.ts';
import { startRawReceiver, startReceiver } from '../receiver.testing.ts';
import type { Delivery } from '../trigger.ts';
import { deliver } from './webhook.testing.ts';

const data = join(import.meta.dirname, '../../../test/data/tls');
const path = (name: string) => join(data, name);
const pem = (name: string) => readFileSync(path(name));

/** A certificate for localhost and 127.0.0.1, signed by ca.pem. */
const known: TlsOptions = { cert: pem('server.pem'), key: pem('server-key.pem') };
const trusting: TlsConfig = { caFile: path('ca.pem'), insecureSkipVerify: false };

async function attempt(server: TlsOptions, tls: TlsConfig | undefined) {
  await using receiver = await startReceiver((response) => response.end(), server);
  const delivery = await deliver({ url: `${receiver.url}/retrain`, ...(tls ? { tls } : {}) });
  return { delivery, received: receiver.received.length };
}

/** Nothing of the request may reach a receiver that has not proved who it is. */
const unproved = (message: RegExp) => ({
  delivery: {
    ok: false,
    reason: 'tls',
    next: 'retry',
    written: false,
    message: expect.stringMatching(message),
  },
  received: 0,
});

describe('a receiver over TLS', () => {
  it('is trusted for a certificate of the configured CA', async () => {
    expect(await attempt(known, trusting)).toEqual({ delivery: { ok: true }, received: 1 });
  });

  it('is trusted without one only where the config skips verification', async () => {
    expect(await attempt(known, { insecureSkipVerify: true })).toEqual({
      delivery: { ok: true },
      received: 1,
    });
    expect(await attempt(known, { insecureSkipVerify: false })).toEqual(unproved(/unable to/));
    expect(await attempt(known, undefined)).toEqual(unproved(/unable to/));
  });

  it('must be the one that is called, or the configured server_name', async () => {
    expect(await attempt(known, { ...trusting, serverName: 'localhost' })).toMatchObject({ received: 1 });
    expect(await attempt(known, { ...trusting, serverName: 'trainer' })).toEqual(unproved(/altnames/));
  });

  it('must speak a protocol version of today', async () => {
    const old = {
      ...known,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    expect(await attempt(old, trusting)).toEqual(unproved(/alert|version|protocol/i));
  });

  it('that asks for a client certificate gets the configured one', async () => {
    const strict = { ...known, ca: pem('web/client-ca.pem'), requestCert: true, rejectUnauthorized: true };
    const client = { ...trusting, certFile: path('web/client.pem'), keyFile: path('web/client.key') };
    expect(await attempt(strict, client)).toEqual({ delivery: { ok: true }, received: 1 });
    expect(await attempt(strict, trusting)).toMatchObject({
      delivery: { ok: false, next: 'retry' },
      received: 0,
    });
  });

  it('that speaks no TLS is a failure of TLS', async () => {
    await using receiver = await startRawReceiver((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const delivery: Delivery = await deliver({ url: `https://127.0.0.1:${receiver.port}/`, tls: trusting });
    expect(delivery).toMatchObject({ ok: false, reason: 'tls', written: false });
  });

  it('that resets the handshake has read nothing', async () => {
    await using receiver = await startRawReceiver((socket) =>
      socket.once('data', () => socket.resetAndDestroy()),
    );
    const delivery: Delivery = await deliver({ url: `https://127.0.0.1:${receiver.port}/`, tls: trusting });
    expect(delivery).toMatchObject({ ok: false, reason: 'reset', written: false });
  });

  it.each([
    ['caFile', { ...trusting, caFile: path('missing.pem') }],
    ['certFile', { ...trusting, certFile: path('missing.pem') }],
    ['keyFile', { ...trusting, keyFile: path('missing.pem') }],
  ])('is not called where %s is missing, and the failure names it', async (_, tls) => {
    expect(await attempt(known, tls)).toEqual(unproved(/^cannot read .*missing\.pem: ENOENT$/));
  });
});
