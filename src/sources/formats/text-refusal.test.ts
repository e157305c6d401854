import { describe, expect, it } from 'vitest';
import { readPage } from './text.testing.ts';

const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

describe('the text format refuses', () => {
  const cases: Record<string, [string | Uint8Array, number, string]> = {
    'a name alone': ['a', 1, 'expected a value, found the end of the page'],
    'a name alone on its line': ['a\nb 1', 1, 'expected a value, found the end of the line'],
    'labels alone': ['a{b="c"}\n', 1, 'expected a value, found the end of the line'],
    'a name that begins with a digit': ['1a 1', 1, 'expected a metric name or a comment, found "1a 1"'],
    'a name that is not ASCII': ['é 1', 1, 'expected a metric name or a comment, found "\\xc3\\xa9 1"'],
    'a blank before the name': ['a 1\n b 2', 2, 'expected no blank before a metric name, found " b 2"'],
    'no name': ['{a="b"} 1', 1, 'expected a metric name or a comment, found "{a=\\"b\\"} 1"'],
    'no name among names in quotes': [
      '{"a"="b"} 1',
      1,
      'expected a metric name or a comment, found "{\\"a\\"=\\"b\\"} 1"',
    ],
    'two names': ['a{"b"} 1', 1, 'expected one metric name, found "\\"b\\"} 1"'],
    'two names in quotes': ['{"a","b"} 1', 1, 'expected one metric name, found "\\"b\\"} 1"'],
    'a name in quotes before braces': [
      '"a"{b="c"} 1',
      1,
      'expected a metric name or a comment, found "\\"a\\"{b=\\"c\\"} 1"',
    ],
    'a name in quotes that is empty': ['{""} 1', 1, 'expected a name that is not empty, found "\\"\\"} 1"'],
    'a label name in quotes that is empty': [
      'a{""="b"} 1',
      1,
      'expected a name that is not empty, found "\\"\\"=\\"b\\"} 1"',
    ],
    'a name in quotes that is never closed': [
      '{"a} 1\n',
      1,
      'expected a name with a closing quote, found "\\"a} 1"',
    ],
    'a name in quotes that is not UTF-8': [
      bytes('{"\xff"} 1'),
      1,
      'expected a name in valid UTF-8, found "\\"\\xff\\"} 1"',
    ],
    'NUL in a name in quotes': ['{"a\0"} 1', 1, 'expected a name without NUL, found "\\"a\\x00\\"} 1"'],
    'a name in quotes before a label without a comma': [
      '{"a"b="c"} 1',
      1,
      'expected "=", found "b=\\"c\\"} 1"',
    ],
    'two commas after a name in quotes': ['{"a",,} 1', 1, 'expected a label name or "}", found ",} 1"'],
    'a label twice, once in quotes': [
      'a{b="c","b"="d"} 1',
      1,
      'expected each label once, found "\\"b\\"=\\"d\\"} 1"',
    ],
    'a label twice, in two spellings': [
      String.raw`a{"b\\c"="d","b\c"="e"} 1`,
      1,
      String.raw`expected each label once, found "\"b\\c\"=\"e\"} 1"`,
    ],
    'the name as a label in quotes too': [
      '{"a","__name__"="b"} 1',
      1,
      'expected each label once, found "\\"__name__\\"=\\"b\\"} 1"',
    ],
    'a type of a name in quotes that is never closed': [
      '# TYPE "a gauge',
      1,
      'expected a name with a closing quote, found "\\"a gauge"',
    ],
    'a byte order mark': ['\ufeffa 1', 1, 'expected a metric name or a comment, found "\\xef\\xbb\\xbfa 1"'],
    'carriage returns': ['a 1\r\n', 1, 'expected a number, found "1\\x0d"'],
    'a line of a carriage return': ['a 1\n\r\n', 2, 'expected a metric name or a comment, found "\\x0d"'],
    'a web page': [
      '<!DOCTYPE html>\n<html>',
      1,
      'expected a metric name or a comment, found "<!DOCTYPE html>"',
    ],
    'braces that are never closed': ['a{b="c"', 1, 'expected a label name or "}", found the end of the page'],
    'a line break between labels': [
      'a{b="c",\nd="e"} 1',
      1,
      'expected a label name or "}", found the end of the line',
    ],
    'a second pair of braces': ['a{b="c"}{d="e"} 1', 1, 'expected a value, found "{d=\\"e\\"} 1"'],
    'braces after the value': [
      'a 1{b="c"}',
      1,
      'expected a timestamp in milliseconds or the end of the line, found "{b=\\"c\\"}"',
    ],
    'a leading comma': ['a{,b="c"} 1', 1, 'expected a label name or "}", found ",b=\\"c\\"} 1"'],
    'two commas': ['a{b="c",,} 1', 1, 'expected a label name or "}", found ",} 1"'],
    'a label without a name': ['a{="c"} 1', 1, 'expected a label name or "}", found "=\\"c\\"} 1"'],
    'a label with a colon': ['a{b:c="d"} 1', 1, 'expected "=", found ":c=\\"d\\"} 1"'],
    'a label name that is not UTF-8': [
      bytes('a{\xff="b"} 1'),
      1,
      'expected a label name or "}", found "\\xff=\\"b\\"} 1"',
    ],
    'a label without a value': ['a{b} 1', 1, 'expected "=", found "} 1"'],
    'a label with nothing after its equals sign': [
      'a{b=\n',
      1,
      'expected a label value in double quotes, found the end of the line',
    ],
    'single quotes': ["a{b='c'} 1", 1, `expected a label value in double quotes, found "'c'} 1"`],
    'no quotes': ['a{b=c} 1', 1, 'expected a label value in double quotes, found "c} 1"'],
    'a value that is never closed': [
      'a{b="c} 1\n',
      1,
      'expected a label value with a closing quote, found "\\"c} 1"',
    ],
    'a value that ends the page': [
      'something_weird{problem="',
      1,
      'expected a label value with a closing quote, found "\\""',
    ],
    'an escaped line break': [
      'a{b="c\\\nd"} 1',
      1,
      'expected an escaped character, found the end of the line',
    ],
    'a value that is not UTF-8': [
      bytes('b 1\na{b="\xff"} 1'),
      2,
      'expected a label value in valid UTF-8, found "\\"\\xff\\"} 1"',
    ],
    'a surrogate half in UTF-8': [
      bytes('a{b="\xed\xa0\x80"} 1'),
      1,
      'expected a label value in valid UTF-8, found "\\"\\xed\\xa0\\x80\\"} 1"',
    ],
    'a label twice': ['a{b="c",d="e",b="c"} 1', 1, 'expected each label once, found "b=\\"c\\"} 1"'],
    'the name as a label too': [
      'a{__name__="b"} 1',
      1,
      'expected each label once, found "__name__=\\"b\\"} 1"',
    ],
    'NUL after a name': ['a\0{b="c"} 1', 1, 'expected a number, found "\\x00{b=\\"c\\"} 1"'],
    'NUL in a label name': ['a{b\0="c"} 1', 1, 'expected "=", found "\\x00=\\"c\\"} 1"'],
    'NUL before a label value': [
      'a{b=\0"c"} 1',
      1,
      'expected a label value in double quotes, found "\\x00\\"c\\"} 1"',
    ],
    'NUL in a value that is never closed': [
      'a{b="\0',
      1,
      'expected a label value with a closing quote, found "\\"\\x00"',
    ],
    'NUL where a line begins': ['a 1\n\0b 2', 2, 'expected a metric name or a comment, found "\\x00b 2"'],
    'an unknown type': [
      '# TYPE a gauges\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found "gauges"',
    ],
    'a type in capitals': [
      '# TYPE a Gauge\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found "Gauge"',
    ],
    'a type after two blanks': [
      '# TYPE a  gauge\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found " gauge"',
    ],
    'no type': [
      '# TYPE a\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found the end of the line',
    ],
    'a type with a carriage return': [
      '# TYPE a gauge\r\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found "gauge\\x0d"',
    ],
    'an OpenMetrics type': [
      '# TYPE a info\n',
      1,
      'expected one of the types counter, gauge, histogram, summary, untyped, found "info"',
    ],
    'a type without a name': ['# TYPE \n', 1, 'expected a metric name after TYPE, found the end of the line'],
    'a help text without a name': ['a 1\n# HELP 1a\n', 2, 'expected a metric name after HELP, found "1a"'],
    'a help text that is not UTF-8': [
      bytes('# HELP a \xff\n'),
      1,
      'expected a help text in valid UTF-8, found "\\xff"',
    ],
    'a fractional timestamp': ['a 1 1.5', 1, 'expected the end of the line, found ".5"'],
    'a negative timestamp': [
      'a 1 -1',
      1,
      'expected a timestamp in milliseconds or the end of the line, found "-1"',
    ],
    'a timestamp above 64 bits': [
      'a 1 9223372036854775808',
      1,
      'expected a timestamp that fits a 64-bit integer, found "9223372036854775808"',
    ],
    'more after the timestamp': ['a 1 2 3', 1, 'expected the end of the line, found "3"'],
    'an exemplar': [
      'a 1 # {b="c"} 1',
      1,
      'expected a timestamp in milliseconds or the end of the line, found "# {b=\\"c\\"} 1"',
    ],
    'the line of the fault, after values of several lines': [
      'a{b="\n\n"} 1\nb x\n',
      4,
      'expected a number, found "x"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readPage(content)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });

  const numbers = [
    'true',
    '.',
    '+',
    '-.',
    '++1',
    '+-1',
    '1e',
    '1e+',
    'e5',
    '1e5.0',
    '1,5',
    '1_000',
    '0x10',
    '0x1p-3',
    '0b1',
    '1f',
    '+nan',
    '-NaN',
    'in',
    'infinit',
    'infinityy',
    '"1"',
    '1\v',
    '\u00a01',
    '١',
  ];
  it.each(numbers)('the number %s', (text) => {
    expect(readPage(`a ${text}\n`).result).toMatchObject({ ok: false, reason: 'parse', place: 'line 1' });
  });

  it.each(['1e309', '-1e500', '1.7976931348623159e308', `1${'0'.repeat(400)}`])(
    'a number out of range: %s',
    (text) => {
      expect(readPage(`a ${text}\n`).result).toMatchObject({
        message: expect.stringContaining('expected a number that fits a 64-bit float'),
      });
    },
  );

  it('more samples than the limit', () => {
    expect(readPage('a 1\nb 2\n', 2)).toMatchObject({ result: { ok: true } });
    expect(readPage('a 1\nb 2\nc 3\n', 2)).toMatchObject({
      result: { ok: false, reason: 'sample_limit', message: 'the page has more than 2 samples' },
      rows: [],
    });
  });

  it('a label twice among thousands, in time that does not grow with the square', () => {
    const labels = Array.from({ length: 200_000 }, (_, index) => `l${index}="x"`).join();
    expect(readPage(`a{${labels}} 1`).rows).toHaveLength(1);
    expect(readPage(`a{${labels},l7="y"} 1`).result).toMatchObject({ ok: false });
  });

  it('a timestamp of a million digits, without working them out', () => {
    expect(readPage(`a 1 ${'9'.repeat(1_000_000)}`).result).toMatchObject({ ok: false });
  });
});
