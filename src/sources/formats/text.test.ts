import { describe, expect, it } from 'vitest';
import { type Row, readPage } from './text.testing.ts';

const a = (labels: Record<string, string> = {}) => ({ __name__: 'a', ...labels });
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

describe('the text format takes', () => {
  const cases: Record<string, [string | Uint8Array, Row[]]> = {
    'an empty page': ['', []],
    'blank lines and lines of blanks': ['\n\n \t\na 1\n   ', [[a(), 1]]],
    'a last line without a line break': ['a 1', [[a(), 1]]],
    'colons and underscores in names': [':a_b:c 1\n', [[{ __name__: ':a_b:c' }, 1]]],
    'several series in page order': [
      'b 1\na 2\n',
      [
        [{ __name__: 'b' }, 1],
        [a(), 2],
      ],
    ],
    'the same series twice': [
      'a 1\na 2\n',
      [
        [a(), 1],
        [a(), 2],
      ],
    ],
    'empty braces': ['a{} 1', [[a(), 1]]],
    labels: ['a{b="c",_d1="e"} 1', [[a({ b: 'c', _d1: 'e' }), 1]]],
    'a trailing comma': ['a{b="c",} 1', [[a({ b: 'c' }), 1]]],
    'labels without a comma': ['a{b="c" d="e"f="g"} 1', [[a({ b: 'c', d: 'e', f: 'g' }), 1]]],
    'blanks and tabs between tokens': [
      'a \t{ b\t= "c" , d = "e" , }\t1 \t 7 \t\n',
      [[a({ b: 'c', d: 'e' }), 1, 7]],
    ],
    'no blank before the value': [
      'a{b="c"}1\na+2\na.5\n',
      [
        [a({ b: 'c' }), 1],
        [a(), 2],
        [a(), 0.5],
      ],
    ],
    'an empty label value, as no label': ['a{b="",c="d"} 1', [[a({ c: 'd' }), 1]]],
    'the three escapes': [String.raw`a{b="\\ \" \n"} 1`, [[a({ b: '\\ " \n' }), 1]]],
    'other escapes as they are': [String.raw`a{b="\t\d\\n"} 1`, [[a({ b: '\\t\\d\\n' }), 1]]],
    'an escaped backslash before the closing quote': [String.raw`a{b="c\\"} 1`, [[a({ b: 'c\\' }), 1]]],
    'structure inside a value': ['a{b="}, c=\\"d\\" {#"} 1', [[a({ b: '}, c="d" {#' }), 1]]],
    'a line break inside a value': [
      'a{b="c\nd"} 1\na 2',
      [
        [a({ b: 'c\nd' }), 1],
        [a(), 2],
      ],
    ],
    'a carriage return inside a value': ['a{b="c\r"} 1', [[a({ b: 'c\r' }), 1]]],
    'NUL inside a value': [
      'a{b="c\0d"} 1\na{b="\0"} 2',
      [
        [a({ b: 'c\0d' }), 1],
        [a({ b: '\0' }), 2],
      ],
    ],
    'NUL between a backslash and what it escapes': ['a{b="c\\\0"d"} 1', [[a({ b: 'c\\\0"d' }), 1]]],
    'any text in a value': ['a{b="é😀\u202e"} 1', [[a({ b: 'é😀\u202e' }), 1]]],
    'names that objects inherit': [
      'a{__proto__="x",constructor="y"} 1',
      [
        [
          Object.fromEntries([
            ['__name__', 'a'],
            ['__proto__', 'x'],
            ['constructor', 'y'],
          ]),
          1,
        ],
      ],
    ],
    'a name in quotes': ['{"a"} 1', [[a(), 1]]],
    'a name in quotes of any text': [
      String.raw`{"metric.name é \"{,}= \\ \n \d"} 1`,
      [[{ __name__: 'metric.name é "{,}= \\ \n \\d' }, 1]],
    ],
    'a line break inside a name': ['{"a\nb"} 1', [[{ __name__: 'a\nb' }, 1]]],
    'labels beside a name in quotes, before and after it': [
      '{b="c","a",d="e"} 1\n{"a",b="c",d="e",} 2\n{ "a" , b = "c" } 3',
      [
        [a({ b: 'c', d: 'e' }), 1],
        [a({ b: 'c', d: 'e' }), 2],
        [a({ b: 'c' }), 3],
      ],
    ],
    'labels in quotes': [
      '{"a","label.name"="v",plain="w"} 1\na{"x=\\"y\\"" = "z",plain="w"} 2',
      [
        [a({ 'label.name': 'v', plain: 'w' }), 1],
        [a({ 'x="y"': 'z', plain: 'w' }), 2],
      ],
    ],
    'an empty label in quotes, as no label': ['a{"b"="","c"="d"} 1', [[a({ c: 'd' }), 1]]],
    'le of a bucket as a canonical number': [
      'a_bucket{le="1"} 1\na_bucket{le="1e0"} 1\na_bucket{le="+Inf"} 1\na_bucket{le="x"} 1\na{le="1"} 1',
      [
        [{ __name__: 'a_bucket', le: '1.0' }, 1],
        [{ __name__: 'a_bucket', le: '1.0' }, 1],
        [{ __name__: 'a_bucket', le: '+Inf' }, 1],
        [{ __name__: 'a_bucket', le: 'x' }, 1],
        [a({ le: '1' }), 1],
      ],
    ],
    'quantile as a canonical number': [
      'a{quantile="1"} 1\na{quantile="0.990"} 1',
      [
        [a({ quantile: '1.0' }), 1],
        [a({ quantile: '0.99' }), 1],
      ],
    ],
    'types and help texts of names in quotes': [
      '# TYPE "a.b" gauge\n# HELP "a.b" text\n{"a.b"} 1',
      [[{ __name__: 'a.b' }, 1]],
    ],
    'comments of any kind': [
      '#\n##\n#a\n# a 1\n#HELP a\n# help a\n# HELPa\n# HELP\n# TYPE\n# UNIT a s\n# EOF\r\n',
      [],
    ],
    'comments that are not UTF-8': [bytes('# \xff\n#\xff\na 1'), [[a(), 1]]],
    'comments after blanks': [' \t# TYPE a gauge\na 1', [[a(), 1]]],
    'a help text, empty, or of any text': ['# HELP a\n# HELP a \n#\tHELP \t a b \\n c\0é\r\na 1', [[a(), 1]]],
    'the five types': [
      '# TYPE a counter\n# TYPE a gauge\n# TYPE a histogram\n#\tTYPE\ta\tsummary\n# TYPE  a untyped\n',
      [],
    ],
    'a timestamp in milliseconds': ['a 1 1700000000123\n', [[a(), 1, 1700000000123]]],
    'the largest timestamp': ['a 1 9223372036854775807', [[a(), 1, 2 ** 63]]],
    'leading zeros in a timestamp': ['a 1 0000000000000000000000007', [[a(), 1, 7]]],
  };
  it.each(Object.entries(cases))('%s', (_, [content, rows]) => {
    expect(readPage(content)).toMatchObject({ result: { ok: true, refused: 0 }, rows });
  });

  const numbers: Record<string, number> = {
    '0': 0,
    '-0': -0,
    '+1': 1,
    '017': 17,
    '1.': 1,
    '.5': 0.5,
    '-.5e-3': -0.0005,
    '1.e+5': 1e5,
    '1E5': 1e5,
    '1e0000000005': 1e5,
    '0e999999': 0,
    '5e-324': 5e-324,
    '1e-500': 0,
    '1.7976931348623157e308': Number.MAX_VALUE,
    '9007199254740993': 9007199254740992,
    '123456789012345678901234567890': 1.2345678901234568e29,
    '0.1234567890123456789012345678901234567890': 0.12345678901234568,
    NaN: NaN,
    nan: NaN,
    Inf: Infinity,
    '+Inf': Infinity,
    '-Inf': -Infinity,
    iNFinity: Infinity,
    '-INFINITY': -Infinity,
  };
  it.each(Object.entries(numbers))('the number %s', (text, value) => {
    expect(readPage(`a ${text}\n`).rows).toEqual([[a(), value]]);
  });
});
