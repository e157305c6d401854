import { describe, expect, it } from 'vitest';
import { metricsPathFault, redactUrl, targetFault, webhookUrlFault, withPort } from './address.ts';

const TARGETS: Record<string, string | null> = {
  'localhost:8000': null,
  localhost: null,
  '10.1.2.3:9090': null,
  '[::1]:9090': null,
  '[fe80::1]': null,
  'model.ns.svc.cluster.local:80': null,
  'a_b:1': null,
  'http://localhost:8000': 'the scheme is written as `scheme`, the path as `metrics_path`',
  'HTTPS://localhost': 'the scheme is written as `scheme`, the path as `metrics_path`',
  'localhost:8000/metrics': 'the path is written as `metrics_path`, the query as `params`',
  'localhost?x=1': 'the path is written as `metrics_path`, the query as `params`',
  'user:pw@localhost': 'user and password are written as `basic_auth`',
  'localhost:0': 'ports go from 1 to 65535',
  'localhost:65536': '',
  'localhost:port': '',
  '::1': '',
  '[::1': '',
  'a b': '',
  'a\u202eb': '',
  ':80': '',
  '': '',
};

const URLS: Record<string, string | null> = {
  'http://trainer:8080/retrain': null,
  'https://user:pw@trainer/{model}/{version}?m={model}': null,
  'http://[::1]:80/': null,
  'ftp://trainer/': '',
  'trainer:8080/retrain': '',
  '/retrain': '',
  'http:/trainer': '',
  'http://trainer:99999/': '',
  'http://trainer/{name}': 'the placeholders are {model} and {version}',
  'http://trainer/${HOME}': 'the placeholders are {model} and {version}',
  'http://{model}.svc/': 'placeholders may stand in path and query only, so that no name can choose the host',
  'http://trainer/a b': 'it holds spaces or control characters',
  'http://trainer/\u0000': 'it holds spaces or control characters',
  'http://trainer/#x': 'a fragment is never sent',
};

const REDACTED: Record<string, string> = {
  'http://trainer:8080/retrain': 'http://trainer:8080/retrain',
  'http://user:pw@trainer/x?token=1': 'http://<secret>@trainer/x?<secret>',
  'http://user:p/w@trainer/x': 'http://<secret>@trainer/x',
  'http://user:p?w@trainer/x': 'http://<secret>@trainer/x',
  'http://user:p@w@trainer/x': 'http://<secret>@trainer/x',
  'http://trainer/a@b': 'http://trainer/a@b',
  'http://trainer/{model}?m={model}': 'http://trainer/{model}?<secret>',
  'http://trainer#token': 'http://trainer#<secret>',
  'user:pw@localhost:80': '<secret>@localhost:80',
  'ftp://user:pw@trainer/': 'ftp://<secret>@trainer/',
  'localhost:80': 'localhost:80',
};

describe('addresses', () => {
  it.each(Object.entries(TARGETS))('the target %j: %j', (text, fault) => {
    expect(targetFault(text)).toBe(fault);
  });

  it.each(Object.entries(URLS))('the webhook URL %j: %j', (text, fault) => {
    expect(webhookUrlFault(text)).toBe(fault);
  });

  it.each(Object.entries(REDACTED))('%j is shown as %j', (text, shown) => {
    expect(redactUrl(text)).toBe(shown);
  });

  it('a target without a port has that of its scheme', () => {
    expect(withPort('localhost', 'http')).toBe('localhost:80');
    expect(withPort('[::1]', 'https')).toBe('[::1]:443');
    expect(withPort('[::1]:9090', 'https')).toBe('[::1]:9090');
  });

  it.each([
    ['/metrics', null],
    ['/probe/{x}', null],
    ['metrics', ''],
    ['/probe?target=x', 'the query is written as `params`'],
    ['/a b', 'it holds spaces or control characters'],
  ])('the path %j: %j', (text, fault) => {
    expect(metricsPathFault(text)).toBe(fault);
  });
});
