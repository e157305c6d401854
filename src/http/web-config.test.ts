import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCertificateFolder } from './certificates.testing.ts';
import { readWebConfig, type WebConfig } from './web-config.ts';

const folder = createCertificateFolder();
afterAll(() => folder[Symbol.dispose]());
const file = join(folder.path, 'web.yaml');

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';

async function read(text: string): Promise<WebConfig> {
  writeFileSync(file, text);
  const reading = await readWebConfig(file);
  if (!reading.ok) throw reading.error;
  return reading.config;
}

async function problems(text: string): Promise<string[]> {
  writeFileSync(file, text);
  const reading = await readWebConfig(file);
  if (reading.ok) throw new Error('was taken');
  return reading.error.problems.map((problem) => problem.replaceAll(`${file}: `, ''));
}

describe('a web config file', () => {
  it.each<[what: string, text: string]>([
    ['that is empty', ''],
    ['of comments', '# nothing\n'],
    ['with empty sections', 'tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n'],
    ['with empty TLS', 'tls_server_config: {}\n'],
    [
      'with empty strings',
      'tls_server_config: {cert_file: "", key_file: ""}\nhttp_server_config: {http2: true}\n',
    ],
  ])('%s asks for nothing', async (_what, text) => {
    expect(await read(text)).toEqual({ tls: null, headers: new Map(), users: new Map() });
  });

  it('names users with bcrypt hashes', async () => {
    const { users } = await read(
      `basic_auth_users:\n  ada: ${HASH}\n  "grace h.": ${HASH}\n  __proto__: ${HASH}\n`,
    );
    expect([...users]).toEqual([
      ['ada', HASH],
      ['grace h.', HASH],
      ['__proto__', HASH],
    ]);
  });

  it('sets headers, and leaves blank ones out', async () => {
    const { headers } = await read(
      'http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: "", Strict-Transport-Security: max-age=1}}',
    );
    expect([...headers]).toEqual([
      ['X-Frame-Options', 'deny'],
      ['Strict-Transport-Security', 'max-age=1'],
    ]);
  });

  it('switches TLS on, by files next to it', async () => {
    const { tls } = await read('tls_server_config: {cert_file: server-1.pem, key_file: server-1.key}');
    expect(tls).toMatchObject({
      context: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', honorCipherOrder: true },
      clientAuth: 'NoClientCert',
      allowedSans: [],
    });
  });

  it('switches TLS on, by what stands in it', async () => {
    const { cert, key } = folder.get('server-1');
    const text = JSON.stringify({ tls_server_config: { cert, key } });
    expect((await read(text)).tls?.context).toMatchObject({ cert, key });
  });

  it("has Go's names for versions, ciphers and curves; TLS 1.3 stays on", async () => {
    const { tls } = await read(`tls_server_config:
  cert_file: server-1.pem
  key_file: server-1.key
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: false
`);
    expect(tls?.context).toMatchObject({
      ciphers:
        'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      ecdhCurve: 'X25519:prime256v1',
      honorCipherOrder: false,
    });
  });
});

describe('a web config file with faults', () => {
  const pair = 'cert_file: server-1.pem, key_file: server-1.key';

  it.each<[what: string, text: string, expected: string[]]>([
    ['an unknown section', 'tls: {}', ['tls: unknown key']],
    ['a section that we do not have', 'rate_limit: {interval: 1s}', ['rate_limit: unknown key']],
    ['a list', '- a', ['the file: Invalid input: expected object, received array']],
    [
      'an unknown TLS key',
      `tls_server_config: {${pair}, certfile: x}`,
      ['tls_server_config.certfile: unknown key'],
    ],
    [
      'a certificate alone',
      'tls_server_config: {cert_file: server-1.pem}',
      ['tls_server_config.key_file: missing, and so is key'],
    ],
    [
      'nothing but a client authentication',
      'tls_server_config: {client_auth_type: RequireAnyClientCert}',
      [
        'tls_server_config.cert_file: missing, and so is cert',
        'tls_server_config.key_file: missing, and so is key',
      ],
    ],
    [
      'files that are not there',
      'tls_server_config: {cert_file: none.pem, key_file: none.key}',
      [
        'tls_server_config.cert_file: cannot be read: ENOENT',
        'tls_server_config.key_file: cannot be read: ENOENT',
      ],
    ],
    [
      'a certificate twice',
      `tls_server_config: {${pair}, cert: x}`,
      ['tls_server_config.cert_file: not together with cert'],
    ],
    [
      'a key of another certificate',
      'tls_server_config: {cert_file: server-1.pem, key_file: server-2.key}',
      [expect.stringMatching(/^tls_server_config: .*key values mismatch/) as unknown as string],
    ],
    [
      'a certificate that is none',
      'tls_server_config: {cert_file: web.yaml, key_file: server-1.key}',
      [expect.stringMatching(/^tls_server_config: /) as unknown as string],
    ],
    [
      'a client CA that nobody asks for',
      `tls_server_config: {${pair}, client_ca_file: client-ca.pem}`,
      ['tls_server_config.client_auth_type: missing; without one the client CA is of no use'],
    ],
    [
      'verified clients without a CA',
      `tls_server_config: {${pair}, client_auth_type: RequireAndVerifyClientCert}`,
      ['tls_server_config.client_ca_file: missing; RequireAndVerifyClientCert needs it'],
    ],
    [
      'an unknown client authentication',
      `tls_server_config: {${pair}, client_auth_type: require}`,
      [
        'tls_server_config.client_auth_type: expected one of NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
      ],
    ],
    [
      'names of clients that nobody asks for',
      `tls_server_config: {${pair}, client_allowed_sans: [a]}`,
      [
        'tls_server_config.client_allowed_sans: needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert',
      ],
    ],
    [
      'versions the wrong way round',
      `tls_server_config: {${pair}, min_version: TLS13, max_version: TLS12}`,
      ['tls_server_config.min_version: newer than max_version'],
    ],
    [
      'an unknown version and an unknown curve',
      `tls_server_config: {${pair}, min_version: TLS14, curve_preferences: [P256]}`,
      [
        'tls_server_config.min_version: expected one of TLS10, TLS11, TLS12, TLS13',
        'tls_server_config.curve_preferences.0: expected one of CurveP256, CurveP384, CurveP521, X25519',
      ],
    ],
    [
      'headers that can not be set',
      'http_server_config: {headers: {Server: x, X-Frame-Options: allow}}',
      [
        'http_server_config.headers.X-Frame-Options: expected deny or sameorigin',
        'http_server_config.headers.Server: unknown key',
      ],
    ],
    [
      'users with faults, and a fault elsewhere',
      `basic_auth_users: {ada: planted-password, eve: 5, "a:b": "${HASH}", "": "${HASH}"}\nfoo: 1`,
      [
        'basic_auth_users.ada: expected a bcrypt hash',
        'basic_auth_users.eve: expected a bcrypt hash',
        'basic_auth_users.a:b: a user name is not empty and has no colon',
        'basic_auth_users.: a user name is not empty and has no colon',
        'foo: unknown key',
      ],
    ],
    [
      'a list of users',
      'basic_auth_users: [ada]',
      ['basic_auth_users: expected user names with bcrypt hashes'],
    ],
    [
      'a hash of a lesser kind',
      'basic_auth_users: {ada: "$1$abc$def"}',
      ['basic_auth_users.ada: expected a bcrypt hash'],
    ],
    [
      'a key that comes twice',
      'basic_auth_users: {}\nbasic_auth_users: {}',
      ['line 2: not valid YAML: duplicate key'],
    ],
    [
      'a broken line',
      'http_server_config:\n\t- planted',
      [expect.stringMatching(/^line 2: not valid YAML: /) as unknown as string],
    ],
  ])('%s is refused', async (_what, text, expected) => {
    const found = await problems(text);
    expect(found).toEqual(expected);
    expect(found.join()).not.toContain('planted');
  });

  it('that is missing is refused', async () => {
    const reading = await readWebConfig(join(folder.path, 'none.yaml'));
    expect(reading.ok || reading.error.problems).toEqual([
      `${join(folder.path, 'none.yaml')}: cannot be read: ENOENT`,
    ]);
  });

  it('that unpacks without end is refused', async () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 10; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join()}]`,
      );
    expect(await problems(bomb.join('\n'))).toEqual(['too many YAML aliases']);
  });
});

describe('a reading', () => {
  it('has a digest of all contents it was made from, the faulty ones too', async () => {
    const path = mkdtempSync(join(tmpdir(), 'driftgauge-web-'));
    const web = join(path, 'web.yaml');
    writeFileSync(web, 'tls_server_config: {cert_file: c.pem, key_file: c.key}');
    const before = await readWebConfig(web);
    expect(before.files).toEqual([web, join(path, 'c.pem'), join(path, 'c.key')]);
    writeFileSync(join(path, 'c.pem'), 'x');
    const after = await readWebConfig(web);
    expect([after.ok, after.digest === before.digest]).toEqual([false, false]);
    rmSync(path, { recursive: true });
  });
});
