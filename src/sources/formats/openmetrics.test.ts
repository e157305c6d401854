import { describe, expect, it } from 'vitest';
import { type Row, readOpenMetrics } from './text.testing.ts';

const named = (name: string, labels: Record<string, string> = {}) => ({ __name__: name, ...labels });
const a = (labels?: Record<string, string>) => named('a', labels);
const bucket = (le: string) => named('a_bucket', { le });

describe('OpenMetrics takes', () => {
  const cases: Record<string, [content: string, rows: Row[]]> = {
    'nothing but the end': ['', []],
    'samples without metadata, each name a family': [
      'a 1\nb{c="d"} 2\nb{c="e"} 3\n',
      [
        [a(), 1],
        [named('b', { c: 'd' }), 2],
        [named('b', { c: 'e' }), 3],
      ],
    ],
    'metadata in any order, and without samples': [
      '# HELP a_s b\n# UNIT a_s s\n# TYPE a_s counter\n# TYPE b info\n# UNIT c_s s\n# HELP d e\n',
      [],
    ],
    'an empty help text and an empty unit': ['# HELP a \n# UNIT a \n# TYPE a info\n', []],
    'any help text': ['# HELP a  b "c" \\n \\x \0 é # EOF \\\na 1\n', [[a(), 1]]],
    'colons and underscores in names': [':_a{_b="c"} 1\n', [[named(':_a', { _b: 'c' }), 1]]],
    'empty braces': ['a{} 1\n', [[a(), 1]]],
    'an empty label value, as no label': ['a{b=""} 1\n', [[a(), 1]]],
    'the three escapes': ['a{b="\\\\ \\" \\n"} 1\n', [[a({ b: '\\ " \n' }), 1]]],
    'other escapes as they are': ['a{b="\\t\\d"} 1\n', [[a({ b: '\\t\\d' }), 1]]],
    'structure inside a value': ['a{b="}, # {c=\\"d\\"} 1"} 2\n', [[a({ b: '}, # {c="d"} 1' }), 2]]],
    'any text in a value': ['a{b="é😀\0\t\r"} 1\n', [[a({ b: 'é😀\0\t\r' }), 1]]],
    'a unit that ends the name': ['# TYPE a_b_s gauge\n# UNIT a_b_s b_s\na_b_s 1\n', [[named('a_b_s'), 1]]],
    'a timestamp in seconds': ['a 1 1520879607.789\n', [[a(), 1, 1520879607789]]],
    'a timestamp of nanoseconds, rounded': ['a 1 1604676851.1235\n', [[a(), 1, 1604676851124]]],
    'a negative timestamp': ['a 1 -1.5\n', [[a(), 1, -1500]]],
    'timestamps in any spelling of numbers': [
      'a{b="1"} 1 000\na{b="2"} 1 -0\na{b="3"} 1 1.5e3\na{b="4"} 1 .25\na{b="5"} 1 12345678901234567890.1\n',
      [
        [a({ b: '1' }), 1, 0],
        [a({ b: '2' }), 1, 0],
        [a({ b: '3' }), 1, 1500000],
        [a({ b: '4' }), 1, 250],
        [a({ b: '5' }), 1, 1.2345678901234568e22],
      ],
    ],
    'several points of a metric': [
      '# TYPE a gauge\na 1 1\na 2 1.001\na{b="c"} 3 0\n',
      [
        [a(), 1, 1000],
        [a(), 2, 1001],
        [a({ b: 'c' }), 3, 0],
      ],
    ],
    'points whose timestamps are equal as doubles': [
      'a 1 1604676851.123456789\na 2 1604676851.123456790\n',
      [
        [a(), 1, 1604676851123],
        [a(), 2, 1604676851123],
      ],
    ],
    'points of several samples, one after the other': [
      '# TYPE a summary\na_count 1 1\na_sum 2 1\na_count 3 2\na_sum 4 2\n',
      [
        [named('a_count'), 1, 1000],
        [named('a_sum'), 2, 1000],
        [named('a_count'), 3, 2000],
        [named('a_sum'), 4, 2000],
      ],
    ],
    'unknown and gauge, with any value': [
      '# TYPE a unknown\na NaN\n# TYPE b gauge\nb -Inf\n',
      [
        [a(), NaN],
        [named('b'), -Infinity],
      ],
    ],
    'le and quantile on other types': [
      '# TYPE a gauge\na{le="x",quantile="y"} 1\n',
      [[a({ le: 'x', quantile: 'y' }), 1]],
    ],
    'a counter with its time of creation, as samples of their own': [
      '# TYPE a counter\na_total 17.5\na_created 1520430000.123\n',
      [
        [named('a_total'), 17.5],
        [named('a_created'), 1520430000.123],
      ],
    ],
    'a counter that is infinite': ['# TYPE a counter\na_total +Inf\n', [[named('a_total'), Infinity]]],
    'a stateset': [
      '# TYPE a stateset\na{a="x",b="c"} 1\na{b="c",a="y"} 0.0\na{a="x"} 1\n',
      [
        [a({ a: 'x', b: 'c' }), 1],
        [a({ a: 'y', b: 'c' }), 0],
        [a({ a: 'x' }), 1],
      ],
    ],
    'an info': [
      '# TYPE a info\na_info{b="c"} 1\na_info{b="d"} 1.0\n',
      [
        [named('a_info', { b: 'c' }), 1],
        [named('a_info', { b: 'd' }), 1],
      ],
    ],
    'infos whose timestamps descend, since their metrics cannot be told apart': [
      '# TYPE a info\na_info{b="c"} 1 1\na_info{b="d"} 1 0\n',
      [
        [named('a_info', { b: 'c' }), 1, 1000],
        [named('a_info', { b: 'd' }), 1, 0],
      ],
    ],
    'a histogram': [
      '# TYPE a histogram\na_bucket{le="1"} 3\na_bucket{le="1e1"} 3\na_bucket{le="+Inf"} 4.0\na_count 4\na_sum 12.5\na_created 1\n',
      [
        [bucket('1.0'), 3],
        [bucket('10.0'), 3],
        [bucket('+Inf'), 4],
        [named('a_count'), 4],
        [named('a_sum'), 12.5],
        [named('a_created'), 1],
      ],
    ],
    'a histogram of buckets alone': ['# TYPE a histogram\na_bucket{le="+Inf"} 0\n', [[bucket('+Inf'), 0]]],
    'a histogram whose sum and count come first': [
      '# TYPE a histogram\na_sum 2\na_count 1\na_bucket{le="+Inf"} 1\n',
      [
        [named('a_sum'), 2],
        [named('a_count'), 1],
        [bucket('+Inf'), 1],
      ],
    ],
    'a histogram with negative le and no sum': [
      '# TYPE a histogram\na_bucket{le="-1"} 1\na_bucket{le="+Inf"} 1\n',
      [
        [bucket('-1.0'), 1],
        [bucket('+Inf'), 1],
      ],
    ],
    'several metrics of a histogram': [
      '# TYPE a histogram\na_bucket{b="c",le="+Inf"} 9\na_bucket{b="d",le="1"} 1\na_bucket{le="+Inf",b="d"} 1\n',
      [
        [named('a_bucket', { b: 'c', le: '+Inf' }), 9],
        [named('a_bucket', { b: 'd', le: '1.0' }), 1],
        [named('a_bucket', { b: 'd', le: '+Inf' }), 1],
      ],
    ],
    'several points of a histogram, of which a later one counts less': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 9 1\na_bucket{le="+Inf"} 1 2\n',
      [
        [bucket('+Inf'), 9, 1000],
        [bucket('+Inf'), 1, 2000],
      ],
    ],
    'a gauge histogram': [
      '# TYPE a gaugehistogram\na_bucket{le="-1.0"} 1\na_bucket{le="+Inf"} 3\na_gcount 3\na_gsum -5\n',
      [
        [bucket('-1.0'), 1],
        [bucket('+Inf'), 3],
        [named('a_gcount'), 3],
        [named('a_gsum'), -5],
      ],
    ],
    'a summary, its quantiles in any order': [
      '# TYPE a summary\na{quantile="1"} 2\na{quantile="0.5"} NaN\na_sum 1.5\na_count 1\na_created 1\n',
      [
        [a({ quantile: '1.0' }), 2],
        [a({ quantile: '0.5' }), NaN],
        [named('a_sum'), 1.5],
        [named('a_count'), 1],
        [named('a_created'), 1],
      ],
    ],
    'names in quotes': [
      String.raw`# TYPE "a.b \"c\"" counter
{"a.b \"c\"_total","label.name"="v",plain="w"} 1
{d="e","f"} 2
`,
      [
        [named('a.b "c"_total', { 'label.name': 'v', plain: 'w' }), 1],
        [named('f', { d: 'e' }), 2],
      ],
    ],
    'a stateset whose name is in quotes': [
      '# TYPE "a.b" stateset\n{"a.b","a.b"="x"} 1\n{"a.b","a.b"="y"} 0\n',
      [
        [named('a.b', { 'a.b': 'x' }), 1],
        [named('a.b', { 'a.b': 'y' }), 0],
      ],
    ],
    'a name in both spellings as one family': [
      '# TYPE "a" counter\na_total{b="c"} 1\n{"a_total",b="d"} 2\n',
      [
        [named('a_total', { b: 'c' }), 1],
        [named('a_total', { b: 'd' }), 2],
      ],
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, rows]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({ result: { ok: true, refused: 0 }, rows });
  });

  it('an end without a line break', () => {
    expect(readOpenMetrics('a 1\n# EOF')).toMatchObject({ result: { ok: true }, rows: [[a(), 1]] });
  });

  const numbers: Record<string, number> = {
    '0042': 42,
    '+1': 1,
    '-0': -0,
    '1.': 1,
    '.5': 0.5,
    '1.89e-7': 1.89e-7,
    '1E5': 1e5,
    '4.20072246e+06': 4200722.46,
    '9223372036854775808': 2 ** 63,
    '0000000000000000000000000000000000000001.2e-1': 0.12,
    NaN: NaN,
    nAn: NaN,
    inf: Infinity,
    '+Inf': Infinity,
    '-INFINITY': -Infinity,
  };
  it.each(Object.entries(numbers))('the number %s', (text, value) => {
    expect(readOpenMetrics(`a ${text}\n# EOF\n`).rows).toEqual([[a(), value]]);
  });
});
