import { describe, expect, it } from 'vitest';
import { MINUTE, makeConfig, makeRule, START } from '../core/scenario.testing.ts';
import { FakeBackend, withHistory } from './backend.testing.ts';
import { type Ask, startServer } from './server.testing.ts';

const EVENT = { model: { name: 'fraud', version: '1.4.0' }, metric: 'accuracy', value: 0.5 };
const at = (ms: number): string => new Date(START + ms).toISOString();

/** The answer's status and JSON. */
async function ask(
  backend: FakeBackend,
  path: string,
  options?: Ask,
): Promise<{ status: number; json: unknown }> {
  await using server = await startServer({ backend });
  const { status, text, headers } = await server.ask(path, options);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  return { status, json: JSON.parse(text) };
}

async function data(backend: FakeBackend, path: string, options?: Ask): Promise<unknown> {
  const { status, json } = await ask(backend, path, options);
  expect([status, json]).toEqual([200, { status: 'success', data: expect.anything() }]);
  return (json as { data: unknown }).data;
}

async function error(backend: FakeBackend, path: string, options?: Ask): Promise<string> {
  const { status, json } = await ask(backend, path, options);
  expect(json).toEqual({ status: 'error', errorType: expect.any(String), error: expect.any(String) });
  const { errorType, error: message } = json as { errorType: string; error: string };
  return `${status} ${errorType}: ${message}`;
}

const post = (body?: unknown, headers?: Ask['headers']): Ask => ({
  method: 'POST',
  ...(body !== undefined && { body: JSON.stringify(body) }),
  ...(headers && { headers }),
});

/** fraud:1 drifts, has asked, and its request was delivered. */
function drifting(): FakeBackend {
  const backend = new FakeBackend();
  backend.scenario.sample(0.5);
  backend.scenario.report({ kind: 'attempt' });
  backend.scenario.report({ kind: 'delivered' });
  return backend;
}

describe('POST /api/v1/events', () => {
  it('takes events, and answers when they are durable', async () => {
    await using server = await startServer();
    const { status, text } = await server.ask(
      '/api/v1/events',
      post([EVENT, { ...EVENT, metric: 'f1_score' }]),
    );
    expect([status, text]).toEqual([204, '']);
    expect(server.backend.pushed).toEqual([[EVENT, { ...EVENT, metric: 'f1_score' }]]);
  });

  it('takes an empty array as nothing', async () => {
    await using server = await startServer();
    expect((await server.ask('/api/v1/events', post([]))).status).toBe(204);
    expect(server.backend.pushed).toEqual([]);
  });

  it('takes any content type', async () => {
    await using server = await startServer();
    for (const type of ['text/plain', 'application/json; charset=latin1', 'image/png']) {
      expect((await server.ask('/api/v1/events', post(EVENT, { 'content-type': type }))).status).toBe(204);
    }
  });

  it('takes nothing where one event has a fault, and lists each fault', async () => {
    const backend = new FakeBackend();
    const { status, json } = await ask(backend, '/api/v1/events', post([EVENT, { ...EVENT, value: 'NaN' }]));
    expect([status, json]).toEqual([
      400,
      {
        status: 'error',
        errorType: 'bad_data',
        error: 'nothing was taken, because of the items listed',
        items: [{ index: 1, path: 'value', message: 'expected a number, found "NaN"' }],
      },
    ]);
    expect(backend.pushed).toEqual([]);
  });

  it('answers 503 with Retry-After where the storage takes nothing, and tells no path', async () => {
    const backend = new FakeBackend();
    backend.storageUp = false;
    await using server = await startServer({ backend });
    const { status, headers, text } = await server.ask('/api/v1/events', post(EVENT));
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(text).not.toContain('secret-place');
  });
});

describe('GET /api/v1/signals', () => {
  it('shows each signal as it is now', async () => {
    const backend = drifting();
    backend.scenario.wait(6 * MINUTE);
    expect(await data(backend, '/api/v1/signals')).toEqual([
      {
        model: { name: 'fraud', version: '1' },
        metric: 'accuracy',
        state: 'drifting',
        value: 0.5,
        ema: 0.5,
        bound: 'below',
        threshold: 0.85,
        clear: 0.85,
        samples: 1,
        since: at(0),
        last_sample_at: at(0),
        stale: true,
      },
    ]);
  });

  const many = (): FakeBackend => {
    const rules = [makeRule(), makeRule({ metric: 'f1_score', entry: 1 })];
    const backend = new FakeBackend(makeConfig({ rules }));
    for (const model of ['b', 'a:b', 'a', '__proto__']) {
      for (const version of ['2', '1']) {
        for (const metric of ['f1_score', 'accuracy']) {
          backend.scenario.sample(version === '2' ? 0.5 : 0.9, { model, version, metric });
        }
      }
    }
    return backend;
  };
  const keys = (signals: unknown): string[] =>
    (signals as { model: { name: string; version: string }; metric: string }[]).map(
      ({ model, metric }) => `${model.name} ${model.version} ${metric}`,
    );

  it.each<[query: string, expected: string[]]>([
    ['?limit=3', ['__proto__ 1 accuracy', '__proto__ 1 f1_score', '__proto__ 2 accuracy']],
    ['?model=a', ['a 1 accuracy', 'a 1 f1_score', 'a 2 accuracy', 'a 2 f1_score']],
    ['?model=a:b&version=2&metric=accuracy', ['a:b 2 accuracy']],
    [
      '?state=drifting&metric=f1_score',
      ['__proto__ 2 f1_score', 'a 2 f1_score', 'a:b 2 f1_score', 'b 2 f1_score'],
    ],
    ['?model=nobody', []],
    ['?model=constructor', []],
    ['?before=b:1:f1_score', ['b 2 accuracy', 'b 2 f1_score']],
    ['?before=a%253Ab:2:accuracy&limit=2', ['a:b 2 f1_score', 'b 1 accuracy']],
    ['?before=a:1:zzz&model=a', ['a 2 accuracy', 'a 2 f1_score']],
    ['?before=zzz:1:x', []],
  ])('%s', async (query, expected) => {
    expect(keys(await data(many(), `/api/v1/signals${query}`))).toEqual(expected);
  });

  it.each<[query: string, message: string]>([
    ['?before=a', '400 bad_data: before: expected name:version:metric, each part percent-encoded'],
    ['?before=a:b:%25', '400 bad_data: before: expected name:version:metric, each part percent-encoded'],
    ['?state=bad', '400 bad_data: state: expected one of warming, ok, pending, drifting, recovering'],
    [
      '?states=ok',
      '400 bad_data: unknown parameter "states", expected one of model, version, metric, state, limit, before',
    ],
  ])('%s is refused', async (query, message) => {
    expect(await error(many(), `/api/v1/signals${query}`)).toBe(message);
  });
});

describe('GET /api/v1/episodes', () => {
  it('lists the newest first, in the shape of the contract', async () => {
    expect(await data(withHistory(), '/api/v1/episodes')).toEqual([
      {
        id: 'ep_churn:7#3',
        model: { name: 'churn', version: '7' },
        started_at: at(3 * MINUTE),
        ended_at: null,
        cause: null,
        continues: null,
        signals: ['accuracy'],
        request: 'rt_churn:7#3',
        reason: null,
      },
      {
        id: 'ep_fraud:1#2',
        model: { name: 'fraud', version: '1' },
        started_at: at(2 * MINUTE),
        ended_at: null,
        cause: null,
        continues: null,
        signals: ['accuracy'],
        request: null,
        reason: 'cooldown',
      },
      {
        id: 'ep_fraud:1#1',
        model: { name: 'fraud', version: '1' },
        started_at: at(0),
        ended_at: at(MINUTE),
        cause: 'recovered',
        continues: null,
        signals: ['accuracy'],
        request: 'rt_fraud:1#1',
        reason: null,
      },
    ]);
  });

  it.each<[query: string, ids: string[]]>([
    ['?state=open', ['ep_churn:7#3', 'ep_fraud:1#2']],
    ['?state=closed', ['ep_fraud:1#1']],
    ['?model=fraud&limit=1', ['ep_fraud:1#2']],
    ['?version=7', ['ep_churn:7#3']],
    ['?metric=latency', []],
    [`?before=${encodeURIComponent('ep_fraud:1#2')}`, ['ep_fraud:1#1']],
  ])('%s', async (query, ids) => {
    const episodes = (await data(withHistory(), `/api/v1/episodes${query}`)) as { id: string }[];
    expect(episodes.map(({ id }) => id)).toEqual(ids);
  });

  it('/{id} shows one', async () => {
    const episode = await data(withHistory(), `/api/v1/episodes/${encodeURIComponent('ep_fraud:1#2')}`);
    expect(episode).toMatchObject({ id: 'ep_fraud:1#2', reason: 'cooldown' });
  });

  it.each<[path: string, message: string]>([
    ['/ep_none', '404 not_found: no episode has this id'],
    ['/__proto__', '404 not_found: no episode has this id'],
    ['/%E0%A4%A', '400 bad_data: the path is not percent-encoded UTF-8'],
    ['?before=ep_none', '400 bad_data: before: no episode has this id'],
    [
      '?status=open',
      '400 bad_data: unknown parameter "status", expected one of model, version, metric, state, limit, before',
    ],
  ])('%s is refused', async (path, message) => {
    expect(await error(withHistory(), `/api/v1/episodes${path}`)).toBe(message);
  });
});

describe('GET /api/v1/retrains', () => {
  const requestStep = (event: string, ms: number) => ({
    event,
    at: at(ms),
    last_at: at(ms),
    count: 1,
    reason: null,
    detail: null,
  });

  it('lists the newest first, in the shape of the contract', async () => {
    expect(await data(withHistory(), '/api/v1/retrains')).toEqual([
      {
        id: 'rt_churn:7#3',
        model: { name: 'churn', version: '7' },
        episode: 'ep_churn:7#3',
        status: 'requested',
        trigger: 'training',
        reason: 'EMA for accuracy breached threshold 0.850, current 0.500',
        attempts: 0,
        requested_at: at(3 * MINUTE),
        delivered_at: null,
        ended_at: null,
        outcome: null,
        effective: null,
        steps: [requestStep('requested', 3 * MINUTE)],
      },
      {
        id: 'rt_fraud:1#1',
        model: { name: 'fraud', version: '1' },
        episode: 'ep_fraud:1#1',
        status: 'succeeded',
        trigger: 'training',
        reason: 'EMA for accuracy breached threshold 0.850, current 0.500',
        attempts: 1,
        requested_at: at(0),
        delivered_at: at(0),
        ended_at: at(0),
        outcome: { status: 'succeeded', version: null, message: null, at: at(0) },
        effective: null,
        steps: [requestStep('requested', 0), requestStep('delivered', 0), requestStep('succeeded', 0)],
      },
    ]);
  });

  it.each<[query: string, ids: string[]]>([
    ['?status=succeeded', ['rt_fraud:1#1']],
    ['?model=churn', ['rt_churn:7#3']],
    ['?metric=accuracy&limit=1', ['rt_churn:7#3']],
    ['?metric=accuracy&model=fraud', ['rt_fraud:1#1']],
    ['?metric=latency', []],
    [`?before=${encodeURIComponent('rt_churn:7#3')}`, ['rt_fraud:1#1']],
  ])('%s', async (query, ids) => {
    const retrains = (await data(withHistory(), `/api/v1/retrains${query}`)) as { id: string }[];
    expect(retrains.map(({ id }) => id)).toEqual(ids);
  });

  it('/{id} shows one', async () => {
    const retrain = await data(withHistory(), `/api/v1/retrains/${encodeURIComponent('rt_fraud:1#1')}`);
    expect(retrain).toMatchObject({ id: 'rt_fraud:1#1', status: 'succeeded' });
  });

  it.each<[path: string, message: RegExp]>([
    ['/rt_none', /^404 not_found/],
    ['?before=rt_none', /^400 bad_data: before/],
    ['?status=done', /^400 bad_data: status: expected one of requested, delivered, running, parked/],
    ['?state=open', /^400 bad_data: unknown parameter "state"/],
  ])('%s is refused', async (path, message) => {
    expect(await error(withHistory(), `/api/v1/retrains${path}`)).toMatch(message);
  });
});

const RETRAIN = `/api/v1/retrains/${encodeURIComponent('rt_fraud:1#1')}`;
const TOKEN = { authorization: 'Bearer token-of-rt_fraud:1#1' };

describe('POST /api/v1/retrains/{id}/outcome', () => {
  it('records what the pipeline says, and the same again', async () => {
    const backend = drifting();
    const body = { status: 'succeeded', version: '2', message: 'AUC 0.93' };
    for (const _time of ['first', 'second']) {
      const retrain = await data(backend, `${RETRAIN}/outcome`, post(body, TOKEN));
      expect(retrain).toMatchObject({
        status: 'succeeded',
        outcome: { ...body, at: at(0) },
        ended_at: at(0),
      });
    }
  });

  it('is taken from any address with its token', async () => {
    const ofElsewhere = { ...post({ status: 'running' }, TOKEN), from: '127.0.0.2' };
    expect(await data(drifting(), `${RETRAIN}/outcome`, ofElsewhere)).toMatchObject({ status: 'running' });
  });

  it.each<[what: string, path: string, request: Ask, message: RegExp]>([
    ['no token', RETRAIN, post({ status: 'running' }), /^401 unauthorized: an outcome needs the token/],
    [
      'a wrong token',
      RETRAIN,
      post({ status: 'running' }, { authorization: 'Bearer x' }),
      /^401 unauthorized/,
    ],
    ['a token of another kind', RETRAIN, post({}, { authorization: 'Basic eDp5' }), /^401 unauthorized/],
    [
      'an unknown id',
      '/api/v1/retrains/rt_none',
      post({}, TOKEN),
      /^404 not_found: no retrain request has this id$/,
    ],
    ['no status', RETRAIN, post({}, TOKEN), /^400 bad_data: status: expected running, succeeded or failed$/],
    ['another status', RETRAIN, post({ status: 'done' }, TOKEN), /^400 bad_data: status: expected running/],
    ['an unknown key', RETRAIN, post({ status: 'running', x: 1 }, TOKEN), /^400 bad_data: .*"x"/],
    [
      'an empty version',
      RETRAIN,
      post({ status: 'succeeded', version: '' }, TOKEN),
      /^400 bad_data: version: must not be empty$/,
    ],
    [
      'a long version',
      RETRAIN,
      post({ status: 'succeeded', version: 'x'.repeat(1025) }, TOKEN),
      /^400 bad_data: version: longer than 1024 bytes$/,
    ],
    [
      'a long message',
      RETRAIN,
      post({ status: 'failed', message: '模'.repeat(1366) }, TOKEN),
      /^400 bad_data: message: longer than 4096 bytes$/,
    ],
    [
      'half a surrogate pair',
      RETRAIN,
      { method: 'POST', body: '{"status":"failed","message":"\\ud800"}', headers: TOKEN },
      /^400 bad_data: message: has half of a surrogate pair$/,
    ],
    [
      'no JSON',
      RETRAIN,
      { method: 'POST', body: '{', headers: TOKEN },
      /^400 bad_data: the body is not valid JSON$/,
    ],
    ['a body too large', RETRAIN, post({ message: 'x'.repeat(70_000) }, TOKEN), /^413 too_large/],
  ])('with %s is refused', async (_what, path, request, message) => {
    expect(await error(drifting(), `${path}/outcome`, request)).toMatch(message);
  });

  it('against a final status is a conflict', async () => {
    const backend = drifting();
    backend.scenario.report({ kind: 'outcome', status: 'failed', version: null, message: null });
    expect(await error(backend, `${RETRAIN}/outcome`, post({ status: 'succeeded' }, TOKEN))).toBe(
      '409 conflict: it is failed already',
    );
  });

  it('puts the token in no log line', async () => {
    const backend = drifting();
    backend.storageUp = false;
    await using server = await startServer({ backend });
    expect((await server.ask(`${RETRAIN}/outcome`, post({ status: 'running' }, TOKEN))).status).toBe(503);
    expect(JSON.stringify(server.log.lines)).not.toContain('token-of');
  });
});

describe('POST /api/v1/retrains/{id}/redeliver', () => {
  const parked = (): FakeBackend => {
    const backend = new FakeBackend(
      makeConfig({
        triggers: [
          { name: 'training', models: [], outcome: 'reported' },
          { name: 'spare', models: ['x'], outcome: 'none' },
        ],
      }),
    );
    backend.scenario.sample(0.5);
    backend.scenario.report({ kind: 'attempt' });
    backend.scenario.report({
      kind: 'parked',
      reason: 'refused',
      message: 'answered 404 Not Found',
      written: true,
    });
    return backend;
  };

  it.each<[what: string, body: unknown, trigger: string]>([
    ['no body', undefined, 'training'],
    ['an empty object', {}, 'training'],
    ['another trigger', { trigger: 'spare' }, 'spare'],
  ])('sends it again, with %s', async (_what, body, trigger) => {
    expect(await data(parked(), `${RETRAIN}/redeliver`, post(body))).toMatchObject({
      status: 'requested',
      trigger,
    });
  });

  it('asks for another trigger where its own is gone', async () => {
    const backend = parked();
    backend.scenario.request.trigger = 'gone';
    expect(await error(backend, `${RETRAIN}/redeliver`, post())).toBe(
      '400 bad_data: trigger: no such trigger, expected one of training, spare',
    );
  });

  it.each<[what: string, backend: () => FakeBackend, path: string, body: unknown, message: RegExp]>([
    [
      'not parked',
      drifting,
      RETRAIN,
      {},
      /^409 conflict: only a parked request can be sent again, this is delivered$/,
    ],
    ['of an unknown id', parked, '/api/v1/retrains/rt_none', {}, /^404 not_found/],
    [
      'with an unknown trigger',
      parked,
      RETRAIN,
      { trigger: 'none' },
      /^400 bad_data: trigger: no such trigger/,
    ],
    ['with a trigger that is no name', parked, RETRAIN, { trigger: 1 }, /^400 bad_data: trigger/],
    ['with an unknown key', parked, RETRAIN, { triger: 'spare' }, /^400 bad_data: .*"triger"/],
    ['with an array', parked, RETRAIN, [], /^400 bad_data/],
  ])('%s is refused', async (_what, backend, path, body, message) => {
    expect(await error(backend(), `${path}/redeliver`, post(body))).toMatch(message);
  });
});

describe('POST /api/v1/retrains/{id}/cancel', () => {
  it('gives it up, and the same again', async () => {
    const backend = drifting();
    for (const _time of ['first', 'second']) {
      expect(await data(backend, `${RETRAIN}/cancel`, post())).toMatchObject({
        status: 'cancelled',
        ended_at: at(0),
      });
    }
  });

  it.each<[what: string, backend: () => FakeBackend, id: string, message: RegExp]>([
    ['that has ended', withHistory, 'rt_fraud:1#1', /^409 conflict/],
    ['that nobody knows', drifting, 'rt_none', /^404 not_found/],
  ])('of a request %s is refused', async (_what, backend, id, message) => {
    expect(await error(backend(), `/api/v1/retrains/${encodeURIComponent(id)}/cancel`, post())).toMatch(
      message,
    );
  });
});

describe('GET /api/v1/status', () => {
  it('/config shows the redacted config', async () => {
    expect(await data(new FakeBackend(), '/api/v1/status/config')).toEqual({
      yaml: 'metrics:\n  - name: accuracy\n',
    });
  });

  it('/buildinfo shows what runs', async () => {
    expect(await data(new FakeBackend(), '/api/v1/status/buildinfo')).toEqual({
      version: '1.2.3',
      revision: 'abcdef0',
      node_version: process.version,
    });
  });
});

describe('/-/', () => {
  it('healthy and ready say so in words', async () => {
    await using server = await startServer();
    const healthy = await server.ask('/-/healthy');
    expect([healthy.status, healthy.text]).toEqual([200, 'Driftgauge is Healthy.\n']);
    const ready = await server.ask('/-/ready');
    expect([ready.status, ready.text, ready.headers['content-type']]).toEqual([
      200,
      'Driftgauge is Ready.\n',
      'text/plain; charset=utf-8',
    ]);
  });

  it('ready is 503 until start-up has ended, and healthy is not', async () => {
    await using server = await startServer();
    server.backend.ready = false;
    expect((await server.ask('/-/ready')).status).toBe(503);
    expect((await server.ask('/-/healthy')).status).toBe(200);
  });

  it('ready stays so with a storage that is down', async () => {
    await using server = await startServer();
    server.backend.storageUp = false;
    expect((await server.ask('/-/ready')).status).toBe(200);
  });

  it.each(['POST', 'PUT'])('reload applies the config with %s', async (method) => {
    const backend = new FakeBackend();
    expect(await ask(backend, '/-/reload', { method })).toEqual({
      status: 200,
      json: { status: 'success', data: null },
    });
    expect(backend.reloads).toBe(1);
  });

  it('reload tells what is wrong with the config', async () => {
    const backend = new FakeBackend();
    backend.reloadError = 'a.yaml:1:1: metrics: missing';
    expect(await error(backend, '/-/reload', { method: 'POST' })).toBe(
      '500 internal: the config was not reloaded: a.yaml:1:1: metrics: missing',
    );
  });

  it('reload needs --web.enable-lifecycle', async () => {
    await using server = await startServer({ enableLifecycle: false });
    const { status, text } = await server.ask('/-/reload', { method: 'POST' });
    expect([status, JSON.parse(text).error]).toEqual([403, 'reload over HTTP needs --web.enable-lifecycle']);
    expect(server.backend.reloads).toBe(0);
  });
});
