/** `driftgauge check config FILE --target URL`, the shipped program against real servers. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { page, startTarget, tlsFile } from '../src/sources/target.testing.ts';
import { CLI } from './support/program.ts';
import { scratch } from './support/scratch.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `check config` on a config that is written as an object; `args` go after the file. */
async function check(config: object, ...args: readonly string[]): Promise<Ended> {
  using folder = scratch();
  const file = folder.file('c.yaml');
  writeFileSync(file, stringify(config));
  return await new Promise((resolve) => {
    execFile(process.execPath, [CLI, 'check', 'config', file, ...args], (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : Number(error.code),
        stdout: stdout.replaceAll(file, 'c.yaml'),
        stderr,
      });
    });
  });
}

function configFor(
  address: string,
  { job = {}, metrics = [] }: { job?: object; metrics?: readonly object[] } = {},
) {
  return {
    scrape_configs: [{ job_name: 'fraud', static_configs: [{ targets: [address] }], ...job }],
    metrics: [
      { name: 'accuracy', from: { gauge: 'model_accuracy{stage="prod"}' }, drift: { below: 0.8 } },
      ...metrics,
    ],
  };
}

const PAGE = [
  '# TYPE model_accuracy gauge',
  'model_accuracy{model="fraud",version="1",stage="prod"} 0.91',
  '# TYPE model_errors_total counter',
  'model_errors_total{model="fraud"} 3',
  '# TYPE model_requests_total counter',
  'model_requests_total{model="fraud"} 100',
  'process_cpu_seconds_total 3',
  '',
].join('\n');

it('tells what each metric finds and what is left, and ends with 0', async () => {
  await using target = await startTarget(page(PAGE));
  const url = `http://${target.address}/metrics`;
  expect(await check(configFor(target.address), '--target', url)).toEqual({
    code: 0,
    stdout: `SUCCESS: c.yaml
target ${url}: a target of job "fraud"
  4 samples, format text

metrics[0] accuracy: gauge
  model_accuracy{stage="prod"}: 1 series
    model_accuracy{model="fraud",stage="prod",version="1"}
  fraud:1 is 0.91

not used, though they look like metrics of a model:
  model_errors_total: counter, 1 series
    from: {ratio: {numerator: model_errors_total, denominator: model_requests_total}}
  model_requests_total: counter, 1 series
    from: {rate: model_requests_total}

SUCCESS: 1 scraped metric, all with series
`,
    stderr: '',
  });
  expect(target.requests).toHaveLength(1);
});

it('ends with 1 where a metric finds nothing', async () => {
  await using target = await startTarget(page(PAGE));
  const metrics = [{ name: 'recall', from: { gauge: 'model_acuracy' }, drift: { below: 0.8 } }];
  const ended = await check(
    configFor(target.address, { metrics }),
    '--target',
    `http://${target.address}/metrics`,
  );
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('PROBLEM: no series matches model_acuracy; did you mean model_accuracy?\n');
});

it('ends with 1 where the scrape fails, and with the reason', async () => {
  const ended = await check(configFor('127.0.0.1:9'), '--target', 'http://127.0.0.1:9/metrics');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/\nFAILED: the scrape failed: connect: .*ECONNREFUSED/);
});

it('does not scrape for a config with a fault', async () => {
  await using target = await startTarget(page(PAGE));
  const config = { ...configFor(target.address), retrain: { cooldown: 'long' } };
  const ended = await check(config, '--target', `http://${target.address}/metrics`);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^c\.yaml:\d+:\d+: retrain\.cooldown: /);
  expect(target.requests).toEqual([]);
});

it.each<[url: string, message: RegExp]>([
  ['localhost:8000', /expected an http or https URL/],
  ['ftp://localhost/', /expected an http or https URL/],
  ['http://user:hush@localhost/', /expected a URL without user and password/],
])('%s is a mistake of usage, ends with 2, and is not repeated', async (url, message) => {
  const { code, stdout, stderr } = await check(configFor('localhost:8000'), '--target', url);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('hush');
});

it('scrapes as the job would: over TLS, with its credentials, headers and labels, and tells no secret', async () => {
  let seen: IncomingMessage | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    seen = request;
    page('model_accuracy{stage="prod"} 0.9\n')(request, response);
  };
  await using target = await startTarget(answer, { secure: true });
  const job = {
    scheme: 'https',
    tls_config: { ca_file: tlsFile('ca.pem'), server_name: 'localhost' },
    authorization: { credentials: 'hush-token' },
    headers: { 'X-Scope': 'hush-scope' },
    params: { key: ['hush-param'] },
    static_configs: [{ targets: [target.address], labels: { model: 'static', version: '3' } }],
  };
  const ended = await check(
    configFor(target.address, { job }),
    '--target',
    `https://${target.address}/metrics`,
  );
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).toContain('  static:3 is 0.9\n');
  expect(seen!.headers).toMatchObject({ authorization: 'Bearer hush-token', 'x-scope': 'hush-scope' });
  expect(seen!.url).toBe('/metrics?key=hush-param');
  expect(ended.stdout).not.toContain('hush');
});

it('a page of any size or slowness ends the check within the limits of its job', async () => {
  const endless = (_: IncomingMessage, response: ServerResponse) => {
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  };
  await using target = await startTarget(endless);
  const url = `http://${target.address}/metrics`;
  const large = await check(configFor(target.address, { job: { body_size_limit: '1MB' } }), '--target', url);
  expect([large.code, large.stdout]).toEqual([1, expect.stringContaining('too_large: ')]);

  target.answer = (_, response) => void response.writeHead(200).write('model_accuracy');
  const slow = await check(configFor(target.address, { job: { scrape_timeout: '200ms' } }), '--target', url);
  expect([slow.code, slow.stdout]).toEqual([1, expect.stringContaining('timeout: not done within 200 ms')]);
});

it('nothing that a target says acts in a terminal', async () => {
  const evil = '<img src=x onerror=alert(1)>\\n\u001b]0;title\u0007\u001b[2J\u202e\u009b31m';
  await using target = await startTarget(
    page(
      `model_accuracy{stage="prod",model="${evil}",version="${evil}"} 1\n{"${evil}_score","${evil}"="x"} 2\n`,
    ),
  );
  const ended = await check(configFor(target.address), '--target', `http://${target.address}/metrics`);
  expect(ended.code).toBe(0);
  for (const line of ended.stdout.split('\n')) expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(ended.stdout).toContain('\\u001b]0;title\\u0007\\u001b[2J\\u202e\\u009b31m');
});
