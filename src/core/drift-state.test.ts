import { describe, expect, it } from 'vitest';
import type { Rule } from './rule.ts';
import { MINUTE, makeConfig, makeRule, Scenario, SECOND, START } from './scenario.testing.ts';
import { BREACH_SINCE, BREACHES, phaseOf, SINCE } from './signal.ts';

/** Values one minute apart (or `minutes` apart), and the phase after each. Below 0.85 is a breach, 0.87 is clear. */
interface Row {
  readonly rule?: Partial<Rule>;
  readonly values: readonly number[];
  readonly minutes?: readonly number[];
  readonly phases: string;
}

const HYSTERESIS = { detector: { kind: 'threshold', bound: 'below', threshold: 0.85, clear: 0.87 } } as const;
const B = 0.8;
const BETWEEN = 0.86;
const C = 0.9;

const rows: Record<string, Row> = {
  'a breach without for drifts at once': { values: [C, B], phases: 'ok drifting' },
  'the threshold itself is no breach': { values: [0.85], phases: 'ok' },
  'the first sample may breach': { values: [B], phases: 'drifting' },
  'for is measured from the first breach': {
    rule: { forMs: 2 * MINUTE },
    values: [C, B, B, B],
    phases: 'ok pending pending drifting',
  },
  'for starts anew after a clear sample': {
    rule: { forMs: 2 * MINUTE },
    values: [B, B, C, B, B, B],
    phases: 'pending pending ok pending pending drifting',
  },
  'min_samples counts the first breach': {
    rule: { minSamples: 3 },
    values: [B, B, B],
    phases: 'pending pending drifting',
  },
  'for and min_samples must both hold': {
    rule: { minSamples: 3, forMs: MINUTE },
    values: [B, B, B],
    phases: 'pending pending drifting',
  },
  'warm-up samples are not judged': {
    rule: { warmUp: 2 },
    values: [B, B, B],
    phases: 'warming warming drifting',
  },
  'a breach during warm-up does not count towards for': {
    rule: { warmUp: 1, forMs: MINUTE },
    values: [B, B, B],
    phases: 'warming pending drifting',
  },
  'between threshold and clear, pending goes back to ok': {
    rule: { ...HYSTERESIS, forMs: 2 * MINUTE },
    values: [B, BETWEEN, B],
    phases: 'pending ok pending',
  },
  'between threshold and clear, drifting stays': {
    rule: HYSTERESIS,
    values: [B, BETWEEN, 0.87],
    phases: 'drifting drifting ok',
  },
  'at clear it is clear': { rule: HYSTERESIS, values: [B, 0.87], phases: 'drifting ok' },
  'keep_firing_for holds the drift': {
    rule: { keepFiringForMs: 2 * MINUTE },
    values: [B, C, C, C],
    phases: 'drifting recovering recovering ok',
  },
  'recovering goes back to drifting on a breach': {
    rule: { keepFiringForMs: 2 * MINUTE },
    values: [B, C, B, C, C, C],
    phases: 'drifting recovering drifting recovering recovering ok',
  },
  'recovering goes back to drifting between threshold and clear': {
    rule: { ...HYSTERESIS, keepFiringForMs: 2 * MINUTE },
    values: [B, C, BETWEEN, C],
    phases: 'drifting recovering drifting recovering',
  },
  'a gap longer than stale_after starts for anew': {
    rule: { forMs: 2 * MINUTE },
    values: [B, B, B, B],
    minutes: [0, 1, 7, 9],
    phases: 'pending pending pending drifting',
  },
  'a gap longer than stale_after starts the count anew': {
    rule: { minSamples: 3 },
    values: [B, B, B, B, B],
    minutes: [0, 1, 7, 8, 9],
    phases: 'pending pending pending pending drifting',
  },
  'a gap neither ends a drift nor begins one': {
    values: [B, B, C],
    minutes: [0, 60, 120],
    phases: 'drifting drifting ok',
  },
  'time without samples does not count as clear': {
    rule: { keepFiringForMs: 2 * MINUTE },
    values: [B, C, C, C, C],
    minutes: [0, 1, 30, 31, 32],
    phases: 'drifting recovering recovering recovering ok',
  },
  'above: strictly above the threshold is a breach': {
    rule: { detector: { kind: 'threshold', bound: 'above', threshold: 150, clear: 140 } },
    values: [150, 151, 145, 140],
    phases: 'ok drifting drifting ok',
  },
};

describe('the drift state', () => {
  it.each(Object.entries(rows))('%s', (_sentence, { rule, values, minutes, phases }) => {
    const scenario = new Scenario(makeConfig({ rules: [makeRule(rule)] }));
    const seen = values.map((value, index) => {
      scenario.at = START + (minutes?.[index] ?? index) * MINUTE;
      scenario.sample(value);
      return phaseOf(scenario.signal().record);
    });
    expect(seen.join(' ')).toBe(phases);
  });

  it('remembers since when it breaches and since when it drifts', () => {
    const scenario = new Scenario(
      makeConfig({ rules: [makeRule({ forMs: MINUTE, keepFiringForMs: 10 * MINUTE })] }),
    );
    for (const seconds of [0, 30, 60]) scenario.sample(B, { time: START + seconds * SECOND });
    const { record } = scenario.signal();
    expect([record[BREACH_SINCE], record[SINCE], record[BREACHES]]).toEqual([START, START + MINUTE, 3]);
    scenario.sample(C, { time: START + 90 * SECOND });
    expect([phaseOf(record), record[SINCE]]).toEqual(['recovering', START + 90 * SECOND]);
    scenario.sample(B, { time: START + 120 * SECOND });
    expect([phaseOf(record), record[SINCE]]).toEqual(['drifting', START + MINUTE]);
  });
});
