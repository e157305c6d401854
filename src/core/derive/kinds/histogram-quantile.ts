/** `histogram_quantile`: a quantile of what was observed in a window, from classic or native histograms. */
import type { CountingKind } from '../counting-kind.ts';
import { classicQuantile } from '../histogram/classic-quantile.ts';
import { histogramOf, observationsOf } from '../histogram/counted.ts';
import { nativeQuantile } from '../histogram/native-quantile.ts';
import type { QuantileSettings } from '../settings.ts';

export const histogramQuantile: CountingKind<QuantileSettings> = {
  kind: 'histogram_quantile',
  groupSize: null,
  placeOf: () => ({ group: 'buckets', key: 0 }),
  isMonotone: () => true,
  prefersClassic: () => false,
  takesNative: true,
  whole: null,
  perTime: false,
  countOf: observationsOf,
  valueOf(closing) {
    const { quantile } = closing.settings;
    const histogram = histogramOf(closing);
    return histogram.kind === 'native'
      ? nativeQuantile(quantile, histogram)
      : classicQuantile(quantile, histogram.bounds, histogram.cumulative);
  },
};
