import { describe, expect, it } from 'vitest';
import { targetUrl } from './target-url.ts';

const base = { scheme: 'http', metricsPath: '/metrics', params: new Map() } as const;
const at = (address: string) => ({ address, labels: new Map() });

describe('targetUrl', () => {
  it('names the target without its parameters', () => {
    const params = new Map([['token', ['s3cret']]]);
    expect(targetUrl({ ...base, params }, at('localhost:8000'))).toEqual({
      label: 'http://localhost:8000/metrics',
      secure: false,
      host: 'localhost',
      port: 8000,
      path: '/metrics?token=s3cret',
    });
  });

  it('repeats a parameter for each of its values, encoded', () => {
    const params = new Map([['match[]', ['up', 'a b&c']]]);
    expect(targetUrl({ ...base, params }, at('h:1')).path).toBe(
      '/metrics?match%5B%5D=up&match%5B%5D=a+b%26c',
    );
  });

  const paths: Record<string, string> = {
    '/a b': '/a%20b',
    '/a?b#c': '/a%3Fb%23c',
    '/100%': '/100%25',
    '/é': '/%C3%A9',
    '/\ud800': '/%EF%BF%BD',
  };
  it.each(Object.entries(paths))('takes the path %s as a path: %s', (metricsPath, path) => {
    expect(targetUrl({ ...base, metricsPath }, at('h:1')).path).toBe(path);
  });

  it('takes IPv6 addresses, and leaves the port to the scheme where there is none', () => {
    expect(targetUrl(base, at('[::1]:9090'))).toMatchObject({
      host: '::1',
      port: 9090,
      label: 'http://[::1]:9090/metrics',
    });
    expect(targetUrl({ ...base, scheme: 'https' }, at('example.org'))).toMatchObject({
      secure: true,
      port: undefined,
    });
  });
});
