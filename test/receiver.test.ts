/** The reference receiver with the shipped program, and what docs/receiver.md promises of requests, answers and outcomes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifyAnswer } from '../src/retrain/triggers/answer.ts';
import { ExampleReceiver, sendingTwice } from './support/example-receiver.ts';
import { freePort } from './support/free-port.ts';
import { accuracy, Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { describeWith } from './support/requirements.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const ROOT = join(import.meta.dirname, '..');
const EXAMPLE = join(ROOT, 'examples/receiver');
const PAGE = readFileSync(join(ROOT, 'docs/receiver.md'), 'utf8');
const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

interface Retrain {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly outcome: { readonly status: string; readonly version: string | null } | null;
}

/** Drifts at once, asks at once. The receiver reports to it, so its port is known before it listens. */
async function startProgram(folder: Scratch, url: string, secret = SECRET): Promise<Program> {
  writeFileSync(folder.file('secret.program'), `${secret}\n`);
  writeFileSync(
    folder.file('driftgauge.yaml'),
    `global: {external_labels: {env: prod}}
metrics: [{name: accuracy, drift: {below: 0.85}, action: retrain}]
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: training
      webhook: {url: "${url}", signing_secret_file: secret.program, retry: {initial: 20ms, max: 50ms}}
`,
  );
  const port = await freePort();
  return Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('driftgauge.yaml'),
    args: [`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://127.0.0.1:${port}`],
  });
}

function startReceiver(folder: Scratch): Promise<ExampleReceiver> {
  writeFileSync(folder.file('secret'), `${SECRET}\n`);
  return ExampleReceiver.start({ secretFile: folder.file('secret'), orders: folder.file('orders') });
}

async function drift(program: Program): Promise<Retrain> {
  expect((await program.post('/api/v1/events', accuracy())).status).toBe(204);
  const [retrain] = await program.data<Retrain[]>('/api/v1/retrains?model=fraud');
  return retrain!;
}

/** The bodies that it keeps, by id. */
function ordersOf(folder: Scratch): Record<string, string> {
  using database = new DatabaseSync(folder.file('orders'), { readOnly: true });
  const rows = database.prepare('SELECT id, body FROM orders').all() as { id: string; body: string }[];
  return Object.fromEntries(rows.map(({ id, body }) => [id, body]));
}

let made = 0;

/** A request as the program would send it, signed by a library that is not ours. */
function signed({ id = `rt_${++made}`, type = 'retrain.requested', at = new Date(), secret = SECRET } = {}) {
  const outcome = { url: 'http://127.0.0.1:1/', token: 't' };
  const body = JSON.stringify({
    type,
    data: { id, model: { name: 'fraud', version: '1' }, reason: 'r', outcome },
  });
  const headers: Record<string, string> = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return { method: 'POST', body, headers };
}

describe('the reference receiver', () => {
  it('is what docs/receiver.md shows', () => {
    const shown = [...PAGE.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
    const files = ['receiver.mjs', 'train.mjs'];
    expect(shown).toEqual(files.map((file) => readFileSync(join(EXAMPLE, file), 'utf8')));
  });

  it('takes one request of an episode, trains once though it comes twice, and reports', async () => {
    using folder = scratch();
    await using receiver = await startReceiver(folder);
    await using relay = await sendingTwice(receiver.url);
    await using program = await startProgram(folder, relay.url);
    const { id } = await drift(program);

    await receiver.said(/: succeeded/);
    const [retrain, ...others] = await program.data<Retrain[]>('/api/v1/retrains');
    expect(others).toEqual([]);
    expect(retrain).toMatchObject({
      id,
      status: 'succeeded',
      outcome: { status: 'succeeded', version: '1-retrained' },
    });
    expect(receiver.trainings).toEqual([id]);
    expect(relay.answers).toEqual([202, 409]);
    expect(shapeOf(JSON.parse(ordersOf(folder)[id]!))).toEqual(
      shapeOf(JSON.parse(/```json\n(.*?)```/s.exec(PAGE)![1]!)),
    );
  });

  it('refuses a program with another secret, until it has the right one', async () => {
    using folder = scratch();
    await using receiver = await startReceiver(folder);
    await using program = await startProgram(folder, receiver.url, SECRET.replace(/.=*$/, 'A='));
    const { id } = await drift(program);
    await program.logged('delivery attempt failed', ({ message }) => message === 'answered 401 Unauthorized');
    expect(ordersOf(folder)).toEqual({});
    // While secrets are exchanged, both sign.
    writeFileSync(folder.file('secret.program'), `whsec_b3RoZXI=\n${SECRET}\n`);
    await receiver.said(/: succeeded/);
    expect(await program.data(`/api/v1/retrains/${id}`)).toMatchObject({ status: 'succeeded' });
  });

  it('knows an id after a restart', async () => {
    using folder = scratch();
    {
      await using receiver = await startReceiver(folder);
      expect((await fetch(receiver.url, signed({ id: 'rt_known' }))).status).toBe(202);
    }
    await using receiver = await startReceiver(folder);
    const again = signed({ id: 'rt_known', at: new Date(Date.now() + 1000) });
    expect((await fetch(receiver.url, again)).status).toBe(409);
    expect(receiver.trainings).toEqual([]);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['nothing but the prefix', 'whsec_'],
    ['a key of 23 bytes', `whsec_${Buffer.alloc(23, 'k').toString('base64')}`],
  ])('does not start where the secret is %s', (_, secret) => {
    using folder = scratch();
    writeFileSync(folder.file('secret'), `${secret}\n`);
    const env = {
      ...process.env,
      SECRET_FILE: folder.file('secret'),
      ORDERS: folder.file('orders'),
      PORT: '0',
    };
    const { status, stderr } = spawnSync(process.execPath, [join(EXAMPLE, 'receiver.mjs')], {
      env,
      encoding: 'utf8',
      timeout: 10_000,
    });
    expect(stderr).toMatch(/expected 24 bytes or more, found \d/);
    expect(status).toBe(1);
  });
});

// prlimit is of the same package.
describeWith(['unshare'], 'the reference receiver with a full disk', () => {
  it('takes nothing that it could not keep, and trains when it comes again', async () => {
    using folder = scratch();
    await using receiver = await startReceiver(folder);
    const limitFiles = (bytes: string) =>
      spawnSync('prlimit', ['--pid', String(receiver.child.pid), `--fsize=${bytes}:`]).status;
    expect(limitFiles('0')).toBe(0);
    expect((await fetch(receiver.url, signed({ id: 'rt_late' }))).status).toBe(500);
    expect(receiver.trainings).toEqual([]);
    expect(limitFiles('unlimited')).toBe(0);
    expect((await fetch(receiver.url, signed({ id: 'rt_late' }))).status).toBe(202);
    await receiver.said(/^rt_late: training/m);
    expect((await fetch(receiver.url, signed({ id: 'rt_late' }))).status).toBe(409);
    expect(receiver.trainings).toEqual(['rt_late']);
  });
});

describe('the reference receiver answers a request', () => {
  let folder: Scratch;
  let receiver: ExampleReceiver;
  beforeAll(async () => {
    folder = scratch();
    receiver = await startReceiver(folder);
  });
  afterAll(async () => {
    await receiver[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  const answers: Record<string, [RequestInit & { body: string; headers: Record<string, string> }, number]> = {
    'signed right': [signed(), 202],
    'signed right, of an unknown type': [signed({ type: 'retrain.drill' }), 202],
    'with another secret': [signed({ secret: 'whsec_b3RoZXI=' }), 401],
    'with another body': [{ ...signed(), body: signed().body.replace('fraud', 'spam_') }, 401],
    'with another id': [{ ...signed(), headers: { ...signed().headers, 'webhook-id': 'rt_2' } }, 401],
    'of six minutes ago': [signed({ at: minutes(-6) }), 401],
    'six minutes ahead': [signed({ at: minutes(6) }), 401],
    'without a timestamp': [{ ...signed(), headers: { ...signed().headers, 'webhook-timestamp': '' } }, 401],
    'without a signature': [{ ...signed(), headers: { ...signed().headers, 'webhook-signature': '' } }, 401],
    'with no header at all': [{ ...signed(), headers: {} }, 401],
    'too large': [{ ...signed(), body: 'x'.repeat(1_000_001) }, 413],
  };
  it.each(Object.entries(answers))('%s', async (what, [request, status]) => {
    const known = Object.keys(ordersOf(folder)).length;
    expect((await fetch(receiver.url, request)).status).toBe(status);
    expect(Object.keys(ordersOf(folder))).toHaveLength(known + (what === 'signed right' ? 1 : 0));
  });
});

describe('the table of answers', () => {
  const rows = [
    ...PAGE.matchAll(/^\| (`\d{3}`.*?) \| (delivered|parked|retried slowly|retried)\b/gm),
  ].flatMap(([, statuses, fate]) =>
    [...statuses!.matchAll(/`(\d{3})`/g)].map(([, status]) => [status!, fate!] as const),
  );
  // The second table on the page is about our own answers.
  it.each(rows)('%s: %s', (status, fate) => {
    const delivery = classifyAnswer({ status: Number(status), retryAfter: undefined }, 0);
    const words = { retry: 'retried', retry_slowly: 'retried slowly', park: 'parked' };
    expect(delivery.ok ? 'delivered' : words[delivery.next]).toBe(fate);
  });

  it('was read', () => expect(rows.length).toBeGreaterThan(20));
});

it('outcomes are answered as the page says', async () => {
  using folder = scratch();
  await using receiver = await Receiver.start(folder.file('journal'));
  await using program = await startProgram(folder, receiver.url);
  const { id } = await drift(program);
  const [delivery] = await receiver.received(1);
  const { token } = (JSON.parse(delivery!.body) as { data: { outcome: { token: string } } }).data.outcome;
  const report = async (said: object, { bearer = token, request = id } = {}) => {
    const headers: Record<string, string> = bearer === '' ? {} : { Authorization: `Bearer ${bearer}` };
    return (await program.post(`/api/v1/retrains/${request}/outcome`, said, headers)).status;
  };
  const documented = new Set(
    [...PAGE.matchAll(/^\| `(\d{3})` \| (?!delivered|parked)/gm)].map(([, status]) => status),
  );
  expect([...documented]).toEqual(['200', '400', '401', '404', '409', '503']);

  expect(await report({ status: 'running' }, { bearer: '' })).toBe(401);
  expect(await report({ status: 'running' }, { bearer: 'another' })).toBe(401);
  expect(await report({ status: 'running' }, { request: 'rt_unknown' })).toBe(404);
  expect(await report({ status: 'done' })).toBe(400);
  expect(await report({ status: 'failed', message: 'x'.repeat(4097) })).toBe(400);
  expect(await report({ status: 'succeeded', version: '' })).toBe(400);
  for (const said of PAGE.matchAll(/-d '(\{"status": "(?:running|succeeded)".*?\})'/g)) {
    expect(await report(JSON.parse(said[1]!))).toBe(200);
    expect(await report(JSON.parse(said[1]!))).toBe(200);
  }
  expect(await report({ status: 'failed', message: 'too few labels' })).toBe(409);
  expect(await program.data(`/api/v1/retrains/${id}`)).toMatchObject({
    status: 'succeeded',
    outcome: { status: 'succeeded', version: '1.5.0' },
  });
});

/** The keys, however deep; of a list its first entry's. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shapeOf(entry)]));
}
