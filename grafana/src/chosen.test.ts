import { expect, it } from 'vitest';
import { chosen, type Quoting } from './chosen.testing.ts';
import { parsePromQL } from './promql.testing.ts';

/** What a name chosen in Grafana makes of a matcher: the expression does not parse, or does it match the name and no other? */
function outcome(name: string, quoting: Quoting): 'a parse error' | 'that name' | 'another name' {
  const string = `"${chosen([name], quoting)}"`;
  if (parsePromQL(`driftgauge_drift{model=~${string}}`).errors.length > 0) return 'a parse error';
  const matches = new RegExp(`^(?:${JSON.parse(string)})$`);
  return matches.test(name) && !matches.test('axb') ? 'that name' : 'another name';
}

const BOTH = { classic: 'that name', 'special characters': 'that name' };

it.each([
  ['fraud', BOTH],
  ['a.b', BOTH],
  ['a|b (v1) [x]+$', BOTH],
  ["o'clock", BOTH],
  ['a\\b', BOTH],
  ['a\\.b', BOTH],
  ['a"b', { classic: 'a parse error', 'special characters': 'that name' }],
])('%s', (name, outcomes) => {
  const found = Object.keys(outcomes).map((quoting) => [quoting, outcome(name, quoting as Quoting)]);
  expect(Object.fromEntries(found)).toEqual(outcomes);
});

it('several names are alternatives', () => {
  expect(chosen(['a.b', 'c'])).toBe('(a\\\\.b|c)');
});
