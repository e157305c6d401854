import { expect, it } from 'vitest';
import { labelsOf, nameOf, writtenLabelsOf } from './text-labels.ts';

const cases: Record<string, [key: string, labels: Record<string, string>]> = {
  'a name alone': ['a:b', { __name__: 'a:b' }],
  'a name in quotes alone': ['{"a.b"}', { __name__: 'a.b' }],
  'a name in quotes after labels': ['{c="d","a.b",e="f"}', { __name__: 'a.b', c: 'd', e: 'f' }],
  'a name in quotes with every sign': [String.raw`{"a,=}{\"\\\n"}`, { __name__: 'a,=}{"\\\n' }],
  'a plain name beside labels in quotes': [
    String.raw`a{b="c","d=\"e\""="f"}`,
    { __name__: 'a', b: 'c', 'd="e"': 'f' },
  ],
  'blanks everywhere': ['{ "a.b" , c = "d" , "e" = "f" , }', { __name__: 'a.b', c: 'd', e: 'f' }],
  'labels with empty values': ['{"a.b",c="","d"="",e="f"}', { __name__: 'a.b', e: 'f' }],
};

it.each(Object.entries(cases))('the labels of %s', (_, [key, labels]) => {
  expect(Object.fromEntries(labelsOf(Buffer.from(key)))).toEqual(labels);
});

it.each(Object.entries(cases))('the name of %s', (_, [key, labels]) => {
  expect(nameOf(Buffer.from(key))).toBe(labels['__name__']);
});

it('numbers in le and quantile are canonical, but not as they are written', () => {
  const key = Buffer.from('a_bucket{le="1",quantile="1e0"}');
  expect(Object.fromEntries(labelsOf(key))).toEqual({ __name__: 'a_bucket', le: '1.0', quantile: '1.0' });
  expect(Object.fromEntries(writtenLabelsOf(key))).toEqual({
    __name__: 'a_bucket',
    le: '1',
    quantile: '1e0',
  });
});

it('le of a name in quotes that ends in _bucket is canonical too', () => {
  expect(labelsOf(Buffer.from('{"a.b_bucket","le"="5"}')).get('le')).toBe('5.0');
});
