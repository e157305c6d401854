/**
 * Exponential moving averages. `alpha`: ema = alpha·x + (1 - alpha)·ema. `half_life`: the same with
 * alpha = 1 - 2^(-dt / half_life), Eckner's "next" form for unevenly spaced series. The first value starts both.
 */
import type { Smoothing } from './rule.ts';
import type { Time } from './signal.ts';
import { EMA, SAMPLES, TIME } from './signal.ts';

/** The next average of a record whose TIME still holds the previous sample's; `value` must be finite. */
export function nextEma(record: Float64Array, value: number, time: Time, smoothing: Smoothing): number {
  if (record[SAMPLES] === 0) return value;
  const ema = record[EMA]!;
  const alpha =
    smoothing.kind === 'alpha' ? smoothing.alpha : 1 - 2 ** (-(time - record[TIME]!) / smoothing.halfLifeMs);
  const next = alpha * value + (1 - alpha) * ema;
  // Two finite numbers near the largest double can still overflow in the sum; the state stays finite.
  return Number.isFinite(next) ? next : value;
}
