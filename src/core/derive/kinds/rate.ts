/** `rate`: how much counters grow per second, all series together. Raw, reset-corrected deltas: nothing is extrapolated. */
import type { CountingKind } from '../counting-kind.ts';
import { countAt } from '../counting-kind.ts';
import type { RateSettings } from '../settings.ts';

const VALUE = 0;

export const rate: CountingKind<RateSettings> = {
  kind: 'rate',
  groupSize: 1,
  placeOf: () => ({ group: 'value', key: VALUE }),
  isMonotone: () => true,
  prefersClassic: () => false,
  takesNative: false,
  whole: null,
  perTime: true,
  countOf: (counted) => countAt(counted, VALUE),
  valueOf: (closing) => (closing.seconds > 0 ? countAt(closing, VALUE) / closing.seconds : null),
};
