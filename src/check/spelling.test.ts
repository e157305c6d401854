import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseSelector } from '../selector/parse.ts';
import {
  modelText,
  printable,
  quoted,
  selectorText,
  selectorYaml,
  seriesText,
  spanText,
} from './spelling.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '\u001b[31m',
    'a\nb',
    '\u202eevil',
    '<img src=x onerror=alert(1)>',
    "it's",
    '\\',
    '"',
    '\u2028',
  ),
);

describe('printable text', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['two\nlines\r\tx', 'two\\nlines\\r\\tx'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u009b31m', '\\u009b31m'],
    ['\u202eright to left', '\\u202eright to left'],
    ['\u2028', '\\u2028'],
    ['\u{e0001}', '\\U000e0001'],
    ['\ud800', '\\ud800'],
    ['größe 測試', 'größe 測試'],
    ['x'.repeat(201), `${'x'.repeat(200)}…`],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('holds nothing that a terminal obeys, whatever it is made of', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const spelled of [
          printable(text),
          quoted(text),
          selectorYaml(text),
          seriesText(new Map([[text, text]])),
        ])
          expect(spelled).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('a series', () => {
  it.each<[labels: Record<string, string>, text: string]>([
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', b: '2', a: '1' }, 'up{a="1",b="2"}'],
    [{ __name__: 'up', a: 'say "\\"\n' }, 'up{a="say \\"\\\\\\"\\n"}'],
    [{ __name__: 'http.latency', 'la bel': 'x' }, '{__name__="http.latency","la bel"="x"}'],
    [{ __name__: 'a:b' }, 'a:b'],
  ])('%j', (labels, text) => {
    expect(seriesText(new Map(Object.entries(labels)))).toBe(text);
  });
});

describe('a selector', () => {
  it.each([
    ['up', 'up'],
    ['  up { a = "1" , b!~`x|y` }', 'up{a="1",b!~"x|y"}'],
    ['{__name__="up"}', 'up'],
    ['{__name__="http.latency"}', '{__name__="http.latency"}'],
    ['{__name__=~"up.*",a=""}', '{__name__=~"up.*",a=""}'],
  ])('%s', (written, text) => {
    const parsed = parseSelector(written);
    expect(parsed.ok && selectorText(parsed.selector)).toBe(text);
  });

  it('that is suggested is YAML that selects this very name', () => {
    const name = fc.oneof(hostile, fc.constantFrom('up', 'true', 'null', 'No', 'a:b', 'a:', 'x.y', '~', '1'));
    fc.assert(
      fc.property(
        name.filter((text) => text !== '' && text.isWellFormed()),
        (text) => {
          const { gauge } = parse(`{gauge: ${selectorYaml(text)}}`) as { gauge: string };
          const parsed = parseSelector(gauge);
          expect(parsed.ok && parsed.selector.matchers).toEqual([
            { label: '__name__', operator: '=', value: text },
          ]);
        },
      ),
    );
  });
});

it.each([
  [{ name: 'fraud', version: '1.4.0' }, 'fraud:1.4.0'],
  [{ name: 'a:b%c', version: 'x:y' }, 'a%3Ab%25c:x%3Ay'],
])('a model version is name:version: %j', (model, text) => {
  expect(modelText(model)).toBe(text);
});

it.each([
  [86_400_000, '24h'],
  [7 * 86_400_000, '7d'],
  [5_400_000, '90m'],
  [300_000, '5m'],
  [1500, '1500ms'],
  [1000, '1s'],
])('%d ms is %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
