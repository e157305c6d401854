import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookConfig } from '../../config/config.ts';
import { type Received, startReceiver } from '../receiver.testing.ts';
import { deliver, request, useTempFolder } from './webhook.testing.ts';

const files = useTempFolder();

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
    const signingSecret = { file: await files.write('signing', `${secrets[0]}\n`) };
    await deliver({ url: receiver.url, signingSecret });
    await files.write('signing', `${secrets[1]}\n`);
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
    const token = await files.write('token', 'first\n');
    const config: Partial<WebhookConfig> = {
      headers: new Map([
        ['X-Team', { value: 'ünïcode' }],
        ['__proto__', { value: 'plain' }],
        ['constructor', { value: 'plain' }],
      ]),
      auth: { kind: 'authorization', type: 'Bearer', credentials: { file: token } },
    };
    await deliver({ url: receiver.url, ...config });
    await files.write('token', 'second\r\n');
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
