import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DistanceKind } from '../settings.ts';
import type { Histogram } from './bins.ts';
import { distanceBetween, jensenShannon, kolmogorovSmirnov, psi } from './distance.ts';
import { aNative, anyNative } from './native.testing.ts';

const close = (actual: number | null, expected: number) =>
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(1e-12);

/** Counts per bucket at the bounds 1, 2, … +Inf. */
function classic(...counts: number[]): Histogram {
  const bounds = counts.map((_, at) => at + 1).with(-1, Infinity);
  return { kind: 'classic', bounds, cumulative: counts.map((_, at) => sumOf(counts.slice(0, at + 1))) };
}
function native(described: Parameters<typeof aNative>[0]): Histogram {
  return { kind: 'native', ...aNative(described) };
}
function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

const P = [0.1, 0.2, 0.4, 0.2, 0.1];
const Q = [0.05, 0.15, 0.4, 0.25, 0.15];
const KINDS = ['psi', 'js', 'ks'] as const;

describe('the formulas', () => {
  it('PSI of the reference example', () => expect(psi(P, Q)).toBeCloseTo(0.080471895622, 12));

  it('Jensen–Shannon distance of the reference example, and its divergence in nats', () => {
    expect(jensenShannon(P, Q)).toBeCloseTo(0.119799628002, 12);
    expect(jensenShannon(P, Q) ** 2 * Math.LN2).toBeCloseTo(0.009948014281, 12);
  });

  it('Kolmogorov–Smirnov: the distribution functions are 0.1 apart at the second to fourth bound', () => {
    close(kolmogorovSmirnov(P, Q), 0.1);
  });

  it('Kolmogorov–Smirnov of two samples, as scipy has it', () => {
    // [.1, .4, .7, 1] and [.2, .5, 1.2, 1.5, 2], a bin for each value.
    const first = [1, 0, 1, 0, 1, 1, 0, 0, 0].map((count) => count / 4);
    const second = [0, 1, 0, 1, 0, 0, 1, 1, 1].map((count) => count / 5);
    close(kolmogorovSmirnov(first, second), 0.6);
  });

  it('the farthest that two can be apart', () => {
    expect(jensenShannon([1, 0], [0, 1])).toBe(1);
    expect(kolmogorovSmirnov([1, 0], [0, 1])).toBe(1);
  });
});

describe('between histograms', () => {
  it.each<[DistanceKind, number]>([
    ['psi', psi(P, Q)],
    ['js', jensenShannon(P, Q)],
    ['ks', 0.1],
  ])('%s is that of their proportions, however many each has', (kind, expected) => {
    const reference = classic(...P.map((p) => p * 2000));
    const current = classic(...Q.map((q) => q * 1000));
    close(distanceBetween(kind, reference, current), expected);
    const spread = (counts: readonly number[]) =>
      native({ positive: Object.fromEntries(counts.map((count, at) => [3 * at - 5, count])) });
    close(distanceBetween(kind, spread(P.map((p) => p * 2000)), spread(Q.map((q) => q * 1000))), expected);
  });

  it('compares layouts on the bounds that they share', () => {
    const reference: Histogram = { kind: 'classic', bounds: [1, 2, Infinity], cumulative: [100, 150, 400] };
    const current: Histogram = { kind: 'classic', bounds: [1, 3, Infinity], cumulative: [60, 70, 80] };
    close(distanceBetween('psi', reference, current), 0.5 * Math.log(3) - 0.5 * Math.log(1 / 3));
    close(distanceBetween('ks', reference, current), 0.5);
  });

  it('compares native histograms at the lower schema, from the lowest negative bucket to the highest positive', () => {
    const reference = native({
      schema: 1,
      zeroCount: 30,
      positive: { '1': 10, '2': 10 },
      negative: { '1': 20, '3': 30 },
    });
    const current = native({ zeroCount: 30, positive: { '1': 20 }, negative: { '1': 30, '2': 20 } });
    // From below: 30, 20, 30, 20 against 20, 30, 30, 20.
    close(distanceBetween('ks', reference, current), 0.1);
    close(distanceBetween('psi', reference, current), 0.2 * Math.log(1.5));
  });

  it('takes observations that are NaN as above all others', () => {
    const reference = native({ positive: { '1': 50, '2': 50 } });
    const broken = native({ positive: { '1': 50 }, count: 100, sum: NaN });
    const fine = native({ positive: { '1': 50, '2': 50 }, sum: NaN });
    close(distanceBetween('ks', reference, fine), 0);
    close(distanceBetween('ks', reference, broken), 0.5);
  });

  it('fills empty bins with 1e-4, in psi and js', () => {
    const [reference, current] = [classic(50, 50), classic(100, 0)];
    close(distanceBetween('psi', reference, current), psi([0.5, 0.5], [1, 1e-4]));
    close(distanceBetween('js', reference, current), jensenShannon([0.5, 0.5], [1, 1e-4]));
    close(distanceBetween('ks', reference, current), 0.5);
  });

  it('takes ks over all bins, psi and js over merged ones', () => {
    const [reference, current] = [classic(6, 6, 988), classic(53, 0, 447)];
    close(distanceBetween('ks', reference, current), 0.1);
    close(distanceBetween('psi', reference, current), psi([0.012, 0.988], [0.106, 0.894]));
    close(distanceBetween('js', reference, current), jensenShannon([0.012, 0.988], [0.106, 0.894]));
  });

  it('sees all observations leave the one bin that they were in', () => {
    const reference = classic(0, 1000, 0, 0);
    close(distanceBetween('psi', reference, classic(0, 0, 0, 500)), psi([1, 1e-4], [1e-4, 1]));
    for (const kind of KINDS) close(distanceBetween(kind, reference, classic(0, 500, 0, 0)), 0);
  });

  it.each<[string, Histogram, Histogram]>([
    ['a classic and a native one', classic(50, 50), native({ positive: { '1': 50, '2': 50 } })],
    ['a native and a classic one', native({ positive: { '1': 50, '2': 50 } }), classic(50, 50)],
    [
      'layouts that share +Inf only',
      classic(50, 50),
      { kind: 'classic', bounds: [3, Infinity], cumulative: [1, 9] },
    ],
    [
      'layouts that do not share +Inf',
      classic(50, 50),
      { kind: 'classic', bounds: [0, 1], cumulative: [1, 9] },
    ],
    ['an empty reference', classic(0, 0), classic(50, 50)],
    ['an empty window', classic(50, 50), classic(0, 0)],
    ['an empty native reference', native({}), native({ positive: { '1': 50 } })],
  ])('there is none: %s', (_name, reference, current) => {
    for (const kind of KINDS) expect(distanceBetween(kind, reference, current)).toBeNull();
  });

  it('there is no psi and no js where both hold too few for two bins', () => {
    expect(KINDS.map((kind) => distanceBetween(kind, classic(4, 4), classic(4, 4)))).toEqual([null, null, 0]);
  });
});

describe('properties', () => {
  const counts = fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { minLength: 2, maxLength: 30 });
  const pair = fc.oneof(
    counts.map((both): [Histogram, Histogram] => [
      classic(...both.map(([count]) => count)),
      classic(...both.map(([, count]) => count)),
    ]),
    fc.tuple(anyNative(), anyNative()).map(([a, b]): [Histogram, Histogram] => [
      { kind: 'native', ...a },
      { kind: 'native', ...b },
    ]),
  );
  const kinds = fc.constantFrom(...KINDS);

  it('a distance is not negative, and is 0 between equal histograms', () => {
    fc.assert(
      fc.property(kinds, pair, (kind, [a, b]) => {
        expect(distanceBetween(kind, a, b) ?? 0).toBeGreaterThanOrEqual(0);
        expect(distanceBetween(kind, a, a) ?? 0).toBe(0);
      }),
    );
  });

  it('js and ks are at most 1', () => {
    fc.assert(
      fc.property(fc.constantFrom('js', 'ks'), pair, (kind, [a, b]) => {
        expect(distanceBetween(kind, a, b) ?? 0).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('the formulas are symmetric', () => {
    const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
    const bins = fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(bins, (both) => {
        const [p, q] = [both.map(([one]) => one), both.map(([, other]) => other)];
        for (const distance of [psi, jensenShannon, kolmogorovSmirnov])
          close(distance(p, q) - distance(q, p), 0);
      }),
    );
  });
});
