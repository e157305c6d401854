/** How far a histogram lies from a reference: population stability index, Jensen–Shannon distance, Kolmogorov–Smirnov. */
import type { DistanceKind } from '../settings.ts';
import type { Histogram } from './bins.ts';
import { commonBins, total } from './bins.ts';
import { mergedBins } from './merged-bins.ts';

/** The proportion that an empty bin is given: the logarithm of an empty one would be infinite. */
const EMPTY = 1e-4;

/**
 * Null where there is none: the two have no bins in common, one of them is empty, or they hold too few observations for
 * two bins. `psi` and `js` are taken over merged bins (see `mergedBins`), `ks` over all of them: at any bound its
 * difference varies by chance as it would without bins at all, so that merging could only hide the largest one.
 */
export function distanceBetween(kind: DistanceKind, reference: Histogram, current: Histogram): number | null {
  const common = commonBins(reference, current);
  const bins = common === null || kind === 'ks' ? common : mergedBins(common);
  if (bins === null || !(total(bins.reference) > 0 && total(bins.current) > 0)) return null;
  const p = proportions(bins.reference);
  const q = proportions(bins.current);
  if (kind === 'ks') return kolmogorovSmirnov(p, q);
  return (kind === 'psi' ? psi : jensenShannon)(p.map(filled), q.map(filled));
}

const filled = (proportion: number): number => (proportion === 0 ? EMPTY : proportion);

function proportions(counts: readonly number[]): number[] {
  const all = total(counts);
  return counts.map((count) => count / all);
}

/** Population stability index, Σ (q - p) ln(q / p); proportions must be positive. 0 to infinity, symmetric. */
export function psi(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < p.length; at++) sum += (q[at]! - p[at]!) * Math.log(q[at]! / p[at]!);
  return sum;
}

/** Jensen–Shannon distance: the square root of the divergence to base 2. 0 to 1, symmetric (Endres and Schindelin 2003). */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < p.length; at++) {
    const middle = (p[at]! + q[at]!) / 2;
    sum += relative(p[at]!, middle) + relative(q[at]!, middle);
  }
  // Of equal proportions, rounding may leave a little less than nothing.
  return Math.sqrt(Math.max(0, sum / 2));
}

/** One term of the Kullback–Leibler divergence, in bits. */
const relative = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log2(p / q));

/** Kolmogorov–Smirnov: the largest difference between the two distribution functions, at the bins' bounds. 0 to 1. */
export function kolmogorovSmirnov(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let ahead = 0;
  let largest = 0;
  for (let at = 0; at < p.length; at++) {
    ahead += q[at]! - p[at]!;
    largest = Math.max(largest, Math.abs(ahead));
  }
  return largest;
}
