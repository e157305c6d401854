import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HOUR, JOB, load, MINUTE } from '../build/loading.testing.ts';
import type { MetricSource, Selector } from '../config.ts';
import { readConfig } from '../load.ts';
import { fromSchema, KINDS } from './index.ts';
import type { References } from './reference.ts';

const REFERENCE = { bounds: [0.1, Infinity], cumulative: [50, 120] };
const REFERENCES: References = new Map([['scores.yaml', { ok: true, histogram: REFERENCE }]]);

function sourceOf(from: object, references = REFERENCES): MetricSource {
  const metrics = [{ name: 'm', from, drift: { above: 1 } }];
  return load({ scrape_configs: [JOB], metrics }, { references }).inputs[0]!.from;
}

/** Roles and matchers, each take on one line. */
function takesOf(from: object): readonly string[] {
  return sourceOf(from).takes.map(({ role, selector }) => `${role} ${matchersOf(selector)}`);
}

function matchersOf({ matchers }: Selector): string {
  return matchers.map(({ label, operator, value }) => `${label}${operator}${value}`).join(' ');
}

describe('what is taken', () => {
  const takes: Record<string, [object, string[]]> = {
    'for a gauge: its series': [{ gauge: 'a{b!="c"}' }, ['value __name__=a b!=c']],
    'for a rate: the counter, and when it began': [
      { rate: 'errors_total{stage="prod"}' },
      ['value __name__=errors_total stage=prod', 'start __name__=errors_created stage=prod'],
    ],
    'for a rate of a counter that is not called _total: when it began, under its whole name': [
      { rate: 'errors' },
      ['value __name__=errors', 'start __name__=errors_created'],
    ],
    'for a rate of a name that is written as a matcher: the same': [
      { rate: '{stage="prod", __name__="errors_total"}' },
      ['value stage=prod __name__=errors_total', 'start stage=prod __name__=errors_created'],
    ],
    'for a rate of several names: no beginning, as nobody knows whose it is': [
      { rate: '{__name__=~"a_total|b_total"}' },
      ['value __name__=~a_total|b_total'],
    ],
    'for a rate of a name with exceptions: no beginning either': [
      { rate: '{__name__="a_total",__name__!="b_total"}' },
      ['value __name__=a_total __name__!=b_total'],
    ],
    'for a ratio: both counters, and when each began': [
      { ratio: { numerator: 'errors_total', denominator: 'requests_total{stage="prod"}' } },
      [
        'numerator __name__=errors_total',
        'denominator __name__=requests_total stage=prod',
        'numerator_start __name__=errors_created',
        'denominator_start __name__=requests_created stage=prod',
      ],
    ],
    'for a mean: sum and count, or the native histogram, and when they began': [
      { mean: 'latency_seconds{stage="prod"}' },
      [
        'sum __name__=latency_seconds_sum stage=prod',
        'count __name__=latency_seconds_count stage=prod',
        'native __name__=latency_seconds stage=prod',
        'start __name__=latency_seconds_created stage=prod',
      ],
    ],
    'for a quantile: the buckets, or the native histogram, and when they began': [
      { histogram_quantile: { quantile: 0.95, of: 'latency_seconds{stage=~"p.*"}' } },
      [
        'bucket __name__=latency_seconds_bucket stage=~p.*',
        'native __name__=latency_seconds stage=~p.*',
        'start __name__=latency_seconds_created stage=~p.*',
      ],
    ],
    'for a distance: the same': [
      { histogram: 'score', distance: 'psi', reference: { first: '24h' } },
      ['bucket __name__=score_bucket', 'native __name__=score', 'start __name__=score_created'],
    ],
    'for a base name that looks like one of its series: what the matcher says': [
      { mean: '{__name__="token_count"}' },
      [
        'sum __name__=token_count_sum',
        'count __name__=token_count_count',
        'native __name__=token_count',
        'start __name__=token_count_created',
      ],
    ],
  };
  it.each(Object.entries(takes))('%s', (_, [from, expected]) => {
    expect(takesOf(from)).toEqual(expected);
  });

  it('is a selector that reads as it matches', () => {
    const { takes } = sourceOf({ mean: 'a{b=~"c\\"\\\\.d"}' });
    expect(takes[0]!.selector.text).toBe(String.raw`{__name__="a_sum",b=~"c\"\\.d"}`);
    expect(sourceOf({ gauge: takes[0]!.selector.text }).takes[0]!.selector.matchers).toEqual(
      takes[0]!.selector.matchers,
    );
  });
});

describe('what is made of it', () => {
  const ratio = { numerator: 'a', denominator: 'b' };
  const written = { window: '5m', min_count: 100, scale: 1000 };
  const parsed = { windowMs: 5 * MINUTE, minCount: 100, scale: 1000 };
  const defaults = { windowMs: 0, minCount: 1, scale: 1 };

  const settings: Record<string, [object, object]> = {
    'a gauge, with its defaults': [{ gauge: 'a' }, { kind: 'gauge', scale: 1, aggregate: null }],
    'a gauge, as written': [
      { gauge: 'a', scale: -2, aggregate: 'avg' },
      { kind: 'gauge', scale: -2, aggregate: 'avg' },
    ],
    'a rate, which may be of nothing, with its defaults': [
      { rate: 'a' },
      { kind: 'rate', ...defaults, minCount: 0 },
    ],
    'a rate, as written': [
      { rate: 'a', ...written },
      { kind: 'rate', ...parsed },
    ],
    'a window that is written as each scrape': [{ rate: 'a', window: '0s', min_count: 0 }, { windowMs: 0 }],
    'a ratio, with its defaults': [{ ratio }, { kind: 'ratio', ...defaults }],
    'a ratio, as written': [
      { ratio, ...written },
      { kind: 'ratio', ...parsed },
    ],
    'a mean, with its defaults': [{ mean: 'a' }, { kind: 'mean', ...defaults }],
    'a mean, as written': [
      { mean: 'a', ...written },
      { kind: 'mean', ...parsed },
    ],
    'a quantile, with its defaults': [
      { histogram_quantile: { quantile: 0, of: 'a' } },
      { kind: 'histogram_quantile', quantile: 0, ...defaults },
    ],
    'a quantile, as written': [
      { histogram_quantile: { quantile: 1, of: 'a' }, ...written },
      { kind: 'histogram_quantile', quantile: 1, ...parsed },
    ],
    'a distance, which needs more observations, with its defaults': [
      { histogram: 'a', distance: 'js', reference: { first: '24h' } },
      {
        kind: 'histogram',
        distance: 'js',
        reference: { kind: 'first', ms: 24 * HOUR },
        ...defaults,
        minCount: 500,
      },
    ],
    'a distance, as written': [
      { histogram: 'a', distance: 'ks', reference: { trailing: '1h' }, ...written },
      { kind: 'histogram', distance: 'ks', reference: { kind: 'trailing', ms: HOUR }, ...parsed },
    ],
    'a distance from a file': [
      { histogram: 'a', distance: 'psi', reference: { file: 'scores.yaml' } },
      { reference: { kind: 'file', histogram: REFERENCE } },
    ],
  };
  it.each(Object.entries(settings))('%s', (_, [from, expected]) => {
    expect(sourceOf(from).settings).toMatchObject(expected);
  });
});

it('is read from a file with every kind, and the reference beside it', async () => {
  const result = await readConfig('test/data/config/good-from.yaml', {});
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const settings = result.config.inputs.map(({ from }) => from.settings);
  expect(new Set(settings.map(({ kind }) => kind))).toEqual(new Set(KINDS.map(({ key }) => key)));
  expect(settings.at(-1)).toMatchObject({
    reference: { kind: 'file', histogram: { bounds: [0.1, 0.2, Infinity], cumulative: [50, 70, 120] } },
  });
});

it('a config that is a text alone reads no reference beside it', () => {
  const from = { histogram: 'a', distance: 'psi', reference: { file: 'scores.yaml' } };
  expect(() => sourceOf(from, new Map())).toThrow(
    'metrics[0].from.reference.file: expected a config that is read from a file, found a text alone, beside which no file is read',
  );
});

it('has a JSON Schema that tells which keys each kind needs, and which it may have', () => {
  const { oneOf } = z.toJSONSchema(fromSchema, { io: 'input' });
  expect(oneOf).toHaveLength(KINDS.length);
  expect(oneOf).toContainEqual({
    required: ['gauge'],
    propertyNames: { enum: ['gauge', 'scale', 'aggregate'] },
  });
  expect(oneOf).toContainEqual({
    required: ['histogram', 'distance', 'reference'],
    propertyNames: { enum: ['histogram', 'distance', 'reference', 'scale', 'window', 'min_count'] },
  });
});
