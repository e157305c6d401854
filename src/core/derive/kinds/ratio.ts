/** `ratio`: what two kinds of counters have counted in the same window. An absent numerator beside a denominator is 0. */
import type { CountingKind } from '../counting-kind.ts';
import { countAt } from '../counting-kind.ts';
import type { RatioSettings, Role } from '../settings.ts';

const NUMERATOR = 0;
const DENOMINATOR = 1;

const isNumerator = (role: Role) => role === 'numerator' || role === 'numerator_start';

export const ratio: CountingKind<RatioSettings> = {
  kind: 'ratio',
  groupSize: 1,
  placeOf: (role) =>
    isNumerator(role) ? { group: 'numerator', key: NUMERATOR } : { group: 'denominator', key: DENOMINATOR },
  isMonotone: () => true,
  prefersClassic: () => false,
  takesNative: false,
  whole: DENOMINATOR,
  perTime: false,
  countOf: (counted) => countAt(counted, DENOMINATOR),
  valueOf(closing) {
    const denominator = countAt(closing, DENOMINATOR);
    return denominator > 0 ? countAt(closing, NUMERATOR) / denominator : null;
  },
};
