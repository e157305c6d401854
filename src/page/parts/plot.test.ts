import { describe, expect, it } from 'vitest';
import { MINUTE, makeConfig, makeRule, Scenario, SECOND, START } from '../../core/scenario.testing.ts';
import { RecentTime } from '../recent.ts';
import { plot } from './plot.ts';

const SIZE = { width: 100, height: 50, label: 'accuracy' };

/** A value each second. */
function played(values: readonly number[], rule = makeRule()) {
  const scenario = new Scenario(makeConfig({ rules: [rule] }));
  const recent = new RecentTime();
  for (const value of values) {
    if (Number.isFinite(value)) scenario.sample(value);
    recent.note(scenario.world, scenario.at);
    scenario.wait(SECOND);
  }
  const signal = scenario.signal();
  return { signal, series: recent.of(signal), now: scenario.at };
}

const drawn = (values: readonly number[], rule = makeRule()) => plot({ ...played(values, rule), ...SIZE });

describe('a plot', () => {
  it('spans its values and the threshold, from the first instant to now', () => {
    const { svg, high, low } = drawn([1, 0.9, 0.5, 0.6])!;
    expect([low, high]).toEqual([0.5, 1]);
    expect(svg.text).toContain('viewBox="0 0 100 50"');
    expect(svg.text).toContain('<path class="value" d="M0 1l25 9.5l25 38.5l25 -9.5"/>');
    expect(svg.text, 'the threshold of 0.85').toContain('<path class="threshold" d="M0 15.5H100"/>');
  });

  it('has room around a flat line at its threshold', () => {
    const { high, low } = drawn([0.85, 0.85])!;
    expect(low).toBeLessThan(0.85);
    expect(high).toBeGreaterThan(0.85);
  });

  it('is broken where nothing was known', () => {
    const stale = makeRule({ staleAfterMs: 1500 });
    const { svg } = drawn([1, 1, Number.NaN, Number.NaN, Number.NaN, 0.9, 0.9], stale)!;
    expect(/class="value" d="([^"]*)"/.exec(svg.text)![1]!.match(/M/g)).toHaveLength(2);
  });

  it('shades what is pending and what drifts, up to now', () => {
    const rule = makeRule({ forMs: 2 * SECOND });
    const { svg } = drawn([1, 0.5, 0.5, 0.5, 0.5], rule)!;
    expect(svg.text.match(/<rect[^>]*>/g)).toEqual([
      '<rect class="pending" x="20" y="0" width="40" height="50"/>',
      '<rect class="drifting" x="60" y="0" width="40" height="50"/>',
    ]);
  });

  it('marks what happened within its time, as text', () => {
    const world = played([1, 1, 1, 1]);
    const mark = (at: number, title: string) => ({ at, kind: 'request' as const, title });
    const marks = [
      mark(START + SECOND, '<rt_1>'),
      mark(START - MINUTE, 'before'),
      mark(START + MINUTE, 'after'),
    ];
    const { svg } = plot({ ...world, ...SIZE, marks })!;
    expect(svg.text.match(/<path class="mark.*?<\/path>/g)).toEqual([
      '<path class="mark request" d="M25 0V50"><title>&lt;rt_1&gt;</title></path>',
    ]);
  });

  it.each<[string, readonly number[]]>([
    ['a single instant', [1]],
    ['no value', [Number.NaN, Number.NaN]],
  ])('is absent with %s', (_, values) => {
    const scenario = new Scenario();
    scenario.sample(1);
    const recent = new RecentTime();
    const signal = scenario.signal();
    if (Number.isFinite(values[0])) recent.note(scenario.world, scenario.at);
    expect(plot({ signal, series: recent.of(signal), now: scenario.at, ...SIZE })).toBeNull();
  });

  it('leaves out what no axis has room for', () => {
    const detector = { kind: 'threshold', bound: 'above', threshold: 1e308, clear: 1e308 } as const;
    const { svg } = drawn([1, 1e308, -1e308, 3e38, -3e38], makeRule({ detector }))!;
    expect(svg.text).not.toMatch(/NaN|Infinity|threshold/);
  });
});
