import { describe, expect, it } from 'vitest';
import { labelNamed, labelSet, labelsIn, valueIn } from './openmetrics-label-set.ts';

const setOf = (key: string, omitted?: string) => labelSet(labelsIn(Buffer.from(key)), omitted);

describe('one set in several spellings', () => {
  const cases: Record<string, readonly string[]> = {
    'no labels': ['a', 'a{}', 'a{b=""}', '{"a"}', '{"a","b"=""}'],
    'two labels': ['a{b="c",d="e"}', 'a{d="e",b="c"}', '{"a",b="c",d="e"}', 'a{"d"="e",b="c",f=""}'],
    'a value with escapes': [String.raw`a{b="\z\\\""}`, String.raw`a{b="\\z\\\""}`],
    'a name in quotes': [String.raw`a{"b.\z"="é"}`, String.raw`{"b.\\z"="é","a"}`],
  };
  it.each(Object.entries(cases))('%s', (_, spellings) => {
    expect(new Set(spellings.map((key) => setOf(key))).size).toBe(1);
  });
});

it('several sets are told apart, whatever signs they hold', () => {
  const keys = [
    'a',
    'a{b="c"}',
    'a{b="C"}',
    'a{b="c",d="e"}',
    String.raw`a{b="c\",d=\"e"}`,
    String.raw`a{b="c\\",d="e"}`,
    String.raw`a{b="c\n"}`,
    String.raw`a{b="c\\n"}`,
    'a{b="é"}',
    'a{b="Ã©"}',
    '{"a","b.c"="d"}',
    String.raw`{"a","b\"=\"c"="d"}`,
  ];
  expect(new Set(keys.map((key) => setOf(key))).size).toBe(keys.length);
});

it('a label can be left out and asked for, by its name', () => {
  const labels = labelsIn(Buffer.from('{"a","x.y"="1",xy="2",x="3"}'));
  expect(valueIn(labels, labelNamed('x'))).toBe('3');
  expect(valueIn(labels, labelNamed('x.y'))).toBe('1');
  expect(valueIn(labels, labelNamed('y'))).toBeUndefined();
  expect(labelSet(labels, labelNamed('x'))).toBe(setOf('a{"x.y"="1",xy="2"}'));
});
