import { describe, expect, it } from 'vitest';
import { readListQuery, readQuery } from './query.ts';

const list = (query: string) =>
  readListQuery(`/list${query}`, { stateKey: 'state', states: ['open', 'closed'] });

describe('a query', () => {
  it.each<[url: string, values: Record<string, string>]>([
    ['/path', {}],
    ['/path?', {}],
    ['/path?a=1&b=2', { a: '1', b: '2' }],
    ['/path?b=%2F%3A+x', { b: '/: x' }],
  ])('%s', (url, values) => {
    const query = readQuery(url, ['a', 'b']);
    expect(query.ok && Object.fromEntries(query.values)).toEqual(values);
  });

  it.each<[url: string, keys: string[], message: string]>([
    ['/path?c=1', ['a', 'b'], 'unknown parameter "c", expected one of a, b'],
    ['/path?a', [], 'unknown parameter "a", this path takes none'],
    ['/path?__proto__=1', ['a'], 'unknown parameter "__proto__", expected one of a'],
    ['/path?a=1&a=1', ['a'], 'a: given twice'],
    ['/path?a=', ['a'], 'a: must not be empty'],
  ])('%s is refused', (url, keys, message) => {
    const query = readQuery(url, keys);
    expect(query.ok || query.failure).toEqual({ type: 'bad_data', message });
  });
});

describe('the filters of a list', () => {
  it.each<[query: string, filter: object]>([
    ['', { limit: 100 }],
    ['?limit=1', { limit: 1 }],
    ['?limit=1000', { limit: 1000 }],
    [
      '?model=a&version=1&metric=m&state=open&before=x&limit=5',
      { model: 'a', version: '1', metric: 'm', state: 'open', before: 'x', limit: 5 },
    ],
  ])('%s', (query, filter) => expect(list(query)).toEqual({ ok: true, filter }));

  it.each<[query: string, message: RegExp]>([
    ['?limit=0', /^limit: expected a whole number from 1 to 1000$/],
    ['?limit=1001', /^limit/],
    ['?limit=-1', /^limit/],
    ['?limit=1e2', /^limit/],
    ['?limit=5.0', /^limit/],
    ['?limit=ten', /^limit/],
    ['?state=ajar', /^state: expected one of open, closed$/],
    ['?state=Open', /^state/],
    ['?status=open', /^unknown parameter "status"/],
    ['?model=', /^model: must not be empty$/],
  ])('%s is refused', (query, message) => {
    const result = list(query);
    expect(result.ok || result.failure).toEqual({
      type: 'bad_data',
      message: expect.stringMatching(message),
    });
  });
});
