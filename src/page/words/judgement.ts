/** A signal against its threshold, in one line. */
import { viewOf } from '../../core/detectors/index.ts';
import { EMA } from '../../core/signal.ts';
import type { Signal } from '../../core/world.ts';
import { formatPair } from './format.ts';

/** `0.612 < 0.85` where it breaches, `0.93 ≥ 0.85` where it does not. */
export function judgementOf({ record, rule }: Signal): string {
  const { bound, threshold } = viewOf(rule.detector, record);
  const ema = record[EMA]!;
  const [left, right] = formatPair(ema, threshold);
  if (bound === 'below') return `${left} ${ema < threshold ? '<' : '≥'} ${right}`;
  return `${left} ${ema > threshold ? '>' : '≤'} ${right}`;
}
