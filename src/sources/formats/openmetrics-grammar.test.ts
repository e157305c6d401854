import { describe, expect, it } from 'vitest';
import { readOpenMetrics } from './text.testing.ts';

const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');
const TYPES = 'unknown, gauge, counter, stateset, info, histogram, gaugehistogram, summary';

describe('as the end of an OpenMetrics page, there is refused', () => {
  const cases: Record<string, [content: string | Uint8Array, line: number, message: string]> = {
    'an empty page': ['', 1, 'expected "# EOF" as the last line, found the end of the page'],
    'a page without its end': ['a 1\n', 2, 'expected "# EOF" as the last line, found the end of the page'],
    'a page that is cut within a line': [
      'a 1\nb',
      2,
      'expected one space and a value, found the end of the page',
    ],
    'a page that is cut within its end': [
      'a 1\n# EO',
      2,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# EO"',
    ],
    'a second end': ['a 1\n# EOF\n# EOF\n', 3, 'expected nothing after "# EOF", found "# EOF"'],
    'anything after the end': ['a 1\n# EOF\nb 1\n', 3, 'expected nothing after "# EOF", found "b 1"'],
    'a blank line after the end': [
      'a 1\n# EOF\n\n',
      3,
      'expected nothing after "# EOF", found the end of the line',
    ],
    'an end with more on its line': [
      'a 1\n# EOFb\n',
      2,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# EOFb"',
    ],
    'an end with a blank after it': [
      '# EOF \n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# EOF "',
    ],
    'an end in lower case': ['# eof\n', 1, 'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# eof"'],
    'an end with a carriage return': [
      '# EOF\r\n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# EOF\\x0d"',
    ],
    'bytes that are not UTF-8': [
      bytes('a 1\nb{c="\xff"} 1\n# EOF\n'),
      2,
      'expected a line in valid UTF-8, found "b{c=\\"\\xff\\"} 1"',
    ],
    'bytes that are not UTF-8 in a help text': [
      bytes('# HELP a \xff\n# EOF\n'),
      1,
      'expected a line in valid UTF-8, found "# HELP a \\xff"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(content)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});
describe('on a line of OpenMetrics, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'a blank line': ['a 1\n\nb 1\n', 2, 'expected a metric name or "# EOF", found the end of the line'],
    'a line of blanks': ['a 1\n \n', 2, 'expected a metric name or "# EOF", found " "'],
    'a blank before a sample': [' a 1\n', 1, 'expected a metric name or "# EOF", found " a 1"'],
    'a blank before metadata': [
      ' # TYPE a gauge\n',
      1,
      'expected a metric name or "# EOF", found " # TYPE a gauge"',
    ],
    'a carriage return after a sample': ['a 1\r\n', 1, 'expected a number, found "1\\x0d"'],
    'a carriage return after metadata': [
      '# TYPE a gauge\r\n',
      1,
      'expected a line that ends without a carriage return, found "\\x0d"',
    ],
    'a carriage return after a help text': [
      '# HELP a b\r\n',
      1,
      'expected a line that ends without a carriage return, found "\\x0d"',
    ],
    'a byte order mark': ['\ufeffa 1\n', 1, 'expected a metric name or "# EOF", found "\\xef\\xbb\\xbfa 1"'],
    'a comment': ['# a\n', 1, 'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# a"'],
    'a comment without a blank': [
      '#TYPE a gauge\n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "#TYPE a gauge"',
    ],
    'metadata of another kind': [
      '# INFO a b\n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# INFO a b"',
    ],
    'two blanks before the kind of metadata': [
      '#  TYPE a gauge\n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "#  TYPE a gauge"',
    ],
    'a tab after the kind of metadata': [
      '# TYPE\ta gauge\n',
      1,
      'expected "# TYPE", "# UNIT", "# HELP" or "# EOF", found "# TYPE\\x09a gauge"',
    ],
    'metadata without a name': [
      '# TYPE \n',
      1,
      'expected a metric name after TYPE, found the end of the line',
    ],
    'metadata with a bad name': ['# HELP 1a b\n', 1, 'expected a metric name after HELP, found "1a b"'],
    'two blanks before the name': [
      '# TYPE  a gauge\n',
      1,
      'expected a metric name after TYPE, found " a gauge"',
    ],
    'a type line without a type': [
      '# TYPE a\n',
      1,
      'expected one space after the metric name, found the end of the line',
    ],
    'a type line with an empty type': [
      '# TYPE a \n',
      1,
      `expected one of the types ${TYPES}, found the end of the line`,
    ],
    'a help line without a space after the name': [
      '# HELP a\n',
      1,
      'expected one space after the metric name, found the end of the line',
    ],
    'a unit line without a space after the name': [
      '# UNIT a\n',
      1,
      'expected one space after the metric name, found the end of the line',
    ],
    'a tab after the name': [
      '# TYPE a\tgauge\n',
      1,
      'expected one space after the metric name, found "\\x09gauge"',
    ],
    'two blanks before the type': [
      '# TYPE a  gauge\n',
      1,
      `expected one of the types ${TYPES}, found " gauge"`,
    ],
    'a blank after the type': ['# TYPE a gauge \n', 1, `expected one of the types ${TYPES}, found "gauge "`],
    'an unknown type': ['# TYPE a gauges\n', 1, `expected one of the types ${TYPES}, found "gauges"`],
    'a type in capitals': ['# TYPE a Gauge\n', 1, `expected one of the types ${TYPES}, found "Gauge"`],
    'the type untyped': ['# TYPE a untyped\n', 1, `expected one of the types ${TYPES}, found "untyped"`],
    'a name in quotes that is never closed, in metadata': [
      '# TYPE "a gauge\n',
      1,
      'expected a name with a closing quote, found "\\"a gauge"',
    ],
    'a metric name that begins with a digit': [
      '0a 1\n',
      1,
      'expected a metric name or "# EOF", found "0a 1"',
    ],
    'a metric name with a dot': ['a.b 1\n', 1, 'expected one space and a value, found ".b 1"'],
    'a metric name with a minus': ['a-b 1\n', 1, 'expected one space and a value, found "-b 1"'],
    'a metric name that is not ASCII': [
      'é 1\n',
      1,
      'expected a metric name or "# EOF", found "\\xc3\\xa9 1"',
    ],
    'a blank between name and labels': ['a {b="c"} 1\n', 1, 'expected a number, found "{b=\\"c\\"} 1"'],
    'a blank after the brace': ['a{ b="c"} 1\n', 1, 'expected a label name, found " b=\\"c\\"} 1"'],
    'a blank before the brace': ['a{b="c" } 1\n', 1, 'expected "," or "}", found " } 1"'],
    'a blank before the equals sign': ['a{b ="c"} 1\n', 1, 'expected "=", found " =\\"c\\"} 1"'],
    'a blank after the equals sign': [
      'a{b= "c"} 1\n',
      1,
      'expected a label value in double quotes, found " \\"c\\"} 1"',
    ],
    'a blank after the comma': ['a{b="c", d="e"} 1\n', 1, 'expected a label name, found " d=\\"e\\"} 1"'],
    'a trailing comma': ['a{b="c",} 1\n', 1, 'expected a label name, found "} 1"'],
    'a leading comma': ['a{,b="c"} 1\n', 1, 'expected a label name, found ",b=\\"c\\"} 1"'],
    'two commas': ['a{b="c",,d="e"} 1\n', 1, 'expected a label name, found ",d=\\"e\\"} 1"'],
    'labels without a comma': ['a{b="c"d="e"} 1\n', 1, 'expected "," or "}", found "d=\\"e\\"} 1"'],
    'a label without a value': ['a{b} 1\n', 1, 'expected "=", found "} 1"'],
    'a label with an equals sign only': [
      'a{b=} 1\n',
      1,
      'expected a label value in double quotes, found "} 1"',
    ],
    'a label value without quotes': [
      'a{b=1} 1\n',
      1,
      'expected a label value in double quotes, found "1} 1"',
    ],
    'a label value in single quotes': [
      "a{b='c'} 1\n",
      1,
      'expected a label value in double quotes, found "\'c\'} 1"',
    ],
    'a label value that is never closed': [
      'a{b="c} 1\n',
      1,
      'expected a label value with a closing quote, found "\\"c} 1"',
    ],
    'a label value with a line break': [
      'a{b="c\nd"} 1\n',
      1,
      'expected a label value with a closing quote, found "\\"c"',
    ],
    'an escaped line break': [
      'a{b="c\\\nd"} 1\n',
      1,
      'expected an escaped character, found the end of the line',
    ],
    'braces that are never closed': ['a{b="c" 1\n', 1, 'expected "," or "}", found " 1"'],
    'a label name that begins with a digit': [
      'a{1="b"} 1\n',
      1,
      'expected a label name, found "1=\\"b\\"} 1"',
    ],
    'a label name with a colon': ['a{b:c="d"} 1\n', 1, 'expected "=", found ":c=\\"d\\"} 1"'],
    'a label twice': ['a{b="c",b="c"} 1\n', 1, 'expected each label once, found "b=\\"c\\"} 1"'],
    'a label twice, once in quotes': [
      'a{b="c","b"="d"} 1\n',
      1,
      'expected each label once, found "\\"b\\"=\\"d\\"} 1"',
    ],
    'the name as a label too': [
      'a{__name__="b"} 1\n',
      1,
      'expected each label once, found "__name__=\\"b\\"} 1"',
    ],
    'braces without a name': ['{b="c"} 1\n', 1, 'expected a metric name, found "{b=\\"c\\"} 1"'],
    'empty braces alone': ['{} 1\n', 1, 'expected a metric name, found "{} 1"'],
    'a second name': ['a{"b"} 1\n', 1, 'expected "=", found "} 1"'],
    'a second name in quotes': ['{"a","b"} 1\n', 1, 'expected "=", found "} 1"'],
    'a trailing comma after a name in quotes': ['{"a",} 1\n', 1, 'expected a label name, found "} 1"'],
    'a name in quotes that is empty': ['{""} 1\n', 1, 'expected a name that is not empty, found "\\"\\"} 1"'],
    'a name in quotes with a line break': [
      '{"a\nb"} 1\n',
      1,
      'expected a name with a closing quote, found "\\"a"',
    ],
    'no value': ['a\n', 1, 'expected one space and a value, found the end of the line'],
    'no value after labels': ['a{b="c"}\n', 1, 'expected one space and a value, found the end of the line'],
    'a space and no value': ['a \n', 1, 'expected a value, found the end of the line'],
    'no space before the value': ['a{b="c"}1\n', 1, 'expected one space and a value, found "1"'],
    'two spaces before the value': ['a  1\n', 1, 'expected a value, found " 1"'],
    'a tab before the value': ['a\t1\n', 1, 'expected one space and a value, found "\\x091"'],
    'a tab after the value': ['a 1\t\n', 1, 'expected a number, found "1\\x09"'],
    'a space after the value': ['a 1 \n', 1, 'expected a timestamp in seconds, found the end of the line'],
    'two spaces before the timestamp': ['a 1  2\n', 1, 'expected a timestamp in seconds, found " 2"'],
    'a space after the timestamp': [
      'a 1 2 \n',
      1,
      'expected the end of the line or an exemplar that begins with "# {", found the end of the line',
    ],
    'more after the timestamp': [
      'a 1 2 3\n',
      1,
      'expected the end of the line or an exemplar that begins with "# {", found "3"',
    ],
    'a timestamp that is no number': ['a 1 z\n', 1, 'expected a number, found "z"'],
    'a timestamp with two points': ['a 1 1.1.1\n', 1, 'expected a number, found "1.1.1"'],
    'a timestamp that is not a number': ['a 1 NaN\n', 1, 'expected a timestamp in seconds, found "NaN"'],
    'an infinite timestamp': ['a 1 +Inf\n', 1, 'expected a timestamp in seconds, found "+Inf"'],
    'a timestamp that is too large for milliseconds': [
      'a 1 1e308\n',
      1,
      'expected a timestamp in seconds, found "1e308"',
    ],
    'a number out of range': ['a 1e309\n', 1, 'expected a number that fits a 64-bit float, found "1e309"'],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});

const numbers = [
  'true',
  '.',
  '+',
  '-.',
  '++1',
  '1e',
  '1e+',
  'e5',
  '1e5.0',
  '1,5',
  '1_000',
  '0x10',
  '0x1p-3',
  '0b1',
  '0o1',
  '+nan',
  '-NaN',
  'in',
  'infinit',
  '"1"',
  '١',
];
describe.each(['value', 'timestamp'])('as a %s of OpenMetrics, there is refused', (what) => {
  it.each(numbers)('%s', (text) => {
    const content = what === 'value' ? `a ${text}\n# EOF\n` : `a 1 ${text}\n# EOF\n`;
    expect(readOpenMetrics(content).result).toMatchObject({
      ok: false,
      reason: 'parse',
      place: 'line 1',
      message: expect.stringContaining('expected a number'),
    });
  });
});
