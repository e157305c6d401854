import { describe, expect, it } from 'vitest';
import { parseDuration } from '../config/values/duration.ts';
import { parseSelector } from '../selector/parse.ts';
import { promDuration, promString, selectorText } from './promql.ts';

describe('durations', () => {
  it.each([0, 1, 999, 1000, 61_001, 5_400_000, 86_400_000, 31_536_000_000, 1_234_567_890])(
    '%i ms is read back as such',
    (ms) => {
      expect(parseDuration(promDuration(ms))).toBe(ms);
    },
  );

  it('longer ones than Prometheus reads are cut', () => {
    expect(parseDuration(promDuration(1e300))).toBeGreaterThan(9e12);
  });
});

describe('strings', () => {
  it.each<[what: string, text: string]>([
    ['quotes and backslashes', 'a"b\\c\'d`e'],
    ['line breaks of every kind', 'a\nb\rc\u0085d\u2028e\u2029f'],
    ['what cannot be seen', '\u0000\u001b\u007f\u202e\ufeff\u{e0001}'],
    ['characters beyond the first plane', '😀'],
  ])('%s come back as they were, and nothing invisible is written', (_, text) => {
    const written = promString(text);
    expect(written).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    const read = parseSelector(`{a=${written}}`);
    expect(read.ok && read.selector.matchers).toEqual([{ label: 'a', operator: '=', value: text }]);
  });
});

describe('selectors', () => {
  it.each([
    ['up', 'up'],
    ['up{a="b",c!~"d"}', 'up{a="b", c!~"d"}'],
    ['{__name__="a.b",c="d"}', '{__name__="a.b", c="d"}'],
    ['{__name__=~"a.*"}', '{__name__=~"a.*"}'],
    ['{a="b"}', '{a="b"}'],
  ])('%s', (written, expected) => {
    const read = parseSelector(written);
    expect(read.ok && selectorText(read.selector.matchers)).toBe(expected);
  });
});
