import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../core/derive/settings.ts';
import { boundOf, familyKey } from './series-identity.ts';

type Series = readonly [role: Role, labels: Record<string, string>];

const keyOf = ([role, labels]: Series) => familyKey(new Map(Object.entries(labels)), { role, oneName: true });

describe('what is reset together has one key', () => {
  it.each<[string, Series, Series]>([
    [
      'a counter and the time at which it began',
      ['value', { __name__: 'x_total', a: '1' }],
      ['start', { __name__: 'x_created', a: '1' }],
    ],
    [
      'a counter without _total too',
      ['value', { __name__: 'x', a: '1' }],
      ['start', { __name__: 'x_created', a: '1' }],
    ],
    [
      'the parts of a ratio, each with its own beginning',
      ['numerator', { __name__: 'x_total' }],
      ['numerator_start', { __name__: 'x_created' }],
    ],
    [
      'the sum and the count of a summary',
      ['sum', { __name__: 'x_sum' }],
      ['count', { __name__: 'x_count' }],
    ],
    [
      'the buckets of a histogram',
      ['bucket', { __name__: 'x_bucket', a: '1', le: '0.5' }],
      ['bucket', { __name__: 'x_bucket', a: '1', le: '+Inf' }],
    ],
    [
      'its classic and its native form',
      ['bucket', { __name__: 'x_bucket', a: '1', le: '0.5' }],
      ['native', { __name__: 'x', a: '1' }],
    ],
    [
      'labels in another order',
      ['value', { __name__: 'x', a: '1', b: '2' }],
      ['value', { b: '2', a: '1', __name__: 'x' }],
    ],
  ])('%s', (_case, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });
});

describe('what is not has another one', () => {
  it.each<[string, Series, Series]>([
    ['another name', ['value', { __name__: 'x' }], ['value', { __name__: 'y' }]],
    ['another value of a label', ['value', { __name__: 'x', a: '1' }], ['value', { __name__: 'x', a: '2' }]],
    [
      'the same value of another label',
      ['value', { __name__: 'x', a: '1' }],
      ['value', { __name__: 'x', b: '1' }],
    ],
    [
      'le, where it is no bucket’s',
      ['value', { __name__: 'x', le: '1' }],
      ['value', { __name__: 'x', le: '2' }],
    ],
    ['a suffix that is none of its role', ['sum', { __name__: 'x_total' }], ['sum', { __name__: 'x' }]],
    [
      'a value that looks like another label',
      ['value', { __name__: 'x', a: '1;b=1:2' }],
      ['value', { __name__: 'x', a: '1', b: '2' }],
    ],
    [
      'a name that looks like a label',
      ['value', { __name__: 'x;a=1:1' }],
      ['value', { __name__: 'x', a: '1' }],
    ],
  ])('%s', (_case, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('whatever the names and values are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ';', '=', ':', '1', '2', '"'), maxLength: 6 });
    const labels = fc.dictionary(
      text.filter((name) => name !== ''),
      text,
      { maxKeys: 3 },
    );
    const series = fc.record({ name: text, labels });
    fc.assert(
      fc.property(series, series, (one, other) => {
        const [a, b] = [one, other].map(({ name, labels }) => ({ ...labels, __name__: name }));
        const same = JSON.stringify(sorted(a!)) === JSON.stringify(sorted(b!));
        expect(keyOf(['native', a!]) === keyOf(['native', b!])).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});

function sorted(labels: Record<string, string>): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('the bound of a bucket', () => {
  it.each<[string | undefined, number]>([
    ['0.5', 0.5],
    ['1', 1],
    ['1.0', 1],
    ['1e-05', 1e-5],
    ['-1', -1],
    ['0', 0],
    ['+Inf', Infinity],
    ['Inf', Infinity],
    ['0x10', Number.NaN],
    ['Infinity', Number.NaN],
    ['many', Number.NaN],
    [' ', Number.NaN],
    ['', Number.NaN],
    [undefined, Number.NaN],
  ])('of le=%j is %d', (le, bound) => {
    expect(boundOf(new Map(le === undefined ? [] : [['le', le]]))).toBe(bound);
  });
});
