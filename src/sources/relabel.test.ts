import { describe, expect, it } from 'vitest';
import { job } from '../config/build/loading.testing.ts';
import type { RawRelabelConfig } from '../config/schema/relabel.ts';
import { compileRelabeling } from './relabel.ts';
import { RELABEL_CASES } from './relabel-cases.testing.ts';

const compile = (rules: readonly RawRelabelConfig[]) =>
  compileRelabeling(job({ metric_relabel_configs: rules }).metricRelabelConfigs);

const relabel = (labels: ReadonlyMap<string, string>, rules: readonly RawRelabelConfig[]) =>
  compile(rules)!.apply(labels);

describe('compileRelabeling', () => {
  it.each(RELABEL_CASES.map((row) => [row.sentence, row] as const))('%s', (_, { labels, rules, result }) => {
    expect(relabel(labels, rules)).toEqual(result);
  });

  it('has nothing to do without rules', () => {
    expect(compile([])).toBeNull();
  });

  it('changes nothing in what it was given, and gives the same again', () => {
    const labels = new Map([
      ['__name__', 'accuracy'],
      ['b', 'x'],
      ['a', ''],
    ]);
    const before = [...labels];
    const { apply } = compile([
      { regex: '(b)', replacement: 'c_$1', action: 'labelmap' },
      { regex: 'b', action: 'labeldrop' },
    ])!;
    const first = apply(labels);
    expect(first).toEqual(
      new Map([
        ['__name__', 'accuracy'],
        ['c_b', 'x'],
      ]),
    );
    expect(apply(labels)).toEqual(first);
    expect([...labels]).toEqual(before);
  });

  it('takes time linear in the labels, whatever the regex', () => {
    const hostile = `${'a'.repeat(100_000)}!`;
    const labels = new Map([
      ['__name__', 'accuracy'],
      ['a', hostile],
    ]);
    const regex = '(a*)*b|(a|aa)+c|(.*)*(.*)*d';
    const started = performance.now();
    expect(
      relabel(labels, [
        { source_labels: ['a'], regex, target_label: 'b', replacement: '$1' },
        { source_labels: ['a'], regex, action: 'drop' },
        { source_labels: ['a'], regex: '((a|aa)+)!', target_label: 'c', replacement: '$1' },
      ])?.get('c'),
    ).toBe('a'.repeat(100_000));
    // A backtracking engine would not end in the lifetime of the machine.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('the table', () => {
  it('has no two rows that end as the same series, so that one Prometheus can tell them apart', () => {
    const ends = RELABEL_CASES.flatMap(({ result }) => (result ? [JSON.stringify([...result].sort())] : []));
    expect(new Set(ends).size).toBe(ends.length);
  });
});
