/** Why a signal still drifts although its average is no longer beyond the threshold. */
import { viewOf } from '../../core/detectors/index.ts';
import type { Time } from '../../core/signal.ts';
import { phaseOf, SINCE } from '../../core/signal.ts';
import { isStale } from '../../core/signals.ts';
import type { Signal } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { formatNumber, formatTime } from './format.ts';
import { isBeyond } from './judgement.ts';

/** Nothing where it does not drift, or is beyond its threshold. */
export function recoveryWords(signal: Signal, now: Time): Html | null {
  const { record, rule } = signal;
  switch (phaseOf(record)) {
    case 'recovering': {
      const due = record[SINCE]! + rule.keepFiringForMs;
      // A state moves on samples only.
      if (isStale(signal, now) || due <= now) return html`recovering: waits for samples`;
      return html`recovering: ok at ${formatTime(due, now)}, if it stays so`;
    }
    case 'drifting':
      return isBeyond(signal)
        ? null
        : html`not clear before ${formatNumber(viewOf(rule.detector, record).clear)}`;
    default:
      return null;
  }
}
