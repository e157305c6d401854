import { describe, expect, it } from 'vitest';
import { compileSelector } from './match.ts';
import { parseSelector } from './parse.ts';

const labels = new Map([
  ['__name__', 'accuracy'],
  ['model', 'fraud'],
  ['stage', 'prod'],
  ['note', 'two\nlines'],
  ['__proto__', 'x'],
]);

function matches(text: string, of: ReadonlyMap<string, string> = labels): boolean {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return compileSelector(parsed.selector).matches(of);
}

describe('compileSelector', () => {
  const cases: Record<string, [string, boolean]> = {
    'the name alone': ['accuracy', true],
    'another name': ['precision', false],
    'every matcher must hold': ['accuracy{model="fraud",stage="test"}', false],
    'a label that is not there counts as empty': ['accuracy{region=""}', true],
    'a label that is not there differs from any value': ['accuracy{region!="eu"}', true],
    'a label that is not there fails to be non-empty': ['accuracy{region!=""}', false],
    'a label that is not there matches an expression that takes the empty string': [
      'accuracy{region=~"(eu)?"}',
      true,
    ],
    'an expression is anchored at both ends': ['accuracy{model=~"raud"}', false],
    'alternatives are anchored too': ['accuracy{model=~"f|fraud"}', true],
    'anchors may be written out': ['accuracy{model=~"^fraud$"}', true],
    'a dot takes a line break': ['accuracy{note=~"two.lines"}', true],
    'flags are RE2’s': ['accuracy{model=~"(?i)FRAUD"}', true],
    'a negated expression': ['accuracy{model!~"f.*"}', false],
    'a negated expression that is anchored': ['accuracy{model!~"f"}', true],
    'the name by an expression': ['{__name__=~"acc.*"}', true],
    'inherited names are no labels': ['accuracy{constructor=""}', true],
    'a label called __proto__': ['accuracy{__proto__="x"}', true],
  };
  it.each(Object.entries(cases))('%s', (_, [text, expected]) => {
    expect(matches(text)).toBe(expected);
  });

  const numbers: Record<string, [string, string, boolean]> = {
    'le in another spelling of its number': ['b{le="1"}', '1.0', true],
    'le with an exponent': ['b{le="1e-05"}', '0.00001', true],
    'le that is infinite': ['b{le="inf"}', '+Inf', true],
    'le of another number': ['b{le="1"}', '1.1', false],
    'le of a number beside one that is none': ['b{le="1"}', 'one', false],
    'le of a number beside a series without it': ['b{le="0"}', '', false],
    'le that is no number, as text': ['b{le="one"}', 'one', true],
    'le that only JavaScript takes for a number, as text': ['b{le="0x1"}', '1', false],
    'le that differs in spelling only is no other le': ['b{le!="1"}', '1.0', false],
    'le that differs': ['b{le!="1"}', '2', true],
    'le by an expression, as text': ['b{le=~"1"}', '1.0', false],
  };
  it.each(Object.entries(numbers))('compares %s', (_, [text, le, expected]) => {
    const bucket = new Map([
      ['__name__', 'b'],
      ['le', le],
    ]);
    expect(matches(text, bucket)).toBe(expected);
  });

  it('compares quantiles as numbers, other labels as text', () => {
    const series = new Map([
      ['__name__', 's'],
      ['quantile', '0.50'],
      ['shard', '1.0'],
    ]);
    expect(matches('s{quantile="0.5"}', series)).toBe(true);
    expect(matches('s{shard="1"}', series)).toBe(false);
  });

  it('tells the one name that can match', () => {
    const nameOf = (text: string) => {
      const parsed = parseSelector(text);
      return parsed.ok ? compileSelector(parsed.selector).name : undefined;
    };
    expect(nameOf('up{a="b"}')).toBe('up');
    expect(nameOf('{__name__="up"}')).toBe('up');
    expect(nameOf('{__name__=~"up"}')).toBeNull();
    expect(nameOf('{a="b"}')).toBeNull();
  });

  it('takes time linear in the value, whatever the expression', () => {
    const hostile = new Map([...labels, ['model', `${'a'.repeat(200_000)}!`]]);
    const started = performance.now();
    expect(matches('accuracy{model=~"(a*)*b|(a|aa)+c|(.*)*(.*)*d"}', hostile)).toBe(false);
    // A backtracking engine would not end in the lifetime of the machine.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
