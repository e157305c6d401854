import { describe, expect, it } from 'vitest';
import type { RawEntry } from '../sources/config.testing.ts';
import { check, suggestions } from './check.testing.ts';

const OTHER = [{ from: { gauge: 'used' } }];

/** What is suggested for a page, none of which is used. */
const suggested = (page: readonly string[], job: RawEntry = {}) => suggestions({ metrics: OTHER, page, job });

const HISTOGRAM = [
  'request_duration_seconds_bucket{le="1"} 1',
  'request_duration_seconds_bucket{le="+Inf"} 2',
  'request_duration_seconds_sum 3',
  'request_duration_seconds_count 2',
  'request_duration_seconds_created 1',
];
const OF_HISTOGRAM = [
  'request_duration_seconds: histogram, 5 series',
  '  from: {histogram_quantile: {quantile: 0.95, of: request_duration_seconds}}',
];

describe('a metric that is not used is suggested', () => {
  it.each<[sentence: string, page: readonly string[], suggestions: readonly string[]]>([
    [
      'as a gauge',
      ['# TYPE val_loss gauge', 'val_loss 1'],
      ['val_loss: gauge, 1 series', '  from: {gauge: val_loss}'],
    ],
    [
      'as a gauge where nothing tells its type',
      ['val_f1 1'],
      ['val_f1: type unknown, 1 series', '  from: {gauge: val_f1}'],
    ],
    [
      'as a rate',
      ['# TYPE predictions_total counter', 'predictions_total{a="1"} 1', 'predictions_total{a="2"} 1'],
      ['predictions_total: counter, 2 series', '  from: {rate: predictions_total}'],
    ],
    [
      'as a ratio, where what it is a part of is there',
      ['a_errors_total 1', 'a_predictions_total 1', 'b_errors_total 1'],
      [
        'a_errors_total: counter, 1 series',
        '  from: {ratio: {numerator: a_errors_total, denominator: a_predictions_total}}',
        'a_predictions_total: counter, 1 series',
        '  from: {rate: a_predictions_total}',
        'b_errors_total: counter, 1 series',
        '  from: {rate: b_errors_total}',
      ],
    ],
    [
      'as a histogram that is declared',
      ['# TYPE request_duration_seconds histogram', ...HISTOGRAM],
      OF_HISTOGRAM,
    ],
    ['as a histogram that is not', HISTOGRAM, OF_HISTOGRAM],
    [
      'as a summary',
      ['# TYPE score summary', 'score{quantile="0.5"} 1', 'score_sum 1', 'score_count 1'],
      ['score: summary, 3 series', '  from: {mean: score}'],
    ],
    [
      'where its name says nothing, but its labels name a model',
      ['coverage{model="fraud"} 1', 'other 1'],
      ['coverage: type unknown, 1 series', '  from: {gauge: coverage}'],
    ],
    [
      'with those first that name a model',
      ['accuracy 1', 'zeta{model="fraud"} 1'],
      [
        'zeta: type unknown, 1 series',
        '  from: {gauge: zeta}',
        'accuracy: type unknown, 1 series',
        '  from: {gauge: accuracy}',
      ],
    ],
    [
      'whatever its name is made of',
      ['{"it\'s.drift\\n\u001b[31m"} 1'],
      [
        "it's.drift\\n\\u001b[31m: type unknown, 1 series",
        "  from: {gauge: '{__name__=\"it''s.drift\\n\\u001b[31m\"}'}",
      ],
    ],
  ])('%s', async (_, page, expected) => {
    expect(await suggested(page)).toEqual(expected);
  });

  it('as OpenMetrics declares it', async () => {
    const body = '# TYPE model_requests counter\nmodel_requests_total 1\nmodel_requests_created 5\n# EOF\n';
    const page = (_request: unknown, response: import('node:http').ServerResponse) => {
      response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0');
      response.end(body);
    };
    expect(await suggestions({ metrics: OTHER, page })).toEqual([
      'model_requests_total: counter, 2 series',
      '  from: {rate: model_requests_total}',
    ]);
  });
});

describe('it is not suggested', () => {
  it.each<[sentence: string, page: readonly string[]]>([
    [
      'when it is about the runtime',
      ['go', 'process', 'python', 'nodejs', 'jvm', 'prometheus', 'promhttp', 'scrape'].map(
        (runtime) => `${runtime}_requests_total{model="m"} 1`,
      ),
    ],
    ['when nothing speaks for a model', ['up 1', 'queue_length 3']],
    ['when it is used already', ['used{model="m"} 1', 'used{model="n"} 1']],
    ['when it only says what something is', ['# TYPE score_info gauge', 'score_info{model="m"} 1']],
  ])('%s', async (_, page) => {
    expect(await suggested(page)).toEqual([]);
  });

  it('when a part of it is used', async () => {
    const metrics = [{ from: { mean: 'request_duration_seconds' } }];
    expect(await suggestions({ metrics, page: HISTOGRAM })).toEqual([]);
  });

  it('when only the target names the model', async () => {
    expect(await suggested(['up 1'], { labels: { model: 'fraud' } })).toEqual([]);
    const metric_relabel_configs = [{ regex: 'pod', action: 'labeldrop' }];
    expect(
      await suggested(['up{pod="x"} 1'], { labels: { model: 'fraud' }, metric_relabel_configs }),
    ).toEqual([]);
  });
});

it('at most 20 names are listed, in the same order whatever that of the page', async () => {
  const page = Array.from({ length: 30 }, (_, index) => `score_${String(index).padStart(2, '0')} 1`);
  const lines = await suggested(page.toReversed());
  expect(lines.filter((line) => line.startsWith('score_'))).toEqual(
    page.slice(0, 20).map((line) => `${line.slice(0, -2)}: type unknown, 1 series`),
  );
  expect(lines.at(-1)).toBe('and 10 more');
});

it('a metric that is suggested is one that the check then finds', async () => {
  const page = ['{"it\'s.drift\\n",model="m"} 1'];
  const [, from] = await suggested(page);
  const { parse } = await import('yaml');
  expect(await check({ metrics: [parse(from!) as RawEntry], page })).toMatchObject({ ok: true });
});
