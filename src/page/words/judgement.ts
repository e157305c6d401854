/** A signal against its threshold, in one line. */
import { viewOf } from '../../core/detectors/index.ts';
import { EMA } from '../../core/signal.ts';
import type { Signal } from '../../core/world.ts';
import { formatPair } from './format.ts';

/** Strictly beyond the threshold. */
export function isBeyond({ record, rule }: Signal): boolean {
  const { bound, threshold } = viewOf(rule.detector, record);
  return bound === 'below' ? record[EMA]! < threshold : record[EMA]! > threshold;
}

/** `0.612 < 0.85` where it breaches, `0.93 ≥ 0.85` where it does not. */
export function judgementOf(signal: Signal): string {
  const { record, rule } = signal;
  const { bound, threshold } = viewOf(rule.detector, record);
  const [left, right] = formatPair(record[EMA]!, threshold);
  const [beyond, within] = bound === 'below' ? ['<', '≥'] : ['>', '≤'];
  return `${left} ${isBeyond(signal) ? beyond : within} ${right}`;
}
