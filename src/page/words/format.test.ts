import { describe, expect, it } from 'vitest';
import {
  formatName,
  formatNumber,
  formatPair,
  formatSince,
  formatText,
  formatTime,
  plural,
} from './format.ts';

describe('a number has three significant digits', () => {
  it.each([
    [0.61234, '0.612'],
    [0.85, '0.85'],
    [12.345, '12.3'],
    [123.45, '123'],
    [123456.7, '123457'],
    [999.9, '1000'],
    [0.000512, '0.000512'],
    [0.0000512, '5.12e-5'],
    [1.5e12, '1.50e+12'],
    [-0.61234, '-0.612'],
    [0, '0'],
    [Number.NaN, '–'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('two numbers that differ look different', () => {
  it.each([
    [0.612, 0.85, ['0.612', '0.85']],
    [0.84996, 0.85, ['0.84996', '0.85']],
    [0.8499999999999, 0.85, ['0.8499999999999', '0.85']],
    [0.85, 0.85, ['0.85', '0.85']],
    [150.2, 150, ['150.2', '150']],
  ])('%d beside %d', (one, other, pair) => {
    expect(formatPair(one, other)).toEqual(pair);
  });
});

describe('a time', () => {
  const now = Date.UTC(2026, 10, 24, 10, 35, 30);
  it.each([
    ['has seconds where it is near', now - 65_000, '10:34:25'],
    ['has minutes on the same day', now - 41 * 60_000, '09:54'],
    ['has its day on another one', now - 86_400_000, 'Nov 23, 10:35'],
    ['may lie ahead', now + 4 * 3_600_000, '14:35'],
  ])('%s', (_, time, text) => {
    expect(formatTime(time, now).text).toMatch(new RegExp(`>${text}</time>$`));
  });

  it('is whole in its title', () => {
    expect(formatTime(now, now).text).toContain('title="2026-11-24 10:35:30 UTC"');
  });

  it('outside the calendar is none', () => {
    expect(formatTime(Number.NaN, now).text).toBe('–');
  });

  it('tells for how long, and never for less than nothing', () => {
    expect(formatSince(now - 41 * 60_000, now).text).toMatch(/09:54<\/time>, 41m$/);
    expect(formatSince(now + 1000, now).text).toMatch(/, 0s$/);
  });
});

describe('a name', () => {
  it.each([
    ['that is short stays', 'fraud', '<bdi>fraud</bdi>'],
    ['that just fits stays', 'abcdefghij', '<bdi>abcdefghij</bdi>'],
    ['that is too long by one loses its middle', 'abcdefghijk', '<bdi title="abcdefghijk">abcd…hijk</bdi>'],
    [
      'that is long loses its middle and has it in the title',
      'abcdefghijkl',
      '<bdi title="abcdefghijkl">abcd…ijkl</bdi>',
    ],
    ['is cut between characters', '😀'.repeat(12), `<bdi title="${'😀'.repeat(12)}">😀😀😀😀…😀😀😀😀</bdi>`],
    ['is text', '<img>', '<bdi>&lt;img&gt;</bdi>'],
  ])('%s', (_, name, expected) => {
    expect(formatName(name, 10).text).toBe(expected);
  });
});

it('a long text is cut at its end, between characters', () => {
  expect(formatText('short')).toBe('short');
  expect([...formatText('😀'.repeat(1000))]).toEqual([...Array.from({ length: 399 }, () => '😀'), '…']);
});

it('counts agree with their words', () => {
  expect([0, 1, 2].map((count) => plural(count, 'model drifts', 'models drift'))).toEqual([
    '0 models drift',
    '1 model drifts',
    '2 models drift',
  ]);
});
