/** The kinds that count. Adding one is one file beside this and one line here. */
import type { CountingKind } from '../counting-kind.ts';
import type { CountingSettings } from '../settings.ts';
import { histogram } from './histogram.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { mean } from './mean.ts';
import { rate } from './rate.ts';
import { ratio } from './ratio.ts';

type KindOf<Kind> = CountingKind<Extract<CountingSettings, { readonly kind: Kind }>>;

const KINDS: { readonly [Kind in CountingSettings['kind']]: KindOf<Kind> } = {
  rate,
  ratio,
  mean,
  histogram_quantile: histogramQuantile,
  histogram,
};

export function kindOf({ kind }: CountingSettings): CountingKind {
  return KINDS[kind] as CountingKind;
}
