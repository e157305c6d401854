import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesTable } from '../series-table.ts';
import {
  type FamilyInit,
  label,
  pageOf,
  type Row,
  rawFamily,
  rawField,
  readProtobuf,
  TYPE,
} from './protobuf.testing.ts';
import { readPage } from './text.testing.ts';

const named = (name: string, labels: Record<string, string> = {}) => ({ __name__: name, ...labels });
const gauge = (name: string, value = 1): FamilyInit => ({
  name,
  type: TYPE.gauge,
  metric: [{ gauge: { value } }],
});

describe('the protobuf format takes', () => {
  const families: Record<string, [FamilyInit[], Row[]]> = {
    'an empty page': [[], []],
    'a family without metrics': [[{ name: 'a', type: TYPE.gauge }], []],
    'a gauge': [[gauge('a', 0.5)], [[named('a'), 0.5]]],
    'an untyped metric': [
      [{ name: 'a', type: TYPE.untyped, metric: [{ untyped: { value: -2 } }] }],
      [[named('a'), -2]],
    ],
    'a counter': [
      [{ name: 'a_total', type: TYPE.counter, metric: [{ counter: { value: 3 } }] }],
      [[named('a_total'), 3]],
    ],
    'no type as a counter, which is type 0': [
      [{ name: 'a', metric: [{ counter: { value: 3 } }] }],
      [[named('a'), 3]],
    ],
    'no value as 0': [[{ name: 'a', type: TYPE.gauge, metric: [{ gauge: {} }] }], [[named('a'), 0]]],
    'values that are not finite': [
      [gauge('a', NaN), gauge('b', Infinity), gauge('c', -Infinity)],
      [
        [named('a'), NaN],
        [named('b'), Infinity],
        [named('c'), -Infinity],
      ],
    ],
    'when a counter was created, without its _total': [
      [
        {
          name: 'a_total',
          metric: [
            { counter: { value: 3, createdTimestamp: { seconds: 1_700_000_000n, nanos: 250_000_000 } } },
          ],
        },
      ],
      [
        [named('a_total'), 3],
        [named('a_created'), 1_700_000_000.25],
      ],
    ],
    'labels in their order': [
      [{ name: 'a', metric: [{ label: [label('z', '1'), label('b', '2')], counter: { value: 1 } }] }],
      [[named('a', { z: '1', b: '2' }), 1]],
    ],
    'an empty label value, as no label': [
      [{ name: 'a', metric: [{ label: [label('b', '')], counter: { value: 1 } }] }],
      [[named('a'), 1]],
    ],
    'any text in names and values': [
      [
        {
          name: 'http.requests "é"\n\\',
          metric: [
            {
              label: [label('né', '😀'), label('"x"', 'a "b" \\ \n c'), label('{', '}, d="e"')],
              counter: {},
            },
          ],
        },
      ],
      [[named('http.requests "é"\n\\', { né: '😀', '"x"': 'a "b" \\ \n c', '{': '}, d="e"' }), 0]],
    ],
    'names that are no names of Prometheus 2, and then one that is': [
      [gauge('a.b'), gauge('a.b'), gauge('c')],
      [
        [named('a.b'), 1],
        [named('a.b'), 1],
        [named('c'), 1],
      ],
    ],
    'a name longer than most': [[gauge('a'.repeat(5000))], [[named('a'.repeat(5000)), 1]]],
    'labels longer than most': [
      [{ name: 'a', metric: [{ label: [label('b', 'é'.repeat(50_000))], counter: {} }] }],
      [[named('a', { b: 'é'.repeat(50_000) }), 0]],
    ],
    'a time in milliseconds': [
      [{ name: 'a', metric: [{ counter: { value: 1 }, timestampMs: 1_700_000_000_123n }] }],
      [[named('a'), 1, 1_700_000_000_123]],
    ],
    'a time before 1970': [
      [{ name: 'a', metric: [{ counter: { value: 1 }, timestampMs: -5n }] }],
      [[named('a'), 1, -5]],
    ],
    'a time of 0, as none': [
      [{ name: 'a', metric: [{ counter: { value: 1 }, timestampMs: 0n }] }],
      [[named('a'), 1]],
    ],
    'a summary': [
      [
        {
          name: 's',
          type: TYPE.summary,
          metric: [
            {
              label: [label('a', 'b')],
              summary: {
                sampleCount: 4n,
                sampleSum: 2.5,
                quantile: [
                  { quantile: 0.5, value: 0.25 },
                  { quantile: 1, value: NaN },
                ],
                createdTimestamp: { seconds: 7n },
              },
            },
          ],
        },
      ],
      [
        [named('s', { a: 'b', quantile: '0.5' }), 0.25],
        [named('s', { a: 'b', quantile: '1.0' }), NaN],
        [named('s_sum', { a: 'b' }), 2.5],
        [named('s_count', { a: 'b' }), 4],
        [named('s_created', { a: 'b' }), 7],
      ],
    ],
    'a summary without quantiles': [
      [{ name: 's', type: TYPE.summary, metric: [{ summary: {} }] }],
      [
        [named('s_sum'), 0],
        [named('s_count'), 0],
      ],
    ],
    'a histogram': [
      [
        {
          name: 'h',
          type: TYPE.histogram,
          metric: [
            {
              label: [label('a', 'b')],
              histogram: {
                sampleCount: 4n,
                sampleSum: 2.5,
                bucket: [
                  { upperBound: 0.1, cumulativeCount: 1n },
                  { upperBound: 1, cumulativeCount: 3n },
                  { upperBound: 1e6, cumulativeCount: 3n },
                  { upperBound: Infinity, cumulativeCount: 4n },
                ],
                createdTimestamp: { seconds: 7n, nanos: 500_000_000 },
              },
              timestampMs: 9n,
            },
          ],
        },
      ],
      [
        [named('h_bucket', { a: 'b', le: '0.1' }), 1, 9],
        [named('h_bucket', { a: 'b', le: '1.0' }), 3, 9],
        [named('h_bucket', { a: 'b', le: '1e+06' }), 3, 9],
        [named('h_bucket', { a: 'b', le: '+Inf' }), 4, 9],
        [named('h_sum', { a: 'b' }), 2.5, 9],
        [named('h_count', { a: 'b' }), 4, 9],
        [named('h_created', { a: 'b' }), 7.5, 9],
      ],
    ],
    'a histogram without a +Inf bucket, whose count it is': [
      [
        {
          name: 'h.x',
          type: TYPE.histogram,
          metric: [{ histogram: { sampleCount: 4n, bucket: [{ upperBound: -2, cumulativeCount: 1n }] } }],
        },
      ],
      [
        [named('h.x_bucket', { le: '-2.0' }), 1],
        [named('h.x_bucket', { le: '+Inf' }), 4],
        [named('h.x_sum'), 0],
        [named('h.x_count'), 4],
      ],
    ],
    'a histogram with fractional counts': [
      [
        {
          name: 'h',
          type: TYPE.histogram,
          metric: [
            {
              histogram: {
                sampleCount: 9n,
                sampleCountFloat: 2.5,
                bucket: [{ upperBound: 1, cumulativeCount: 9n, cumulativeCountFloat: 1.5 }],
              },
            },
          ],
        },
      ],
      [
        [named('h_bucket', { le: '1.0' }), 1.5],
        [named('h_bucket', { le: '+Inf' }), 2.5],
        [named('h_sum'), 0],
        [named('h_count'), 2.5],
      ],
    ],
    'counts of 64 bits, as the nearest double': [
      [{ name: 's', type: TYPE.summary, metric: [{ summary: { sampleCount: 2n ** 64n - 1n } }] }],
      [
        [named('s_sum'), 0],
        [named('s_count'), 2 ** 64],
      ],
    ],
    'a gauge histogram': [
      [
        {
          name: 'g',
          type: TYPE.gaugeHistogram,
          metric: [{ histogram: { sampleCount: 2n, bucket: [{ upperBound: 1, cumulativeCount: 1n }] } }],
        },
      ],
      [
        [named('g_bucket', { le: '1.0' }), 1],
        [named('g_bucket', { le: '+Inf' }), 2],
        [named('g_sum'), 0],
        [named('g_count'), 2],
      ],
    ],
    'the same series twice': [
      [gauge('a', 1), gauge('a', 2)],
      [
        [named('a'), 1],
        [named('a'), 2],
      ],
    ],
  };
  it.each(Object.entries(families))('%s', (_, [page, rows]) => {
    const read = readProtobuf(pageOf(...page));
    expect(read).toMatchObject({ result: { ok: true, refused: 0 }, rows });
    expect(read.histograms.size).toBe(0);
  });

  const value = [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] as const;
  const metric = rawField(4, rawField(2, ...value));
  const bytes: Record<string, Buffer> = {
    'the name and the type after the metrics': rawFamily(metric, 0x18, 1, rawField(1, 'a')),
    'the labels after the value': rawFamily(
      rawField(1, 'a'),
      0x18,
      1,
      rawField(4, rawField(2, ...value), rawField(1, rawField(2, ''), rawField(1, 'b'))),
    ),
    'a name that comes twice: the last one': rawFamily(rawField(1, 'b'), rawField(1, 'a'), 0x18, 1, metric),
    'unknown fields of every wire type': rawFamily(
      rawField(1, 'a'),
      Buffer.of(0x78, 0x96, 0x01),
      Buffer.of(0x79, 1, 2, 3, 4, 5, 6, 7, 8),
      rawField(15, 'text'),
      Buffer.of(0x7d, 1, 2, 3, 4),
      Buffer.of(0x7b, 0x08, 0x01, 0x13, 0x14, 0x7c),
      0x18,
      1,
      metric,
    ),
    'exemplars, unread': rawFamily(
      rawField(1, 'a'),
      0x18,
      1,
      rawField(4, rawField(2, ...value, rawField(9, '\xff'))),
    ),
    'a length that is written too long': rawFamily(Buffer.of(0x0a, 0x81, 0x80, 0x00), 'a', 0x18, 1, metric),
  };
  it.each(Object.entries(bytes))('%s', (_, page) => {
    expect(readProtobuf(page)).toMatchObject({ result: { ok: true }, rows: [[named('a'), 1]] });
  });
});

describe('a page of protobuf', () => {
  it('has the series that the same page of text has', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((name) => !name.includes('\0'));
    const labels = fc.uniqueArray(fc.tuple(text, text), {
      maxLength: 5,
      selector: ([name]) => name,
      comparator: (a, b) => a === b || b === '__name__',
    });
    const quoted = (part: string) => `"${part.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(text, labels, fc.double()), { maxLength: 8 }), (metrics) => {
        const page = pageOf(
          ...metrics.map(([name, pairs, value]) => ({
            name,
            type: TYPE.gauge,
            metric: [{ label: pairs.map(([key, to]) => label(key, to)), gauge: { value } }],
          })),
        );
        const lines = metrics.map(([name, pairs, value]) => {
          const inside = [quoted(name), ...pairs.map(([key, to]) => `${quoted(key)}=${quoted(to)}`)].join();
          return `{${inside}} ${Object.is(value, -0) ? '-0' : value}\n`;
        });
        expect(readProtobuf(page).rows).toEqual(readPage(lines.join('')).rows);
      }),
    );
  });

  it('knows a series by the same number for as long as it keeps coming', () => {
    const table = new SeriesTable({ limit: 10, used: 0 });
    const ids = (...names: string[]) => {
      const { series } = readProtobuf(pageOf(...names.map((name) => gauge(name))), { table });
      return series;
    };
    const [a, b, c] = ids('a', 'b', 'c');
    expect(ids('c', 'x', 'a', 'b')).toEqual([c, expect.any(Number), a, b]);
    expect(table.size).toBe(4);
  });

  it('counts samples of new series that the table has no room for', () => {
    const table = new SeriesTable({ limit: 1, used: 0 });
    expect(readProtobuf(pageOf(gauge('a'), gauge('b'), gauge('a', 2)), { table })).toMatchObject({
      result: { ok: true, refused: 1 },
      rows: [
        [named('a'), 1],
        [named('a'), 2],
      ],
    });
  });

  it('may have as many samples as the limit', () => {
    const page = pageOf(gauge('a'), { name: 's', type: TYPE.summary, metric: [{ summary: {} }] });
    expect(readProtobuf(page, { sampleLimit: 3 }).rows).toHaveLength(3);
    expect(readProtobuf(page, { sampleLimit: 2 })).toMatchObject({
      result: { ok: false, reason: 'sample_limit', message: 'the page has more than 2 samples' },
      rows: [],
    });
  });
});
