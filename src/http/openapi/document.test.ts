import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { MINUTE, makeConfig, makePolicy, makeRule } from '../../core/scenario.testing.ts';
import { silentLogger } from '../../log.ts';
import { createMetricsPage } from '../../metrics/page.ts';
import { parsePush } from '../../sources/push.ts';
import { BUILD } from '../../version.ts';
import { FakeBackend, withHistory } from '../backend.testing.ts';
import { viewChange } from '../change-view.ts';
import { openStream } from '../event-source.testing.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createEventStreams } from '../routes/event-stream.ts';
import { startServer } from '../server.testing.ts';
import { createRoutes } from '../server.ts';
import { pushBody } from './bodies.ts';
import { answersOf, buildDocument, documentText } from './document.ts';
import { expectDocumented } from './documented.testing.ts';
import { changeMessage, eventMessage } from './messages.ts';
import type { Method, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

const operations = Object.entries(OPERATIONS).flatMap(([path, methods]) =>
  (Object.entries(methods) as [Method, Operation][]).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, { path, method, operation }] as const,
  ),
);

describe('the document', () => {
  it('in docs/ is current (node tools/build-openapi.ts makes it)', async () => {
    expect(await readFile('docs/openapi.json', 'utf8')).toBe(documentText(BUILD));
  });

  it('is valid OpenAPI 3.1, every reference included', async () => {
    const validator = new Validator();
    expect(await validator.validate(buildDocument(BUILD))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(JSON.stringify(validator.resolveRefs())).not.toContain('"$ref"');
  });

  it('is found invalid where it is', async () => {
    const { openapi: _, ...rest } = buildDocument(BUILD);
    expect(await new Validator().validate({ ...rest, openapi: '3.1.1', paths: { x: {} } })).toMatchObject({
      valid: false,
    });
  });

  it('is served, with the version of the build, and made once', async () => {
    await using server = await startServer();
    const { status, headers, text } = await server.ask('/api/v1/openapi.json');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toEqual(buildDocument(server.backend.build));
    expect((await server.ask('/api/v1/openapi.json')).text).toBe(text);
    expect((await server.ask('/api/v1/openapi.json', { method: 'HEAD' })).text).toBe('');
  });

  it('has each operation once', () => {
    const ids = operations.map(([, { operation }]) => operation.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every route of the API, and no other', () => {
    const backend = new FakeBackend();
    const clock = new ManualClock();
    const { routes } = createRoutes(
      {
        backend,
        parsePush,
        log: silentLogger,
        listen: { host: '127.0.0.1', port: 0 },
        enableLifecycle: true,
        metricsPage: createMetricsPage(backend),
      },
      {
        clock,
        limits: DEFAULT_LIMITS,
        streams: createEventStreams({ backend, clock }),
        scheme: 'http',
        needUser: () => false,
      },
    );
    const registered = routes
      // The pages for people are no API.
      .filter(({ path }) => /^\/(api|-)\/|^\/metrics$/.test(path))
      .flatMap(({ path, methods }) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
      );
    expect(operations.map(([name]) => name).sort()).toEqual(registered.sort());
  });
});

describe('queries', () => {
  const read = operations.filter(
    ([, { method, operation }]) => method === 'get' && operation.access !== 'open',
  );

  it.each(read)('%s takes the parameters that are documented', async (_name, { path, operation }) => {
    await using server = await startServer({ backend: withHistory() });
    const url = path.replace('{id}', 'ep_fraud:1#1');
    const { status, text } = await server.ask(`${url}?nonsense=1`);
    const keys = Object.keys(operation.query ?? {});
    const [, known] = /expected one of (.+)$/.exec(JSON.parse(text).error) ?? [];
    expect([status, known?.split(', ').sort() ?? []]).toEqual([400, keys.sort()]);
  });

  it.each(
    read.flatMap(([name, { path, operation }]) =>
      Object.entries(operation.query ?? {}).map(
        ([key, { schema }]) => [`${key} of ${name}`, { path, key, schema }] as const,
      ),
    ),
  )('%s takes what its schema takes', async (_name, { path, key, schema }) => {
    await using server = await startServer();
    const needed = path === '/api/v1/explain' && key !== 'model' ? '&model=fraud' : '';
    for (const value of ['', '0', '1', '1000', '1001', 'ok', 'open', 'event', 'delivered', 'x']) {
      // HEAD, because a stream has no end. Whether somebody has the name or id is not the schema's to know.
      const { status } = await server.ask(`${path}?${key}=${value}${needed}`, { method: 'HEAD' });
      const taken = schema.safeParse(key === 'limit' && value !== '' ? Number(value) : value).success;
      if (key !== 'before' || !taken) expect([value, status === 400]).toEqual([value, !taken]);
    }
  });
});

describe('the schema of a push agrees with what reads it', () => {
  const NOW = Date.UTC(2026, 10, 24, 10);
  const event = { model: { name: 'fraud', version: '1' }, metric: 'accuracy', value: 0.5 };
  const stamped = (timestamp: unknown) => ({ ...event, timestamp });

  it.each<[body: string, value: unknown, isGood: boolean]>([
    ['one event', event, true],
    ['an array', [event, event], true],
    ['an empty array', [], true],
    ['no version', { ...event, model: { name: 'fraud' } }, true],
    ['a name of 1024 bytes', { ...event, metric: 'x'.repeat(1024) }, true],
    ['a name of 1025 bytes', { ...event, metric: 'x'.repeat(1025) }, false],
    ['a name of 1026 bytes and 342 characters', { ...event, metric: '模'.repeat(342) }, false],
    ['an empty name', { ...event, metric: '' }, false],
    ['an empty version', { ...event, model: { name: 'a', version: '' } }, false],
    ['half a surrogate pair', { ...event, metric: '\ud800' }, false],
    ['a version that is null', { ...event, model: { name: 'a', version: null } }, false],
    ['a version that is a number', { ...event, model: { name: 'a', version: 1.4 } }, false],
    ['a model that is a name', { ...event, model: 'fraud' }, false],
    ['no model', { metric: 'accuracy', value: 1 }, false],
    ['no metric', { model: event.model, value: 1 }, false],
    ['no value', { model: event.model, metric: 'accuracy' }, false],
    ['a value that is text', { ...event, value: '0.5' }, false],
    ['a value that is null', { ...event, value: null }, false],
    ['a value of -0', { ...event, value: -0 }, true],
    ['a large value', { ...event, value: 1.7e308 }, true],
    ['an unknown key', { ...event, labels: {} }, false],
    ['an unknown key of the model', { ...event, model: { name: 'a', id: 1 } }, false],
    ['an event in an array in an array', [[event]], false],
    ['a number', 5, false],
    ['null', null, false],
    ['text', 'accuracy', false],
    ['seconds', stamped(NOW / 1000), true],
    ['seconds with a fraction', stamped(NOW / 1000 - 0.25), true],
    ['seconds before 1970', stamped(-1.5), true],
    ['a time that is null', stamped(null), false],
    ['a time that is true', stamped(true), false],
    ['RFC 3339', stamped('2026-11-24T10:00:00Z'), true],
    ['RFC 3339 with an offset and a fraction', stamped('2026-11-24T11:00:00.123456+01:00'), true],
    ['RFC 3339 in small letters', stamped('2026-11-24t10:00:00z'), true],
    ['a time without an offset', stamped('2026-11-24T10:00:00'), false],
    ['a time without seconds', stamped('2026-11-24T10:00Z'), false],
    ['a date', stamped('2026-11-24'), false],
    ['a month 13', stamped('2025-13-01T00:00:00Z'), false],
    ['an hour 24', stamped('2026-11-23T24:00:00Z'), false],
    ['an offset of 24 hours', stamped('2026-11-23T00:00:00+24:00'), false],
    ['the 30th of February', stamped('2026-02-30T00:00:00Z'), false],
    ['the 29th of February of a leap year', stamped('2024-02-29T00:00:00Z'), true],
    ['a word', stamped('yesterday'), false],
    ['seconds as text', stamped('1764000000'), false],
  ])('%s', (_body, value, isGood) => {
    expect(parsePush(Buffer.from(JSON.stringify(value)), NOW).ok).toBe(isGood);
    expect(pushBody.safeParse(value).success).toBe(isGood);
  });
});

describe('messages of the stream', () => {
  it('a metric event has its schema', async () => {
    await using server = await startServer();
    using stream = await openStream(server.address, '?type=event');
    await server.backend.push([{ model: { name: 'fraud', version: '1' }, metric: 'accuracy', value: 0.9 }]);
    const { data } = await stream.next();
    expect(eventMessage.parse(data)).toEqual(data);
  });

  it('every change of a long story has its schema', () => {
    const { scenario } = new FakeBackend(
      makeConfig({
        rules: [makeRule({ ttlMs: 60 * MINUTE, keepFiringForMs: 2 * MINUTE, forMs: MINUTE, warmUp: 1 })],
        policy: makePolicy({ groupWaitMs: MINUTE, cooldownMs: MINUTE, inFlightTimeoutMs: 30 * MINUTE }),
      }),
    );
    const told = new Set<string>();
    const look = () => {
      for (const change of scenario.changes.splice(0)) {
        const view = JSON.parse(JSON.stringify(viewChange(change)));
        expect(changeMessage.parse(view)).toEqual(view);
        told.add(view.type);
      }
    };
    scenario.hold(0.5, { ms: 5 * MINUTE });
    const { request } = scenario;
    look();
    scenario.report({ kind: 'attempt' }, request);
    scenario.report({ kind: 'delivered' }, request);
    scenario.report({ kind: 'outcome', status: 'running', version: null, message: 'begun' }, request);
    scenario.hold(0.5, { ms: 40 * MINUTE });
    look();
    scenario.hold(0.9, { ms: 5 * MINUTE });
    scenario.wait(120 * MINUTE);
    look();
    expect([...told].sort()).toEqual([
      'episode_closed',
      'episode_held',
      'episode_opened',
      'phase',
      'request_changed',
      'requested',
      'signal_removed',
    ]);
  });
});

it('an answer with a key that is not in the document is found', () => {
  const answer = (data: object) => ({
    method: 'GET',
    path: '/api/v1/status/config',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify({ status: 'success', data }),
  });
  expect(expectDocumented(answer({ yaml: '' }))).toEqual({ status: 'success', data: { yaml: '' } });
  expect(() => expectDocumented(answer({ yaml: '', more: 1 }))).toThrow();
  expect(() => expectDocumented(answer({}))).toThrow();
  expect(() => expectDocumented({ ...answer({ yaml: '' }), status: 418 })).toThrow(
    '418 is not in the document',
  );
});

it('every write may be refused by its origin, and everything but probes for want of a user', () => {
  for (const [name, { method, operation }] of operations) {
    const statuses = Object.keys(answersOf(operation, method));
    expect([name, statuses.includes('403')]).toEqual([name, method !== 'get']);
    expect([name, statuses.includes('401')]).toEqual([name, operation.access !== 'open']);
  }
});
