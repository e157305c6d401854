import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../core/glob.ts';
import { globCovers } from './glob-cover.ts';

const COVERED: Record<string, [string, string]> = {
  'a star takes a star': ['*', '*'],
  'two stars are one': ['**', '*'],
  'and one is two': ['a*b', 'a**b'],
  'the same': ['fraud-*', 'fraud-*'],
  'a prefix takes a longer prefix': ['fraud*', 'fraud-eu-*'],
  'a prefix takes a name': ['fraud*', 'fraud'],
  'a name takes itself': ['fraud', 'fraud'],
  'a question mark takes a letter': ['v?', 'v1'],
  'a question mark takes a question mark': ['v?', 'v?'],
  'a star takes question marks': ['v*', 'v??'],
  'a star in the middle': ['a*z', 'a*b*z'],
  'nothing takes nothing': ['', ''],
};

const NOT_COVERED: Record<string, [string, string]> = {
  'a name takes not all names': ['fraud', '*'],
  'a prefix takes not all names': ['a*', '*'],
  'a longer prefix takes no shorter one': ['fraud-eu-*', 'fraud*'],
  'a question mark takes no star': ['v?', 'v*'],
  'at least one letter is not every name': ['?*', '*'],
  'a name takes no question mark': ['v1', 'v?'],
  'a name takes no longer name': ['a', 'ab'],
};

describe('a glob that covers another', () => {
  it.each(Object.entries(COVERED))('%s', (_name, [cover, glob]) => {
    expect(globCovers(cover, glob)).toBe(true);
  });

  it.each(Object.entries(NOT_COVERED))('not: %s', (_name, [cover, glob]) => {
    expect(globCovers(cover, glob)).toBe(false);
  });

  it('takes every name that the other takes', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
    fc.assert(
      fc.property(glob, glob, name, (cover, other, text) => {
        if (globCovers(cover, other) && matchesGlob(other, text)) expect(matchesGlob(cover, text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
