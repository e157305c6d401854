/**
 * What distances do where nothing drifts, and where something does: simulated windows of a lognormal model output, as
 * histograms of many layouts. Seeded, so that a figure changes only with the code.
 */
import { describe, expect, it } from 'vitest';
import type { DistanceKind } from '../settings.ts';
import type { Histogram } from './bins.ts';
import { distanceBetween, psi } from './distance.ts';
import { multinomial, randomFrom } from './multinomial.testing.ts';

const KINDS: readonly DistanceKind[] = ['psi', 'js', 'ks'];
const BUCKETS = [5, 10, 20, 60, 160];
/** The default of `min_count`, and the threshold of the documented example. */
const WINDOW = 500;
const THRESHOLD = 0.25;

describe('without drift', () => {
  const WINDOWS = 10_000;
  const ALLOWED = 0.001;

  it('a window of 500 observations passes 0.25 once in a thousand times at most, in any layout', () => {
    const rows = BUCKETS.flatMap((buckets) =>
      [500, 20_000].flatMap((references) => simulated({ buckets, references, windows: WINDOWS })),
    );
    const worst = Math.max(...rows.flatMap(({ rates }) => Object.values(rates)));
    const table = rows.map(
      ({ buckets, form, references, rates }) =>
        `${buckets} ${form} buckets, reference of ${references}: ${KINDS.map((kind) => `${kind} ${rates[kind]}`).join(', ')}`,
    );
    expect(worst, `share of windows above ${THRESHOLD}\n${table.join('\n')}`).toBeLessThanOrEqual(ALLOWED);
  });

  it.each([
    // Mean and 95 % point of chi-squared with 9 degrees of freedom, times 1/n + 1/m.
    { size: 500, mean: 0.036, q95: 0.067676 },
    { size: 1000, mean: 0.018, q95: 0.033838 },
    { size: 5000, mean: 0.0036, q95: 0.006768 },
  ])('the PSI of $size and $size observations in ten bins follows chi-squared', ({ size, mean, q95 }) => {
    const draw = multinomial(new Array(10).fill(1), randomFrom(size));
    const share = (counts: readonly number[]) => counts.map((count) => count / size);
    const found = Array.from({ length: 4000 }, () => psi(share(draw(size)), share(draw(size))));
    found.sort((a, b) => a - b);
    expect(found.reduce((sum, value) => sum + value) / found.length / mean).toBeCloseTo(1, 1);
    expect(found[Math.floor(0.95 * found.length)]! / q95).toBeCloseTo(1, 1);
  });
});

describe('where the median of a lognormal doubles', () => {
  it.each(BUCKETS)('each distance passes 0.25 in every window, with %i buckets', (buckets) => {
    for (const references of [500, 20_000]) {
      for (const { form, rates } of simulated({ buckets, references, windows: 200, factor: 2 }))
        expect({ form, references, ...rates }).toEqual({ form, references, psi: 1, js: 1, ks: 1 });
    }
  });
});

/** The share of windows whose distance passes the threshold; as classic and as native histograms. */
function simulated(options: { buckets: number; references: number; windows: number; factor?: number }) {
  const { buckets, references, windows, factor = 1 } = options;
  const random = randomFrom(buckets * 31 + references);
  const drawReference = multinomial(lognormal(buckets), random);
  const drawCurrent = multinomial(lognormal(buckets, factor), random);
  const forms = [
    { form: 'classic', make: asClassic },
    { form: 'native', make: asNative },
  ].map((form) => ({ ...form, passed: { psi: 0, js: 0, ks: 0 } }));

  let reference: readonly number[] = [];
  // A large reference is dear to draw and differs little from the next one.
  const renewed = references > WINDOW ? 100 : 1;
  for (let window = 0; window < windows; window++) {
    if (window % renewed === 0) reference = drawReference(references);
    const current = drawCurrent(WINDOW);
    for (const { make, passed } of forms) {
      const [from, to] = [make(reference), make(current)];
      for (const kind of KINDS) {
        const distance = distanceBetween(kind, from, to);
        if (distance === null || distance > THRESHOLD) passed[kind]++;
      }
    }
  }
  return forms.map(({ form, passed }) => ({
    buckets,
    references,
    form,
    rates: { psi: passed.psi / windows, js: passed.js / windows, ks: passed.ks / windows },
  }));
}

/** Probabilities of buckets of equal width in the logarithm, three sigma to each side; sigma is 0.5. */
function lognormal(buckets: number, factor = 1): number[] {
  const shift = Math.log(factor) / 0.5;
  return Array.from({ length: buckets }, (_, at) => {
    const from = at === 0 ? -Infinity : (6 * at) / buckets - 3;
    const to = at === buckets - 1 ? Infinity : (6 * (at + 1)) / buckets - 3;
    return normalBelow(to - shift) - normalBelow(from - shift);
  });
}

/** The logistic approximation to the standard normal distribution function (Bowling 2009): errors below 0.00015. */
function normalBelow(z: number): number {
  return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));
}

function asClassic(counts: readonly number[]): Histogram {
  let below = 0;
  const cumulative = counts.map((count) => (below += count));
  return { kind: 'classic', bounds: counts.map((_, at) => at + 1).with(-1, Infinity), cumulative };
}

function asNative(counts: readonly number[]): Histogram {
  const populated = counts.flatMap((count, at) => (count > 0 ? [at] : []));
  return {
    kind: 'native',
    schema: 3,
    zeroThreshold: 0,
    zeroCount: 0,
    count: counts.reduce((sum, count) => sum + count),
    sum: 0,
    positive: { indexes: populated, counts: populated.map((at) => counts[at]!) },
    negative: { indexes: [], counts: [] },
  };
}
