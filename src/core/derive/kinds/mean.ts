/** `mean`: the average observation of a window, from the sums and counts of histograms (native ones too) and summaries. */
import type { CountingKind } from '../counting-kind.ts';
import { countAt } from '../counting-kind.ts';
import type { MeanSettings } from '../settings.ts';

const SUM = 0;
const COUNT = 1;

export const mean: CountingKind<MeanSettings> = {
  kind: 'mean',
  groupSize: 2,
  placeOf: (role) => ({ group: 'mean', key: role === 'sum' ? SUM : COUNT }),
  // Observations may be negative: only the count tells a reset.
  isMonotone: (key) => key === COUNT,
  prefersClassic: () => false,
  takesNative: true,
  whole: null,
  perTime: false,
  countOf: (counted) => countAt(counted, COUNT) + (counted.native?.count ?? 0),
  valueOf(closing) {
    const count = countAt(closing, COUNT) + (closing.native?.count ?? 0);
    return count > 0 ? (countAt(closing, SUM) + (closing.native?.sum ?? 0)) / count : null;
  },
};
