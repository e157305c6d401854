import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAccess } from './access.ts';
import { PASS, refuse } from './answer.ts';

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly peer?: string | undefined;
  readonly headers?: Record<string, string>;
}

const OUTCOME = '/api/v1/retrains/rt_1/outcome';
const USERS = new Map([['ada', 'hash']]);

/** Users are checked by name only; the token of `rt_1` is `t1`. */
async function judge(
  asked: Asked,
  {
    users = new Map<string, string>(),
    scheme = 'http' as 'http' | 'https',
    externalOrigin = null as string | null,
  } = {},
) {
  const access = createAccess({
    scheme,
    users: () => users,
    externalOrigin,
    authenticate: async (known, authorization) =>
      known().has(authorization ?? '') ? PASS : refuse('unauthorized', 'who are you'),
    tokenFits: (request, token) => request === 'rt_1' && token === 't1',
  });
  const { method = 'GET', url = '/', peer = '127.0.0.1', headers = {} } = asked;
  const socket = { remoteAddress: 'peer' in asked ? asked.peer : peer };
  const verdict = await access({
    method,
    url,
    headers: { host: 'localhost:9822', ...headers },
    socket,
  } as IncomingMessage);
  return verdict.ok ? 'pass' : verdict.failure.type;
}

const ELSEWHERE = '10.1.2.3';

describe('without users', () => {
  it.each<[what: string, asked: Asked, verdict: string]>([
    ['a read from anywhere', { peer: ELSEWHERE }, 'pass'],
    ['a HEAD from anywhere', { method: 'HEAD', peer: ELSEWHERE }, 'pass'],
    ['OPTIONS from anywhere', { method: 'OPTIONS', peer: ELSEWHERE }, 'pass'],
    ['a write from 127.0.0.1', { method: 'POST', peer: '127.0.0.1' }, 'pass'],
    ['a write from ::1', { method: 'POST', peer: '::1' }, 'pass'],
    ['a write from ::ffff:127.0.0.1', { method: 'POST', peer: '::ffff:127.0.0.1' }, 'pass'],
    ['a write from elsewhere', { method: 'POST', peer: ELSEWHERE }, 'forbidden'],
    ['a write from another loopback address', { method: 'POST', peer: '127.0.0.2' }, 'forbidden'],
    ['a write from ::ffff:10.1.2.3', { method: 'POST', peer: '::ffff:10.1.2.3' }, 'forbidden'],
    ['a write from a socket that is gone', { method: 'POST', peer: undefined }, 'forbidden'],
    ['PUT from elsewhere', { method: 'PUT', peer: ELSEWHERE }, 'forbidden'],
    ['DELETE from elsewhere', { method: 'DELETE', peer: ELSEWHERE }, 'forbidden'],
    ['a method nobody knows, from elsewhere', { method: 'PROPFIND', peer: ELSEWHERE }, 'forbidden'],
    [
      'a write from elsewhere that says it was forwarded for us',
      {
        method: 'POST',
        peer: ELSEWHERE,
        headers: { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1', 'x-real-ip': '127.0.0.1' },
      },
      'forbidden',
    ],
    [
      'an outcome from elsewhere: its route asks for the token',
      { method: 'POST', url: OUTCOME, peer: ELSEWHERE },
      'pass',
    ],
    ['PUT of an outcome from elsewhere', { method: 'PUT', url: OUTCOME, peer: ELSEWHERE }, 'forbidden'],
    [
      'another path that ends like an outcome',
      { method: 'POST', url: '/api/v1/retrains/a/b/outcome', peer: ELSEWHERE },
      'forbidden',
    ],
    [
      'a query that looks like an outcome',
      { method: 'POST', url: `/api/v1/events?${OUTCOME}`, peer: ELSEWHERE },
      'forbidden',
    ],
    [
      'a write from elsewhere with a token',
      { method: 'POST', peer: ELSEWHERE, headers: { authorization: 'Bearer t1' } },
      'forbidden',
    ],
  ])('%s', async (_what, asked, verdict) => expect(await judge(asked)).toBe(verdict));
});

describe('a write from a browser', () => {
  const from = (origin: string, host = 'localhost:9822'): Asked => ({
    method: 'POST',
    headers: { origin, host },
  });

  it.each<[what: string, asked: Asked, verdict: string]>([
    ['on our own page', from('http://localhost:9822'), 'pass'],
    ['on our own page, by address', from('http://127.0.0.1:9822', '127.0.0.1:9822'), 'pass'],
    ['on our own page, by IPv6 address', from('http://[::1]:9822', '[::1]:9822'), 'pass'],
    ['on our own page, at the default port', from('http://localhost', 'localhost:80'), 'pass'],
    ['on another page', from('https://evil.example'), 'forbidden'],
    ['on a page of another port', from('http://localhost:3000'), 'forbidden'],
    ['on a page of another scheme', from('https://localhost:9822'), 'forbidden'],
    ['on a page without an origin', from('null'), 'forbidden'],
    ['with an origin that is none', from('localhost:9822 '), 'forbidden'],
    [
      'on a page whose name was rebound to us',
      from('http://evil.example:9822', 'evil.example:9822'),
      'forbidden',
    ],
    [
      'of an outcome, on another page',
      {
        method: 'POST',
        url: OUTCOME,
        headers: { origin: 'https://evil.example', authorization: 'Bearer t1' },
      },
      'forbidden',
    ],
    ['on another page, reading', { method: 'GET', headers: { origin: 'https://evil.example' } }, 'pass'],
  ])('%s', async (_what, asked, verdict) => expect(await judge(asked)).toBe(verdict));

  it('on our own page of any name, with users and TLS', async () => {
    const asked: Asked = {
      method: 'POST',
      peer: ELSEWHERE,
      headers: { origin: 'https://drift.example', host: 'drift.example', authorization: 'ada' },
    };
    expect(await judge(asked, { users: USERS, scheme: 'https' })).toBe('pass');
  });
});

describe('with users', () => {
  const ada = { authorization: 'ada' };

  it.each<[what: string, asked: Asked, verdict: string]>([
    ['a read without a user', { url: '/metrics' }, 'unauthorized'],
    ['a read from 127.0.0.1 without a user', { url: '/', peer: '127.0.0.1' }, 'unauthorized'],
    ['a path that does not exist', { url: '/nothing' }, 'unauthorized'],
    ['a read with a user', { url: '/metrics', peer: ELSEWHERE, headers: ada }, 'pass'],
    ['a write with a user, from anywhere', { method: 'POST', peer: ELSEWHERE, headers: ada }, 'pass'],
    ['a write from 127.0.0.1 without a user', { method: 'POST' }, 'unauthorized'],
    ['OPTIONS without a user', { method: 'OPTIONS' }, 'unauthorized'],
    ['/-/healthy', { url: '/-/healthy' }, 'pass'],
    ['/-/ready', { url: '/-/ready', peer: ELSEWHERE }, 'pass'],
    ['/-/ready with a query', { url: '/-/ready?x' }, 'pass'],
    ['/-/reload', { method: 'POST', url: '/-/reload' }, 'unauthorized'],
    ['a path below an open one', { url: '/-/healthy/../../metrics' }, 'unauthorized'],
    ['an open path with another case', { url: '/-/Healthy' }, 'unauthorized'],
    ['an open path encoded', { url: '/-/healthy%2f..%2f..%2fmetrics' }, 'unauthorized'],
    [
      'an outcome with its token',
      { method: 'POST', url: OUTCOME, peer: ELSEWHERE, headers: { authorization: 'Bearer t1' } },
      'pass',
    ],
    [
      'an outcome with its token, the id encoded',
      { method: 'POST', url: '/api/v1/retrains/rt%5F1/outcome', headers: { authorization: 'Bearer t1' } },
      'pass',
    ],
    [
      'an outcome with another token',
      { method: 'POST', url: OUTCOME, headers: { authorization: 'Bearer t2' } },
      'unauthorized',
    ],
    ['an outcome without a token', { method: 'POST', url: OUTCOME }, 'unauthorized'],
    [
      'another request with that token',
      { method: 'POST', url: '/api/v1/retrains/rt_2/outcome', headers: { authorization: 'Bearer t1' } },
      'unauthorized',
    ],
    [
      'a cancel with that token',
      { method: 'POST', url: '/api/v1/retrains/rt_1/cancel', headers: { authorization: 'Bearer t1' } },
      'unauthorized',
    ],
    [
      'an id that can not be decoded',
      { method: 'POST', url: '/api/v1/retrains/%E0%A4%A/outcome', headers: { authorization: 'Bearer t1' } },
      'unauthorized',
    ],
  ])('%s', async (_what, asked, verdict) => expect(await judge(asked, { users: USERS })).toBe(verdict));
});

describe('behind a proxy that ends TLS', () => {
  const asked = { method: 'POST', headers: { host: 'gauge.example', origin: 'https://gauge.example' } };
  const withUser = { ...asked, headers: { ...asked.headers, authorization: 'ada' } };
  const externalOrigin = 'https://gauge.example';

  it.each<[what: string, asked: Asked, options: Parameters<typeof judge>[1], verdict: string]>([
    ['our page is known by the external URL', withUser, { users: USERS, externalOrigin }, 'pass'],
    ['its visitor has to log in all the same', asked, { users: USERS, externalOrigin }, 'unauthorized'],
    ['our page is a foreign one without that URL', withUser, { users: USERS }, 'forbidden'],
    ['it is a foreign one without users', asked, { externalOrigin }, 'forbidden'],
    [
      'others are foreign',
      { ...withUser, headers: { ...withUser.headers, origin: 'https://evil.example' } },
      { users: USERS, externalOrigin },
      'forbidden',
    ],
  ])('%s', async (_what, request, options, verdict) => {
    expect(await judge(request, options)).toBe(verdict);
  });
});
