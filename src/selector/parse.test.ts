import { describe, expect, it } from 'vitest';
import { parseSelector } from './parse.ts';

const name = (value: string) => ({ label: '__name__', operator: '=', value });

describe('parseSelector', () => {
  const accepted: Record<string, [string, object[]]> = {
    'a bare name': ['up', [name('up')]],
    'a name with colons': ['job:up:sum', [name('job:up:sum')]],
    'a keyword as a name': ['sum', [name('sum')]],
    'empty braces after a name': ['up{}', [name('up')]],
    'all four operators': [
      'up{a="1",b!="2",c=~"3",d!~"4"}',
      [
        name('up'),
        { label: 'a', operator: '=', value: '1' },
        { label: 'b', operator: '!=', value: '2' },
        { label: 'c', operator: '=~', value: '3' },
        { label: 'd', operator: '!~', value: '4' },
      ],
    ],
    'the name as a matcher': ['{__name__="up"}', [name('up')]],
    'the name as a regular expression': [
      '{__name__=~"up|down"}',
      [{ label: '__name__', operator: '=~', value: 'up|down' }],
    ],
    'blanks, line breaks and comments anywhere': [
      ' up { # which\n a = "1" ,\n\tb\t!=\t"2"\n} # done',
      [name('up'), { label: 'a', operator: '=', value: '1' }, { label: 'b', operator: '!=', value: '2' }],
    ],
    'a trailing comma': ['up{a="1",}', [name('up'), { label: 'a', operator: '=', value: '1' }]],
    'a keyword as a label': ['up{by="1"}', [name('up'), { label: 'by', operator: '=', value: '1' }]],
    'an empty value beside a name': ['up{a=""}', [name('up'), { label: 'a', operator: '=', value: '' }]],
    'a label that must be there': ['{a!=""}', [{ label: 'a', operator: '!=', value: '' }]],
    'single quotes': [`up{a='x"y'}`, [name('up'), { label: 'a', operator: '=', value: 'x"y' }]],
    'backticks, raw': ['up{a=~`\\d+\n`}', [name('up'), { label: 'a', operator: '=~', value: '\\d+\n' }]],
    'simple escapes': [
      String.raw`up{a="\a\b\f\n\r\t\v\\\""}`,
      [name('up'), { label: 'a', operator: '=', value: '\x07\b\f\n\r\t\v\\"' }],
    ],
    'numeric escapes': [
      String.raw`up{a="\x41\101\u00e9\U0001F600\xc3\xa9"}`,
      [name('up'), { label: 'a', operator: '=', value: 'AAé😀é' }],
    ],
    'a brace inside a value': ['up{a="}"}', [name('up'), { label: 'a', operator: '=', value: '}' }]],
    'hostile label names': [
      'up{__proto__="x"}',
      [name('up'), { label: '__proto__', operator: '=', value: 'x' }],
    ],
  };
  it.each(Object.entries(accepted))('takes %s', (_, [text, matchers]) => {
    expect(parseSelector(text)).toMatchObject({ ok: true, selector: { matchers } });
  });

  it('keeps the text without what stands around it', () => {
    expect(parseSelector('  up{a="1"}  # all\n')).toMatchObject({ selector: { text: 'up{a="1"}' } });
  });

  const refused: Record<string, [string, number, string]> = {
    nothing: ['', 0, 'expected a metric name or "{", found the end of the text'],
    'a number': ['1', 0, 'expected a metric name or "{", found "1"'],
    'a quoted name': ['"up"', 0, 'expected a metric name or "{", found "\\""'],
    'an operator after it': ['up > 1', 3, 'expected the end of the selector, found ">"'],
    'a range': ['up[5m]', 2, 'expected the end of the selector, found "["'],
    'an offset': ['up offset 5m', 3, 'expected the end of the selector, found "o"'],
    'a function': ['rate(up)', 4, 'expected the end of the selector, found "("'],
    'an open brace': ['up{a="1"', 8, 'expected "," or "}", found the end of the text'],
    'only an open brace': ['up{', 3, 'expected a label name, found the end of the text'],
    'a leading comma': ['up{,a="1"}', 3, 'expected a label name, found ","'],
    'two commas': ['up{a="1",,}', 9, 'expected a label name, found ","'],
    'no comma': ['up{a="1" b="2"}', 9, 'expected "," or "}", found "b"'],
    'a colon in a label': ['up{a:b="1"}', 4, 'expected one of = != =~ !~, found ":"'],
    'an unknown operator': ['up{a>"1"}', 4, 'expected one of = != =~ !~, found ">"'],
    'a double equals sign': ['up{a=="1"}', 5, 'expected a label value in quotes, found "="'],
    'a value without quotes': ['up{a=1}', 5, 'expected a label value in quotes, found "1"'],
    'a value without its closing quote': ['up{a="1}', 5, 'the string has no closing quote'],
    'a line break inside quotes': ['up{a="1\n"}', 5, 'the string has no closing quote'],
    'an unknown escape': [String.raw`up{a="\d"}`, 6, String.raw`unknown escape "\\d"`],
    'the other quote escaped': [String.raw`up{a="\'"}`, 6, String.raw`unknown escape "\\'"`],
    'a short escape': [String.raw`up{a="\x4"}`, 6, String.raw`the escape \x needs 2 hexadecimal digits`],
    'an octal escape above a byte': [String.raw`up{a="\777"}`, 6, String.raw`the escape \777 is no byte`],
    'half a surrogate pair': [String.raw`up{a="\ud800"}`, 6, String.raw`the escape \ud800 is no character`],
    'bytes that are not text': [String.raw`up{a="\xff"}`, 5, 'the string is not valid UTF-8'],
    'the name twice': [
      'up{__name__="down"}',
      3,
      'the metric name is given twice: up and a matcher on __name__',
    ],
    'a regular expression that is not RE2': [
      'up{a=~"(?=x)"}',
      6,
      'the regular expression "(?=x)" is not valid: invalid or unsupported Perl syntax',
    ],
    'parentheses that only balance once wrapped': [
      'up{a=~"x)|(y"}',
      6,
      'the regular expression "x)|(y" is not valid: unexpected )',
    ],
    'no matcher': [
      '{}',
      0,
      'the selector takes every series: one matcher at least must not match the empty string',
    ],
    'only matchers of the empty string': [
      '{a="",b=~".*",c!="x",d!~"y"}',
      0,
      'the selector takes every series: one matcher at least must not match the empty string',
    ],
  };
  it.each(Object.entries(refused))('refuses %s', (_, [text, offset, message]) => {
    expect(parseSelector(text)).toEqual({ ok: false, offset, message });
  });
});
