/** A fixed threshold on the EMA, with an own `clear` for hysteresis. Remembers nothing. */
import type { Detector } from './detector.ts';

export interface ThresholdSettings {
  readonly kind: 'threshold';
  readonly bound: 'below' | 'above';
  /** A breach lies strictly beyond it. */
  readonly threshold: number;
  /** At or past it, a drift is clear. Never beyond the threshold. */
  readonly clear: number;
}

export const threshold: Detector<ThresholdSettings> = {
  kind: 'threshold',
  slots: 0,
  judge({ bound, threshold: limit, clear }, _memory, ema) {
    if (bound === 'below') return ema < limit ? 'breach' : ema >= clear ? 'clear' : 'between';
    return ema > limit ? 'breach' : ema <= clear ? 'clear' : 'between';
  },
  view: ({ bound, threshold: limit, clear }) => ({ bound, threshold: limit, clear }),
};
