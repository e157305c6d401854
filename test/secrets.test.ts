/** A canary in every place where a config takes a secret: none comes out in a log line, metric, error or API answer. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { accuracy, CLI, Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { scratch } from './support/scratch.ts';

const PLACES = [
  'scrape-password',
  'scrape-credentials',
  'scrape-header',
  'scrape-param',
  'scrape-environment',
  'webhook-userinfo',
  'webhook-query',
  'webhook-header',
  'webhook-password',
  'webhook-credentials',
  'webhook-signing',
  'password-file',
  'credentials-file',
  'signing-file',
] as const;
const canary = (place: (typeof PLACES)[number]) =>
  `canary${PLACES.indexOf(place)}${place.replaceAll('-', '')}`;

/** Each canary as it is, percent-encoded (the same here), and in base64 at any offset. */
function leaks(text: string): string[] {
  return PLACES.filter((place) => {
    const secret = canary(place);
    const encoded = [0, 1, 2].map((offset) =>
      Buffer.from(`${'x'.repeat(offset)}${secret}`)
        .toString('base64')
        .slice(offset + 1, -4),
    );
    return text.includes(secret) || encoded.some((part) => text.includes(part));
  });
}

function config(url: string): string {
  const [origin, path] = [url.replace(/\/retrain$/, ''), '/retrain'];
  return `global: {external_labels: {env: test}}
scrape_configs:
  - job_name: basic
    scrape_interval: 100ms
    basic_auth: {username: us, password: ${canary('scrape-password')}}
    params: {token: [${canary('scrape-param')}]}
    headers: {X-Key: ${canary('scrape-header')}}
    static_configs: [{targets: ["127.0.0.1:1"]}]
  - job_name: bearer
    scrape_interval: 100ms
    authorization: {credentials: ${canary('scrape-credentials')}}
    static_configs: [{targets: ["127.0.0.1:1"]}]
  - job_name: environment
    scrape_interval: 100ms
    authorization: {credentials: "\${CANARY}"}
    static_configs: [{targets: ["127.0.0.1:1"]}]
  - job_name: files
    scrape_interval: 100ms
    basic_auth: {username: us, password_file: password}
    static_configs: [{targets: ["127.0.0.1:1"]}]
metrics:
  - {name: accuracy, drift: {below: 0.85}, action: retrain}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: url
      models: [url]
      webhook:
        url: "${origin.replace('http://', `http://us:${canary('webhook-userinfo')}@`)}${path}?token=${canary('webhook-query')}"
        headers: {X-Key: ${canary('webhook-header')}}
        signing_secret: ${canary('webhook-signing')}
        retry: {initial: 10ms, max: 20ms}
    - name: basic
      models: [basic]
      webhook: {url: "${url}", basic_auth: {username: us, password: ${canary('webhook-password')}}, retry: {initial: 10ms, max: 20ms}}
    - name: bearer
      models: [bearer]
      webhook: {url: "${url}", authorization: {credentials: ${canary('webhook-credentials')}}, retry: {initial: 10ms, max: 20ms}}
    - name: files
      webhook: {url: "${url}", authorization: {credentials_file: credentials}, signing_secret_file: signing, retry: {initial: 10ms, max: 20ms}}
`;
}

it('no canary comes out anywhere', async () => {
  using folder = scratch();
  let wrong = true;
  await using receiver = await Receiver.start(folder.file('journal'), ({ count }) =>
    wrong && count % 2 === 0 ? 400 : wrong ? 500 : 202,
  );
  for (const name of ['password', 'credentials', 'signing'] as const) {
    writeFileSync(folder.file(name), `${canary(`${name}-file`)}\n`);
  }
  writeFileSync(folder.file('driftgauge.yaml'), config(receiver.url));
  await using program = await Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('driftgauge.yaml'),
    args: ['--web.enable-lifecycle'],
    env: { CANARY: canary('scrape-environment') },
  });
  for (const name of ['url', 'basic', 'bearer', 'other']) {
    expect((await program.post('/api/v1/events', accuracy(0.5, { name }))).status).toBe(204);
  }
  // The receiver must have seen them, or this test proves nothing; which trigger is quicker is chance.
  const expected = [
    'webhook-header',
    'webhook-credentials',
    'credentials-file',
    'webhook-password',
    'webhook-userinfo',
  ];
  let deliveries = await receiver.received(8);
  for (let missing = expected; missing.length > 0; ) {
    const seen: readonly string[] = leaks(deliveries.map(({ headers }) => JSON.stringify(headers)).join());
    missing = expected.filter((place) => !seen.includes(place));
    if (missing.length > 0) deliveries = await receiver.received(deliveries.length + 1);
  }
  wrong = false;
  const tokens = deliveries.map(
    ({ body }) => (JSON.parse(body) as { data: { outcome: { token: string } } }).data.outcome.token,
  );

  writeFileSync(folder.file('driftgauge.yaml'), `${config(receiver.url)}nonsense: 1\n`);
  const refused = await (await program.post('/-/reload', '')).text();
  expect(refused).toContain('nonsense');
  const paths = [
    '/metrics',
    '/api/v1/signals',
    '/api/v1/episodes',
    '/api/v1/retrains',
    '/api/v1/explain?model=url',
    '/api/v1/status/config',
    '/api/v1/status/buildinfo',
    '/api/v1/openapi.json',
    '/api/v1/nowhere',
    '/',
    '/models/url:1',
    '/targets',
    '/triggers',
    '/config',
  ];
  const answers = await Promise.all(paths.map(async (path) => (await program.get(path)).text()));
  const check = spawnSync(process.execPath, [CLI, 'check', 'config', folder.file('driftgauge.yaml')], {
    encoding: 'utf8',
    env: { ...process.env, CANARY: canary('scrape-environment') },
  });
  expect(check.status).toBe(1);
  program.kill('SIGTERM');
  await program.exited;
  const everything = [...answers, refused, program.output, check.stdout, check.stderr].join('\n');
  expect(leaks(everything)).toEqual([]);
  expect(tokens.filter((token) => everything.includes(token))).toEqual([]);
  expect(everything).toContain('<secret>');
});

it.each([
  ['a number where a password is', (secret: string) => `basic_auth: {username: u, password: [${secret}]}`],
  [
    'two kinds of authorization',
    (secret: string) =>
      `basic_auth: {username: u, password: ${secret}}\n    authorization: {credentials: ${secret}}`,
  ],
  ['a bad header', (secret: string) => `headers: {"bad header": ${secret}}`],
  ['an unset variable', (secret: string) => `authorization: {credentials: "${secret}\${UNSET_HERE}"}`],
  ['broken YAML', (secret: string) => `basic_auth: {username: u, password: ${secret}`],
])('check config tells of %s without the secret', (_fault, fault) => {
  using folder = scratch();
  const secret = canary('scrape-password');
  writeFileSync(
    folder.file('bad.yaml'),
    `scrape_configs:\n  - job_name: a\n    ${fault(secret)}\n    static_configs: [{targets: ["localhost:1"]}]\nmetrics: [{name: m, drift: {below: 1}}]\n`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, 'check', 'config', folder.file('bad.yaml')],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(leaks(stdout + stderr)).toEqual([]);
});
