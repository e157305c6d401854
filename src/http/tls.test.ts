import { copyFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { hashSync } from 'bcryptjs';
import { afterAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { FakeBackend } from './backend.testing.ts';
import { createCertificateFolder } from './certificates.testing.ts';
import { subjectAltNames } from './client-certificate.ts';
import { openStream } from './event-source.testing.ts';
import { type Ask, startServer, type TestServer } from './server.testing.ts';
import { WebConfigError } from './web-config-error.ts';

const folder = createCertificateFolder();
afterAll(() => folder[Symbol.dispose]());
const server1 = folder.get('server-1');
const server2 = folder.get('server-2');
const client = folder.get('client');
const stranger = folder.get('stranger');

let files = 0;
function webConfig(text: string): string {
  const file = join(folder.path, `web-${files++}.yaml`);
  writeFileSync(file, text);
  return file;
}

const EVENT = JSON.stringify({ model: { name: 'fraud' }, metric: 'accuracy', value: 0.5 });
const ADA = { authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}` };
const USERS = `basic_auth_users: {ada: "${hashSync('secret', 4)}"}\n`;
const TLS = 'tls_server_config: {cert_file: server-1.pem, key_file: server-1.key}\n';

async function status(server: TestServer, path: string, ask?: Ask): Promise<number> {
  return (await server.ask(path, ask)).status;
}

/** The name in the certificate that the next connection is shown. */
function shownName(server: TestServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: server.address.port, rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

describe('TLS', () => {
  it('is served with the certificate of the web config file', async () => {
    await using server = await startServer({ webConfigFile: webConfig(TLS) });
    expect(server.address.scheme).toBe('https');
    expect(await status(server, '/-/healthy', { tls: { ca: server1.cert } })).toBe(200);
    await expect(server.ask('/-/healthy')).rejects.toThrow('self-signed certificate');
  });

  it('leaves nothing to plain HTTP', async () => {
    await using server = await startServer({ webConfigFile: webConfig(TLS) });
    const sent = request({ host: '127.0.0.1', port: server.address.port, path: '/-/healthy' }).end();
    await expect(
      new Promise((resolve, reject) => sent.on('response', resolve).on('error', reject)),
    ).rejects.toThrow();
  });

  it('closes a client that never begins its handshake', async () => {
    await using server = await startServer({
      webConfigFile: webConfig(TLS),
      limits: { headersTimeoutMs: 100 },
    });
    const socket = connectPlain(server.address.port, '127.0.0.1');
    await new Promise((resolve) =>
      socket
        .on('close', resolve)
        .on('error', () => {})
        .resume(),
    );
    expect(socket.bytesRead).toBe(0);
  });

  it('takes writes from this machine, and refuses them from elsewhere, as without', async () => {
    await using server = await startServer({ webConfigFile: webConfig(TLS) });
    const write = { method: 'POST', body: EVENT, tls: { ca: server1.cert } };
    expect(await status(server, '/api/v1/events', write)).toBe(204);
    expect(await status(server, '/api/v1/events', { ...write, from: '127.0.0.2' })).toBe(403);
    const origin = `https://127.0.0.1:${server.address.port}`;
    expect(await status(server, '/api/v1/events', { ...write, headers: { origin } })).toBe(204);
  });

  it('that can not be served rejects the start, with every problem', async () => {
    const file = webConfig('tls_server_config: {cert_file: none.pem}\nfoo: 1\n');
    const failure = startServer({ webConfigFile: file });
    await expect(failure).rejects.toBeInstanceOf(WebConfigError);
    await expect(failure).rejects.toMatchObject({ problems: [`${file}: foo: unknown key`] });
  });
});

describe('a client certificate', () => {
  const trusted = { ca: server1.cert, cert: client.cert, key: client.key };
  const unknown = { ca: server1.cert, cert: stranger.cert, key: stranger.key };
  const none = { ca: server1.cert };

  it.each<[type: string, ofTrusted: boolean, ofUnknown: boolean, ofNone: boolean]>([
    ['NoClientCert', true, true, true],
    ['RequestClientCert', true, true, true],
    ['RequireAnyClientCert', true, true, false],
    ['RequireClientCert', true, true, false],
    ['VerifyClientCertIfGiven', true, false, true],
    ['RequireAndVerifyClientCert', true, false, false],
  ])('%s: trusted %s, unknown %s, none %s', async (type, ...expected) => {
    const ca = type === 'NoClientCert' ? '' : ', client_ca_file: client-ca.pem';
    const file = webConfig(
      `tls_server_config: {cert_file: server-1.pem, key_file: server-1.key, client_auth_type: ${type}${ca}}`,
    );
    await using server = await startServer({ webConfigFile: file });
    const served = (tls: Ask['tls'] & object): Promise<boolean> =>
      server.ask('/-/healthy', { tls }).then(
        (answer) => answer.status === 200,
        () => false,
      );
    expect([await served(trusted), await served(unknown), await served(none)]).toEqual(expected);
  });

  it.each<[names: string, served: boolean]>([
    ['[prometheus.example]', true],
    ['[other, ops@example.org]', true],
    ['[client]', false],
    ['[example]', false],
  ])('must have one of the names %s: %s', async (names, expected) => {
    const file = webConfig(`tls_server_config:
  cert_file: server-1.pem
  key_file: server-1.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: client-ca.pem
  client_allowed_sans: ${names}
`);
    await using server = await startServer({ webConfigFile: file });
    const answer = await server.ask('/-/healthy', { tls: trusted }).catch(() => null);
    expect(answer?.status === 200).toBe(expected);
  });

  it.each<[text: string, names: string[]]>([
    ['', []],
    [
      'DNS:a.example, IP Address:10.0.0.1, URI:spiffe://x/y, email:a@b',
      ['a.example', '10.0.0.1', 'spiffe://x/y', 'a@b'],
    ],
    ['DNS:"a.example, DNS:admin", DNS:b', ['a.example, DNS:admin', 'b']],
  ])('lists its names as %j', (text, names) => expect(subjectAltNames(text)).toEqual(names));
});

describe('users', () => {
  it('are needed for every path but the probes and an outcome with its token', async () => {
    const backend = new FakeBackend();
    backend.scenario.sample(0.5);
    backend.scenario.report({ kind: 'attempt' });
    await using server = await startServer({ backend, webConfigFile: webConfig(USERS) });
    const elsewhere = { from: '127.0.0.2' };
    expect(await status(server, '/-/healthy')).toBe(200);
    expect(await status(server, '/-/ready', elsewhere)).toBe(200);
    const refused = await server.ask('/metrics');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="driftgauge", charset="UTF-8"',
    ]);
    expect(await status(server, '/metrics', { ...elsewhere, headers: ADA })).toBe(200);
    expect(await status(server, '/api/v1/events', { method: 'POST', body: EVENT })).toBe(401);
    expect(
      await status(server, '/api/v1/events', { method: 'POST', body: EVENT, headers: ADA, ...elsewhere }),
    ).toBe(204);
    expect(await status(server, '/-/reload', { method: 'POST', headers: ADA, ...elsewhere })).toBe(200);

    const path = `/api/v1/retrains/${encodeURIComponent('rt_fraud:1#1')}/outcome`;
    const report = (headers: Ask['headers']): Promise<number> =>
      status(server, path, {
        method: 'POST',
        body: '{"status":"running"}',
        ...elsewhere,
        ...(headers && { headers }),
      });
    expect(await report(undefined)).toBe(401);
    expect(await report({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await report({ authorization: 'Bearer token-of-rt_fraud:1#1' })).toBe(200);
    expect(await report(ADA)).toBe(401);
  });

  it('are no log lines', async () => {
    await using server = await startServer({ webConfigFile: webConfig(USERS) });
    await status(server, '/metrics', { headers: ADA });
    await status(server, '/metrics', { headers: { authorization: 'Basic planted' } });
    expect(JSON.stringify(server.log.lines)).not.toMatch(/planted|secret|\$2b/);
  });
});

describe('a web config file that changes', () => {
  async function startWith(file: string): Promise<{ server: TestServer; clock: ManualClock }> {
    const clock = new ManualClock();
    return { server: await startServer({ clock, webConfigFile: file }), clock };
  }

  it('gives new users and headers, without a restart', async () => {
    const file = webConfig(USERS);
    const { server, clock } = await startWith(file);
    await using _server = server;
    expect(await status(server, '/metrics', { headers: ADA })).toBe(200);
    writeFileSync(
      file,
      `basic_auth_users: {ada: "${hashSync('other', 4)}"}\nhttp_server_config: {headers: {X-Frame-Options: deny}}`,
    );
    const reloaded = server.log.next('web config reloaded');
    await clock.advance(3000);
    await reloaded;
    const answer = await server.ask('/metrics', { headers: ADA });
    expect([answer.status, answer.headers['x-frame-options']]).toEqual([401, 'deny']);
  });

  it('ends the open event streams where users have changed, and only there', async () => {
    const file = webConfig('');
    const { server, clock } = await startWith(file);
    await using _server = server;
    using stream = await openStream(server.address);
    const change = async (text: string): Promise<void> => {
      writeFileSync(file, text);
      const reloaded = server.log.next('web config reloaded');
      await clock.advance(3000);
      await reloaded;
    };
    await change('http_server_config: {headers: {X-Frame-Options: deny}}');
    expect(server.backend.bus.wantsEvents).toBe(true);
    await change(USERS);
    expect(server.backend.bus.wantsEvents).toBe(false);
    await stream.ended;
    expect(await status(server, '/api/v1/events')).toBe(401);
  });

  it('or whose certificate does, gives it to the next connection', async () => {
    const rotating = join(folder.path, 'rotating');
    copyFileSync(server1.certFile, `${rotating}.pem`);
    copyFileSync(server1.keyFile, `${rotating}.key`);
    const file = webConfig('tls_server_config: {cert_file: rotating.pem, key_file: rotating.key}');
    const { server, clock } = await startWith(file);
    await using _server = server;
    expect(await shownName(server)).toBe('server-1');

    // A certificate whose key has not come yet is not used, and reported once.
    copyFileSync(server2.certFile, `${rotating}.pem`);
    const refused = server.log.next('web config not reloaded');
    await clock.advance(3000);
    expect((await refused).fields['error']).toContain('key values mismatch');
    expect(await shownName(server)).toBe('server-1');

    copyFileSync(server2.keyFile, `${rotating}.key`);
    const reloaded = server.log.next('web config reloaded');
    await clock.advance(3000);
    await reloaded;
    expect(await shownName(server)).toBe('server-2');
    expect(server.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('by a swap of symbolic links, as ConfigMaps and Secrets do', async () => {
    const link = join(folder.path, 'linked.yaml');
    symlinkSync(webConfig(USERS), link);
    const { server, clock } = await startWith(link);
    await using _server = server;
    symlinkSync(webConfig(''), `${link}.new`);
    renameSync(`${link}.new`, link);
    const reloaded = server.log.next('web config reloaded');
    await clock.advance(3000);
    await reloaded;
    expect(await status(server, '/metrics')).toBe(200);
  });

  it.each<[what: string, text: string, problem: RegExp]>([
    ['is broken', 'basic_auth_users: {ada: x}', /basic_auth_users.ada: expected a bcrypt hash/],
    ['switches TLS on', TLS, /switching TLS or client_auth_type needs a restart/],
  ])('and then %s changes nothing, and is logged', async (_what, text, problem) => {
    const file = webConfig(USERS);
    const { server, clock } = await startWith(file);
    await using _server = server;
    writeFileSync(file, text);
    const refused = server.log.next('web config not reloaded');
    await clock.advance(3000);
    const line = await refused;
    expect(line.level).toBe('error');
    expect(line.fields['error']).toMatch(problem);
    expect(await status(server, '/metrics')).toBe(401);
    expect(await status(server, '/metrics', { headers: ADA })).toBe(200);
  });

  it('to one that names files which come later, is used when they have come', async () => {
    const file = webConfig(TLS);
    const { server, clock } = await startWith(file);
    await using _server = server;
    writeFileSync(file, 'tls_server_config: {cert_file: later.pem, key_file: later.key}');
    const refused = server.log.next('web config not reloaded');
    await clock.advance(3000);
    await refused;
    copyFileSync(server2.certFile, join(folder.path, 'later.pem'));
    copyFileSync(server2.keyFile, join(folder.path, 'later.key'));
    const reloaded = server.log.next('web config reloaded');
    await clock.advance(3000);
    await reloaded;
    expect(await shownName(server)).toBe('server-2');
  });
});
