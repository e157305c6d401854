// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config writes environment variables
import { describe, expect, it } from 'vitest';
import { JOB, job, load, PUSHED, SECOND, webhook } from './loading.testing.ts';

describe('a scrape job', () => {
  it('has the defaults of the contract', () => {
    expect(job({})).toEqual({
      jobName: 'fraud',
      scheme: 'http',
      metricsPath: '/metrics',
      params: new Map(),
      headers: new Map(),
      schedule: { kind: 'interval', intervalMs: 15 * SECOND },
      timeoutMs: 10 * SECOND,
      bodySizeLimitBytes: 10 * 1024 * 1024,
      sampleLimit: 50_000,
      identity: { model: 'model', version: 'version' },
      metricRelabelConfigs: [],
      targets: [{ address: 'localhost:8000', labels: new Map() }],
    });
  });

  it.each<[string, number, object, object]>([
    ['10s', 10, {}, {}],
    ['the interval where that is shorter', 5, { scrape_interval: '5s' }, {}],
    ['the interval of global where that is shorter', 5, {}, { global: { scrape_interval: '5s' } }],
    ['that of global', 3, {}, { global: { scrape_timeout: '3s' } }],
    ['its own before that of global', 4, { scrape_timeout: '4s' }, { global: { scrape_timeout: '3s' } }],
    [
      'the interval, where the timeout of global is longer',
      1,
      { scrape_interval: '1s' },
      { global: { scrape_timeout: '3s' } },
    ],
    ['the shortest gap of its schedule', 5, { schedule: '*/5 * * * * *' }, {}],
  ])('times out after %s', (_name, seconds, changes, rest) => {
    expect(job(changes, rest).timeoutMs).toBe(seconds * SECOND);
  });

  it('takes each key of its identity from itself, from global, or by default', () => {
    const rest = { global: { identity: { version: 'release' } } };
    expect(job({ identity: { model: 'name' } }, rest).identity).toEqual({
      model: 'name',
      version: 'release',
    });
    expect(job({ identity: { version: 'v' } }, rest).identity).toEqual({ model: 'model', version: 'v' });
  });

  it('has its targets with port and labels', () => {
    const { targets } = job({
      scheme: 'https',
      static_configs: [
        { targets: ['a', 'b:1'], labels: { model: 'm', constructor: 'c' } },
        { targets: ['[::1]'] },
      ],
    });
    const labels = new Map([
      ['model', 'm'],
      ['constructor', 'c'],
    ]);
    expect(targets).toEqual([
      { address: 'a:443', labels },
      { address: 'b:1', labels },
      { address: '[::1]:443', labels: new Map() },
    ]);
  });
});

describe('HTTP clients', () => {
  it('find their files beside the config, as in Prometheus', () => {
    const tls_config = {
      ca_file: 'ca.pem',
      cert_file: '/etc/cert.pem',
      key_file: '../key.pem',
      server_name: 's',
    };
    expect(job({ tls_config, basic_auth: { username: 'u', password_file: 'secrets/p' } })).toMatchObject({
      tls: {
        caFile: 'folder/ca.pem',
        certFile: '/etc/cert.pem',
        keyFile: 'key.pem',
        serverName: 's',
        insecureSkipVerify: false,
      },
      auth: { kind: 'basic', username: 'u', password: { file: 'folder/secrets/p' } },
    });
    expect(
      webhook({ signing_secret_file: 'secret', authorization: { credentials_file: 'c' } }),
    ).toMatchObject({
      signingSecret: { file: 'folder/secret' },
      auth: { kind: 'authorization', type: 'Bearer', credentials: { file: 'folder/c' } },
    });
  });

  it('get secrets from the environment, without the line break at their end', () => {
    const config = load(
      {
        metrics: [PUSHED],
        scrape_configs: [{ ...JOB, basic_auth: { username: 'u', password: 'a${P}b${P}' } }],
      },
      { env: { P: 'x\n' } },
    );
    expect(config.scrapes[0]!.auth).toMatchObject({ password: { value: 'axbx' } });
  });
});
