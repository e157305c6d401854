import { describe, expect, it } from 'vitest';
import { JOB, load } from '../build/loading.testing.ts';
import type { References } from './reference.ts';

const histogram = (...cumulative: number[]) => ({
  ok: true as const,
  histogram: { bounds: [1, Infinity], cumulative },
});
const REFERENCES: References = new Map([
  ['a.yaml', histogram(50, 120)],
  ['moved/b.json', histogram(50, 120)],
  ['other.yaml', histogram(50, 121)],
]);

function fingerprintOf(from: object): string {
  const metrics = [{ name: 'm', from, drift: { above: 1 } }];
  const { rules } = load({ scrape_configs: [JOB], metrics }, { references: REFERENCES }).judge;
  return rules[0]!.inputFingerprint;
}

const ratio = (numerator: string, denominator: string) => ({ ratio: { numerator, denominator } });
const quantile = (quantile: number, of: string) => ({ histogram_quantile: { quantile, of } });
const distance = (changes: object) => ({
  histogram: 'score',
  distance: 'psi',
  reference: { first: '1d' },
  ...changes,
});

describe('the fingerprint of an input', () => {
  const same: Record<string, [object, object]> = {
    'the way a selector is written': [{ rate: 'a{b="1",c="2"}' }, { rate: '{c="2",b="1",__name__="a"}' }],
    'the way a base name is written': [{ mean: 'a{b="1"}' }, { mean: '{b="1",__name__="a"}' }],
    'the way durations are written': [
      distance({ window: '60m' }),
      distance({ window: '1h', reference: { first: '24h' } }),
    ],
    'a default that is written': [
      quantile(0.5, 'a'),
      { ...quantile(0.5, 'a'), min_count: 1, scale: 1, window: '0s' },
    ],
    'the path of a reference file': [
      distance({ reference: { file: 'a.yaml' } }),
      distance({ reference: { file: 'moved/b.json' } }),
    ],
  };
  it.each(Object.entries(same))('does not change with %s', (_, [one, other]) => {
    expect(fingerprintOf(other)).toBe(fingerprintOf(one));
  });

  const different: Record<string, [object, object]> = {
    'the kind': [{ gauge: 'a' }, { rate: 'a' }],
    'the counter': [{ rate: 'a' }, { rate: 'b' }],
    'a matcher': [{ rate: 'a' }, { rate: 'a{b="1"}' }],
    'numerator and denominator, exchanged': [ratio('a', 'b'), ratio('b', 'a')],
    'the base name': [quantile(0.5, 'a'), quantile(0.5, 'b')],
    'the quantile': [quantile(0.5, 'a'), quantile(0.9, 'a')],
    'the window': [{ mean: 'a' }, { mean: 'a', window: '1m' }],
    min_count: [{ mean: 'a' }, { mean: 'a', min_count: 2 }],
    'the scale': [{ mean: 'a' }, { mean: 'a', scale: 2 }],
    'the measure': [distance({}), distance({ distance: 'ks' })],
    'the length of the reference': [distance({}), distance({ reference: { first: '2d' } })],
    'the kind of reference': [distance({}), distance({ reference: { trailing: '1d' } })],
    'the content of a reference file': [
      distance({ reference: { file: 'a.yaml' } }),
      distance({ reference: { file: 'other.yaml' } }),
    ],
  };
  it.each(Object.entries(different))('changes with %s', (_, [one, other]) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(one));
  });

  it('does not hold a reference file, however large it is', () => {
    expect(fingerprintOf(distance({ reference: { file: 'a.yaml' } }))).toMatch(
      /"reference":\{"kind":"file","sha256":"[0-9a-f]{64}"\}/,
    );
  });
});
