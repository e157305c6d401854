import { describe, expect, it } from 'vitest';
import { load, PUSHED } from '../config/build/loading.testing.ts';
import { planScrape, readTarget } from './plan.ts';

/** Two jobs, of which the second has three targets. */
const CONFIG = load({
  metrics: [PUSHED],
  scrape_configs: [
    {
      job_name: 'first',
      static_configs: [{ targets: ['a:8000'], labels: { model: 'one' } }],
      params: { p: ['x y'] },
      headers: { 'X-Key': 'hush' },
      authorization: { credentials: 'hush' },
      tls_config: { insecure_skip_verify: true },
    },
    {
      job_name: 'second',
      metrics_path: '/deepér/metrics',
      static_configs: [{ targets: ['b:8000', '[::1]:9000', 'c'], labels: { model: 'two' } }],
    },
  ],
});

describe('the job of a URL', () => {
  const plan = (url: string) => {
    const { basis, config, target } = planScrape(CONFIG, new URL(url));
    return `${basis} ${config.jobName} ${target.address} ${target.labels.get('model')}`;
  };

  it.each([
    ['http://a:8000/metrics', 'target first a:8000 one'],
    ['http://b:8000/deep%C3%A9r/metrics', 'target second b:8000 two'],
    ['http://[::1]:9000/deepér/metrics', 'target second [::1]:9000 two'],
    ['http://c/deepér/metrics', 'target second c:80 two'],
    ['http://C:80/deepér/metrics', 'target second c:80 two'],
  ])('%s is a target', (url, expected) => {
    expect(plan(url)).toBe(expected);
  });

  it.each([
    'http://b:8000/metrics',
    'http://b:8001/deepér/metrics',
    'http://d/metrics',
    'https://c/deepér/metrics',
  ])('%s is none, and goes as the first target of the first job would', (url) => {
    expect(plan(url)).toBe(`first_job first ${new URL(url).hostname}:${addressPort(url)} one`);
  });

  it('is a default one where the config has none', () => {
    const { scrapes } = load({ metrics: [PUSHED] });
    expect(planScrape({ scrapes }, new URL('http://d:1/x'))).toMatchObject({
      basis: 'defaults',
      config: { timeoutMs: 10_000, sampleLimit: 50_000, identity: { model: 'model', version: 'version' } },
      target: { address: 'd:1' },
    });
  });
});

describe('what is fetched', () => {
  const fetched = (url: string) => planScrape(CONFIG, new URL(url)).url;

  it.each([
    ['http://a:8000/metrics', { host: 'a', port: 8000, path: '/metrics?p=x+y', secure: false }],
    ['http://a:8000/metrics?q=1', { path: '/metrics?q=1' }],
    ['https://[::1]/m%3Fx/%C3%A9', { host: '::1', port: undefined, path: '/m%3Fx/%C3%A9', secure: true }],
  ])('%s', (url, expected) => {
    expect(fetched(url)).toMatchObject(expected);
  });

  it.each<[string, string, boolean]>([
    ['a target of the config', 'http://a:8000/metrics', true],
    ['the same over another scheme', 'https://a:8000/metrics', false],
    ['another host', 'http://elsewhere:8000/metrics', false],
    ['another path', 'http://a:8000/other', false],
  ])('carries the secrets of its job only to %s: %s', (_case, url, carries) => {
    const { config } = planScrape(CONFIG, new URL(url));
    expect(config.auth !== undefined).toBe(carries);
    expect(config.tls !== undefined).toBe(carries);
    expect(config.headers.size > 0).toBe(carries);
  });

  it('is named without its parameters', () => {
    expect(fetched('http://a:8000/metrics?token=secret').label).toBe('http://a:8000/metrics');
  });
});

describe('a target', () => {
  it.each(['http://a', 'HTTPS://a:1/x?y'])('%s is one', (text) => {
    expect(readTarget(text)).toMatchObject({ ok: true });
  });

  it.each<[text: string, message: RegExp]>([
    ['localhost:8000', /^expected an http or https URL/],
    ['ftp://a/', /^expected an http or https URL/],
    ['http://', /^expected an http or https URL/],
    ['http:a', /^expected an http or https URL/],
    ['http://user@a/', /without user and password/],
    ['http://:hush@a/', /^(?!.*hush).*without user and password/],
  ])('%s is none', (text, message) => {
    expect(readTarget(text)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });
});

function addressPort(url: string): string {
  const { port, protocol } = new URL(url);
  return port || (protocol === 'https:' ? '443' : '80');
}
