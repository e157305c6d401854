import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/data/ema-vectors.json' with { type: 'json' };
import type { Smoothing } from './rule.ts';
import { makeConfig, makeRule, Scenario, START } from './scenario.testing.ts';
import { EMA } from './signal.ts';

const X = [1, 2, Number.NaN, 4, 8, Number.NaN, Number.NaN, 3];
const SECONDS = [0, 10, 15, 60, 61];
const Y = [1, 2, 4, 8, 3];

function averages(smoothing: Smoothing, samples: readonly { value: number; time: number }[]): number[] {
  const scenario = new Scenario(makeConfig({ rules: [makeRule({ smoothing })] }));
  return samples.map((sample) => {
    scenario.sample(sample.value, { time: sample.time });
    return scenario.signal().record[EMA]!;
  });
}

const each = (values: readonly number[]) =>
  values.map((value, index) => ({ value, time: START + index * 1000 }));
const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of actual.entries())
    expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(1e-12);
};

describe('the average equals the reference', () => {
  it('pandas ewm, alpha 0.25, adjust=False, ignore_na=True', () => {
    close(
      averages({ kind: 'alpha', alpha: 0.25 }, each(X)),
      vectors['ewm_mean_alpha0.25_adjustFalse_ignorenaTrue'],
    );
  });

  it('pandas ewm without gaps', () => {
    close(
      averages({ kind: 'alpha', alpha: 0.25 }, each(Y)),
      vectors['pandas_adjustFalse_alpha.25(seed rule)'],
    );
  });

  it("Eckner's next form with tau 10 s, which is a half-life of 10 s · ln 2", () => {
    const samples = Y.map((value, index) => ({ value, time: START + SECONDS[index]! * 1000 }));
    close(averages({ kind: 'half_life', halfLifeMs: 10_000 * Math.LN2 }, samples), vectors.eckner_next_tau10);
  });
});

describe('properties', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
    minLength: 1,
    maxLength: 50,
  });

  it('the average lies between the smallest and the largest value so far', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (xs, alpha) => {
        averages({ kind: 'alpha', alpha }, each(xs)).forEach((ema, index) => {
          const seen = xs.slice(0, index + 1);
          const slack = 1e-12 * Math.max(...seen.map(Math.abs));
          expect(ema).toBeGreaterThanOrEqual(Math.min(...seen) - slack);
          expect(ema).toBeLessThanOrEqual(Math.max(...seen) + slack);
        });
      }),
    );
  });

  it('a half-life later, the old average weighs one half', () => {
    const [, ema] = averages({ kind: 'half_life', halfLifeMs: 60_000 }, [
      { value: 0, time: START },
      { value: 1, time: START + 60_000 },
    ]);
    expect(ema).toBe(0.5);
  });
});
