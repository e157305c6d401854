import { describe, expect, it } from 'vitest';
import type { RawEntry } from '../sources/config.testing.ts';
import { firstFinding } from './check.testing.ts';

const GAUGE = { from: { gauge: 'model_accuracy' } };
const RATIO = { from: { ratio: { numerator: 'errors_total', denominator: 'requests_total' } } };
const QUANTILE = { from: { histogram_quantile: { quantile: 0.9, of: 'latency' } } };
const DISTANCE = { histogram: 'score', distance: 'psi', reference: { first: '24h' } };

const histogram = (name: string, labels: string, bounds: readonly string[] = ['1', '+Inf']) =>
  bounds.map((le, index) => `${name}_bucket{${labels}le="${le}"} ${index + 1}`);

describe('what a metric finds', () => {
  it('is counted and shown, five series at most, with the versions and values that come of it', async () => {
    const page = Array.from(
      { length: 7 },
      (_, index) => `model_accuracy{version="${index}",model="fraud"} 0.${index}`,
    );
    expect(await firstFinding({ metrics: [GAUGE], page })).toEqual([
      'model_accuracy: 7 series',
      ...[0, 1, 2, 3, 4].map((version) => `  model_accuracy{model="fraud",version="${version}"}`),
      '  and 2 more',
      ...[0, 1, 2, 3, 4, 5, 6].map((version) => `fraud:${version} is ${version === 0 ? 0 : `0.${version}`}`),
    ]);
  });

  it('is spelled as it is after relabelling, and named by the labels of the target', async () => {
    const metric_relabel_configs = [{ regex: 'pod', action: 'labeldrop' }];
    const job = { labels: { model: 'fraud', version: '7' }, metric_relabel_configs };
    const [, series, version] = await firstFinding({
      metrics: [GAUGE],
      job,
      page: ['model_accuracy{pod="x"} 1'],
    });
    expect(series).toMatch(
      /^ {2}model_accuracy\{instance="127\.0\.0\.1:\d+",job="serving",model="fraud",version="7"\}$/,
    );
    expect(version).toBe('fraud:7 is 1');
  });

  it('is multiplied by its scale', async () => {
    const metrics = [{ from: { gauge: 'model_accuracy', scale: 100 } }];
    expect(await firstFinding({ metrics, page: ['model_accuracy{model="fraud"} 0.5'] })).toContain(
      'fraud:none is 50',
    );
  });

  it('has a percent sign where a name has a colon', async () => {
    expect(
      await firstFinding({ metrics: [GAUGE], page: ['model_accuracy{model="a:b%",version="1"} 1'] }),
    ).toContain('a%3Ab%25:1 is 1');
  });

  it('are the parts of a ratio, a mean, a histogram, each with its own series', async () => {
    expect(
      await firstFinding({
        metrics: [RATIO],
        page: [
          'errors_total{model="m"} 1',
          'requests_total{model="m"} 2',
          'requests_total{model="m",code="2"} 2',
        ],
      }),
    ).toEqual([
      'numerator errors_total: 1 series',
      '  errors_total{model="m"}',
      'denominator requests_total: 2 series',
      '  requests_total{model="m"}',
      '  requests_total{code="2",model="m"}',
      'm:none has no value yet: a ratio needs two scrapes',
    ]);
  });
});

describe('why there is no value yet', () => {
  const counts = ['requests_total{model="m"} 1', 'errors_total{model="m"} 1', 'latency_sum{model="m"} 1'];
  const page = [
    ...counts,
    'latency_count{model="m"} 1',
    ...histogram('latency', 'model="m",'),
    ...histogram('score', 'model="m",'),
  ];
  it.each<[from: RawEntry, text: string]>([
    [{ rate: 'requests_total' }, 'a rate needs two scrapes'],
    [{ rate: 'requests_total', window: '5m' }, 'a rate needs two scrapes (window: 5m)'],
    [
      { ...RATIO.from, window: '90m', min_count: 100 },
      'a ratio needs two scrapes (window: 90m, min_count: 100)',
    ],
    [{ mean: 'latency' }, 'a mean needs two scrapes'],
    [QUANTILE.from, 'a quantile needs two scrapes'],
    [DISTANCE, 'a distance needs its reference first (first: 24h, min_count: 500)'],
    [
      { ...DISTANCE, reference: { trailing: '7d' }, window: '1h', min_count: 1 },
      'a distance needs its reference first (trailing: 7d, window: 1h)',
    ],
  ])('%j', async (from, text) => {
    expect((await firstFinding({ metrics: [{ from }], page })).at(-1)).toBe(
      `m:none has no value yet: ${text}`,
    );
  });
});

describe('nothing will come of it', () => {
  const problem = async (metric: RawEntry, page: readonly string[], job: RawEntry = {}) =>
    (await firstFinding({ metrics: [metric], page, job }))
      .filter((line) => line.startsWith('PROBLEM: '))
      .map((line) => line.slice('PROBLEM: '.length));
  const relabel = (...metric_relabel_configs: readonly RawEntry[]) => ({ metric_relabel_configs });

  it.each<
    [sentence: string, metric: RawEntry, page: readonly string[], problems: readonly string[], job?: RawEntry]
  >([
    ['on a page without series', GAUGE, [], ['no series matches model_accuracy']],
    [
      'when its name is misspelled',
      { from: { gauge: 'model_acuracy{stage="prod"}' } },
      ['model_accuracy{model="m"} 1', 'model_recall{model="m"} 1'],
      ['no series matches model_acuracy{stage="prod"}; did you mean model_accuracy?'],
    ],
    [
      'when its name lacks a word',
      { from: { rate: 'requests' } },
      ['model_requests_total{model="m"} 1', 'requests_total{model="m"} 1'],
      ['no series matches requests; did you mean requests_total?'],
    ],
    [
      'when other labels were meant',
      { from: { gauge: 'model_accuracy{stage="prod"}' } },
      ['model_accuracy{model="m",stage="test"} 1'],
      ['no series matches model_accuracy{stage="prod"}; there is model_accuracy{model="m",stage="test"}'],
    ],
    [
      'when it has no name and finds nothing',
      { from: { gauge: '{__name__=~"acc.*"}' } },
      ['model_accuracy{model="m"} 1'],
      ['no series matches {__name__=~"acc.*"}'],
    ],
    [
      'when relabelling drops it',
      GAUGE,
      ['model_accuracy{model="m"} 1'],
      [
        'no series matches model_accuracy; the target has model_accuracy, but metric_relabel_configs drop or rename it',
      ],
      relabel({ source_labels: ['__name__'], regex: 'model_accuracy', action: 'drop' }),
    ],
    [
      'when no label names the model',
      GAUGE,
      ['model_accuracy{model_name="m",stage="prod"} 1'],
      [
        'the series carry no label "model" (identity.model), nor has the target one; they carry model_name, stage; did you mean identity: {model: model_name}?',
      ],
    ],
    [
      'when there is no label at all',
      GAUGE,
      ['model_accuracy 1'],
      [
        'the series carry no label "model" (identity.model), nor has the target one; they carry no label at all',
      ],
    ],
    [
      'when the name of the model is too long',
      GAUGE,
      [`model_accuracy{model="${'x'.repeat(1025)}"} 1`],
      ['1 of 1 series name a model or a version of more than 1024 bytes (bad_name)'],
    ],
    [
      'when its globs fit no model that is there',
      { ...GAUGE, models: ['churn*'] },
      ['model_accuracy{model="fraud"} 1'],
      ['its models are not for fraud, and no other entry of that name is'],
    ],
    ['without a denominator', RATIO, ['errors_total{model="m"} 1'], ['no series matches requests_total']],
    [
      'with a numerator and a denominator of different models',
      RATIO,
      ['errors_total{model="a"} 1', 'requests_total{model="b"} 1'],
      [],
    ],
    [
      'with a sum, but no count',
      { from: { mean: 'latency' } },
      ['latency_sum{model="m"} 1'],
      ['no series matches latency_count'],
    ],
    [
      'when the histogram is misspelled',
      { from: { histogram_quantile: { quantile: 0.9, of: 'latncy' } } },
      histogram('latency', 'model="m",'),
      ['no series matches latncy_bucket, and there is no native histogram latncy; did you mean latency?'],
    ],
    [
      'when the histogram is a summary',
      QUANTILE,
      ['latency{model="m",quantile="0.9"} 1', 'latency_sum{model="m"} 1', 'latency_count{model="m"} 1'],
      [
        'no series matches latency_bucket, and there is no native histogram latency; latency has a sum and a count only: use mean, or gauge for a quantile of its own',
      ],
    ],
    [
      'when the histogram is a gauge',
      QUANTILE,
      ['latency{model="m"} 1'],
      [
        'no series matches latency_bucket, and there is no native histogram latency; latency is there, but is no histogram: use gauge or rate',
      ],
    ],
    [
      'when the buckets have no bounds',
      QUANTILE,
      ['latency_bucket{model="m"} 1'],
      ['m:none: latency_bucket has no label "le" with a number'],
    ],
    [
      'when the last bucket is missing',
      QUANTILE,
      histogram('latency', 'model="m",', ['1', '2']),
      ['m:none: latency_bucket has no bucket le="+Inf", so it tells no distribution'],
    ],
  ])('%s', async (_, metric, page, problems, job) => {
    expect(await problem(metric, page, job)).toEqual(problems);
  });
});

describe('what may surprise', () => {
  const notes = async (metrics: readonly RawEntry[], page: readonly string[]) =>
    (await firstFinding({ metrics, page }))
      .filter((line) => line.startsWith('note: '))
      .map((line) => line.slice('note: '.length));

  it.each<
    [sentence: string, metrics: readonly RawEntry[], page: readonly string[], notes: readonly string[]]
  >([
    [
      'several series of one model version',
      [GAUGE],
      [1, 2, 3].map((pod) => `model_accuracy{model="m",pod="${pod}"} 0.${pod}`),
      [
        'matched 3 series of one model version, m:none: the first has it, the others are dropped (duplicate_series); choose aggregate (avg, min, max or sum), or select one of them by its labels',
      ],
    ],
    [
      'not several series with an aggregate',
      [{ from: { gauge: 'model_accuracy', aggregate: 'avg' } }],
      [1, 2].map((pod) => `model_accuracy{model="m",pod="${pod}"} 0.${pod}`),
      [],
    ],
    [
      'another entry of the name has a model',
      [
        { ...GAUGE, models: ['fraud*'] },
        { ...GAUGE, models: ['*'] },
      ],
      [
        'model_accuracy{model="fraud"} 1',
        'model_accuracy{model="churn"} 1',
        'model_accuracy{model="lead"} 1',
      ],
      ['another entry of that name, metrics[1], has the models churn, lead'],
    ],
    [
      'other entries have some models, and none has the rest',
      [
        { ...GAUGE, models: ['lead'] },
        { ...GAUGE, models: ['churn'] },
      ],
      ['model_accuracy{model="churn"} 1', 'model_accuracy{model="fraud"} 1'],
      [
        'another entry of that name, metrics[1], has the model churn',
        'its models are not for fraud, and no other entry of that name is',
      ],
    ],
    [
      'some series without a model',
      [GAUGE],
      ['model_accuracy{model="m"} 1', 'model_accuracy{stage="x"} 1'],
      ['1 of 2 series carry no label "model" (identity.model), nor has the target one; they carry stage'],
    ],
    [
      'a numerator that is not there yet',
      [RATIO],
      ['requests_total{model="m"} 1'],
      ['the numerator counts as 0: no series matches errors_total'],
    ],
    [
      'a version without a denominator, beside one with',
      [RATIO],
      ['requests_total{model="m"} 1', 'errors_total{model="n"} 1'],
      ['n:none has a numerator, but no denominator'],
    ],
    [
      'a value that is no number',
      [GAUGE],
      ['model_accuracy{model="m"} NaN'],
      ['dropped: 1 sample is not a finite number (non_finite)'],
    ],
    [
      'a time ahead of our clock',
      [GAUGE],
      [`model_accuracy{model="m"} 1 ${Date.UTC(2120, 0, 1)}`],
      ["dropped: 1 sample is more than 5m ahead of this machine's clock (future)"],
    ],
    [
      'the same series twice',
      [{ from: { gauge: 'model_accuracy', aggregate: 'sum' } }],
      ['model_accuracy{model="m",a="1"} 1', 'model_accuracy{a="1",model="m"} 1'],
      ['dropped: 1 sample is there twice (duplicate)'],
    ],
  ])('%s', async (_, metrics, page, expected) => {
    expect(await notes(metrics, page)).toEqual(expected);
  });

  it('is no more than ten lines, whatever the page holds', async () => {
    const page = Array.from({ length: 40 }, (_, index) => [
      `model_accuracy{model="m${index}",pod="a"} 1`,
      `model_accuracy{model="m${index}",pod="b"} 1`,
    ]).flat();
    const lines = await firstFinding({ metrics: [GAUGE], page });
    expect(lines.filter((line) => line.startsWith('note: matched'))).toHaveLength(10);
    expect(lines).toContain('and 30 more model versions');
    expect(lines).toContain('note: and 30 more notes');
  });
});
