import { describe, expect, it } from 'vitest';
import { elementId, modelPath, readModelKey } from './links.ts';

/** The segment as a browser resolves it and a router decodes it. */
function segmentOf(path: string): string {
  const { pathname } = new URL(path, 'http://host/prefix/');
  expect(pathname).toMatch(/^\/prefix\/models\/[^/]+$/);
  return decodeURIComponent(pathname.slice('/prefix/models/'.length));
}

describe('a path leads back to its model version', () => {
  it.each([
    ['fraud', '1.4.0'],
    ['..', '..'],
    ['.', 'none'],
    ['a/b?c#d', '1'],
    ['x:y', 'z:1'],
    ['100%', '%3A'],
    ['%2e%2e', '1'],
    ['<img src=x onerror=alert(1)>', `"'`],
    ['日本 語', '\u202e'],
    [' ', '\t'],
  ])('%s %s', (name, version) => {
    expect(readModelKey(segmentOf(modelPath({ name, version })))).toEqual({ name, version });
  });
});

it('ordinary names stay readable', () => {
  expect(modelPath({ name: 'fraud', version: '1.4.0' })).toBe('models/fraud:1.4.0');
});

it.each(['', 'fraud', ':1', 'fraud:', 'a:b:c', '%:1'])('%j names none', (segment) => {
  expect(readModelKey(segment)).toBeNull();
});

it('the same names give the same id, and no other ones do', () => {
  expect(elementId('row', 'a', 'b')).toBe(elementId('row', 'a', 'b'));
  expect(elementId('row', 'a', 'b')).not.toBe(elementId('row', 'ab', ''));
  expect(elementId('row', 'x'.repeat(1024))).toMatch(/^row-[\w-]{12}$/);
});
