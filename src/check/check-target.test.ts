import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RawEntry } from '../sources/config.testing.ts';
import { pageOf, TYPE } from '../sources/formats/protobuf.testing.ts';
import { page } from '../sources/target.testing.ts';
import { check, firstFinding, suggestions } from './check.testing.ts';

const GAUGE = { from: { gauge: 'model_accuracy' } };
const ONE = ['model_accuracy{model="m"} 1'];

const sending =
  (contentType: string, body: string | Buffer): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', contentType);
    response.end(body);
  };

describe('the verdict', () => {
  it.each<[sentence: string, metrics: readonly RawEntry[], ok: boolean, last: string]>([
    [
      'is success where every metric finds something',
      [GAUGE],
      true,
      'SUCCESS: 1 scraped metric, all with series',
    ],
    [
      'does not mind pushed metrics',
      [GAUGE, { name: 'f1_score' }],
      true,
      'SUCCESS: 1 scraped metric, all with series',
    ],
    ['is success where nothing is scraped', [{}], true, 'SUCCESS: no metric is scraped'],
    [
      'names the metrics that find nothing',
      [GAUGE, { name: 'recall', from: { gauge: 'x' } }, { name: 'loss', from: { rate: 'y' } }],
      false,
      'FAILED: 2 of 3 scraped metrics would get nothing: metrics[1] recall, metrics[2] loss',
    ],
    [
      'does not mind an entry whose models another entry of its name has',
      [
        { ...GAUGE, models: ['m'] },
        { ...GAUGE, models: ['other'] },
      ],
      true,
      'SUCCESS: 2 scraped metrics, all with series',
    ],
  ])('%s', async (_, metrics, ok, last) => {
    const report = await check({ metrics, page: ONE });
    expect([report.ok, report.lines.at(-1)]).toEqual([ok, last]);
  });
});

it('the metrics come in the order of the config, pushed ones among them', async () => {
  const metrics = [{ name: 'f1_score' }, GAUGE, { name: 'loss', from: { rate: 'y' } }];
  const { lines } = await check({ metrics, page: ONE });
  expect(lines.filter((line) => line.startsWith('metrics['))).toEqual([
    'metrics[0] f1_score: pushed, nothing of it is scraped',
    'metrics[1] accuracy: gauge',
    'metrics[2] loss: rate',
  ]);
});

it('the head says what was scraped, as what, and how much was there', async () => {
  const { lines } = await check({ metrics: [GAUGE], page: ONE });
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^target http:\/\/127\.0\.0\.1:\d+\/metrics: a target of job "serving"$/),
    '  1 sample, format text',
  ]);
});

describe('a scrape that fails is told with its reason', () => {
  it.each<[sentence: string, page: RequestListener | readonly string[], job: RawEntry, line: RegExp]>([
    [
      'no page there',
      (_, response) => void response.writeHead(404).end(),
      {},
      /http_4xx: the target answered 404$/,
    ],
    ['a page that is none', ['model_accuracy{'], {}, /parse: line 1: /],
    ['more samples than allowed', [...ONE, 'b 1'], { sample_limit: 1 }, /sample_limit: /],
    [
      'a body that is too large',
      ['#'.repeat(2000)],
      { body_size_limit: '1KB' },
      /too_large: the body is larger than 1024 bytes$/,
    ],
    [
      'a target that never answers',
      () => {},
      { scrape_timeout: '100ms' },
      /timeout: not done within 100 ms$/,
    ],
    [
      'a body that never ends',
      (_, response) => void response.writeHead(200).write('model_accuracy{model="m"} 1\n'),
      { scrape_timeout: '100ms' },
      /timeout: not done within 100 ms$/,
    ],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1/x' }).end(),
      {},
      /redirect: the target answered 302$/,
    ],
    [
      'a page that is cut short',
      sending('application/openmetrics-text; version=1.0.0', '# TYPE a gauge\na 1\n'),
      {},
      /parse: /,
    ],
  ])('%s', async (_, answer, job, line) => {
    const { ok, lines } = await check({ metrics: [GAUGE], page: answer, job });
    expect(ok).toBe(false);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^FAILED: the scrape failed: /);
    expect(lines[1]).toMatch(line);
  });
});

it('a format that the target gets wrong is told, and another one taken', async () => {
  const { ok, lines } = await check({
    metrics: [GAUGE],
    page(request, response) {
      const wantsOpenMetrics = request.headers.accept?.includes('openmetrics') ?? false;
      if (wantsOpenMetrics)
        sending('application/openmetrics-text', 'model_accuracy{ 1\n# EOF\n')(request, response);
      else page(`${ONE[0]}\n`)(request, response);
    },
  });
  expect(ok).toBe(true);
  expect(lines.slice(1, 3)).toEqual([
    '  1 sample, format text',
    expect.stringMatching(
      /^ {2}its openmetrics page is not valid, so another format was asked for: line 1: /,
    ),
  ]);
});

describe('a native histogram', () => {
  const native = {
    schema: 0,
    sampleCount: 3n,
    sampleSum: 4,
    positiveSpan: [{ offset: 0, length: 1 }],
    positiveDelta: [3n],
  };
  const answer = sending(
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    pageOf({ name: 'score', type: TYPE.histogram, metric: [{ histogram: native }] }),
  );
  const job = { labels: { model: 'm' } };
  const metrics = [{ from: { histogram_quantile: { quantile: 0.9, of: 'score' } } }];

  it('is found under its own name', async () => {
    expect(await firstFinding({ metrics, job, page: answer })).toEqual(
      expect.arrayContaining([
        'native histogram score: 1 series',
        '  score',
        'm:none has no value yet: a quantile needs two scrapes',
      ]),
    );
  });

  it('is suggested as a histogram where nothing uses it', async () => {
    expect(await suggestions({ metrics: [GAUGE], job, page: answer })).toEqual([
      'score: histogram, 4 series',
      '  from: {histogram_quantile: {quantile: 0.95, of: score}}',
    ]);
  });
});

describe('the limits of the config', () => {
  it('say which samples there was no room for', async () => {
    const { lines } = await check({
      metrics: [GAUGE],
      rest: { limits: { max_series: 1 } },
      page: [...ONE, 'model_accuracy{model="n"} 1'],
    });
    expect(lines).toContain('  1 sample left out: limits.max_series (1) has no room for them');
  });

  it('say which signals there was no room for', async () => {
    const lines = await firstFinding({
      metrics: [GAUGE],
      rest: { limits: { max_signals: 1 } },
      page: [...ONE, 'model_accuracy{model="n"} 1'],
    });
    expect(lines).toContain('note: dropped: 1 sample is of a signal too many (limits.max_signals)');
  });
});

it('nothing that a page holds acts in a terminal', async () => {
  const evil = '<img src=x onerror=alert(1)>\\n\u001b[31m\u202e\u0007';
  const { lines } = await check({
    metrics: [
      { from: { gauge: '{__name__=~"model.*"}' } },
      { name: 'typo', from: { gauge: 'model_acuracy' } },
      { name: 'named', from: { gauge: 'other' } },
    ],
    page: [
      `model_accuracy{model="${evil}",version="${evil}",x="${evil}"} 1`,
      `model_accuracy{model="${evil}",version="${evil}",x="2"} 1`,
      `other{"${evil}"="1"} 1`,
      `{"${evil}drift"} 1`,
      `# TYPE "${evil}score" gauge`,
      `{"${evil}score"} 1`,
    ],
  });
  for (const line of lines) expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(lines.join('\n')).toContain('\\n\\u001b[31m\\u202e\\u0007');
});
