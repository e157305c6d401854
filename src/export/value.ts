/** What an entry's `from` is in PromQL: one value for each model version, under the labels that name them in the scrape. */
import type { LabelMatcher, MetricSource, Selector } from '../config/config.ts';
import { exactName, withName } from '../config/from/series.ts';
import type {
  GaugeSettings,
  MeanSettings,
  QuantileSettings,
  RateSettings,
  RatioSettings,
  Role,
  Windowed,
} from '../core/derive/settings.ts';
import type { Naming } from './identity.ts';
import { indent, promDuration, selectorText } from './promql.ts';

/** All that PromQL has; not distances. */
export type Sayable = GaugeSettings | RateSettings | RatioSettings | MeanSettings | QuantileSettings;

export interface ValueOptions {
  readonly takes: MetricSource['takes'];
  readonly naming: Naming;
  /** Which models. */
  readonly models: readonly LabelMatcher[];
  readonly scrapeMs: number;
  readonly sampleMs: number;
}

/** An instant selector sees no sample that is older. */
export const LOOKBACK_MS = 300_000;

/** NaN and infinities never enter an average; both comparisons are false for NaN. */
const FINITE = '> -Inf < +Inf';

export function inputExpression(settings: Sayable, options: ValueOptions): string {
  switch (settings.kind) {
    case 'gauge':
      return scaled(settings, gaugeOf(settings, options));
    case 'rate':
      return `${scaled(settings, rateOf(settings, options))}\n${FINITE}`;
    case 'ratio':
      return `${scaled(settings, ratioOf(settings, options))}\n${FINITE}`;
    case 'mean':
      return `${scaled(settings, meanOf(settings, options))}\n${FINITE}`;
    case 'histogram_quantile':
      return `${scaled(settings, quantileOf(settings, options))}\n${FINITE}`;
  }
}

/** The range of `rate`: one scrape longer than a window, so that the increase between two windows is not lost. */
export function rangeMs({ scrapeMs, sampleMs }: Pick<ValueOptions, 'scrapeMs' | 'sampleMs'>): number {
  return sampleMs + scrapeMs;
}

function gaugeOf({ aggregate }: GaugeSettings, options: ValueOptions): string {
  const series = selected(options, 'value');
  const { sampleMs } = options;
  // Where scrapes are that far apart, the last one may be older than an instant selector looks.
  const newest = sampleMs < LOOKBACK_MS ? series : `last_over_time(${series}[${promDuration(sampleMs)}])`;
  return aggregated(aggregate ?? 'avg', `${newest} ${FINITE}`, options);
}

function rateOf(settings: RateSettings, options: ValueOptions): string {
  const rate = summed(options, 'value');
  return settings.minCount === 0 ? rate : `(${rate} ${atLeast(settings, options)})`;
}

function ratioOf(settings: RatioSettings, options: ValueOptions): string {
  const whole = summed(options, 'denominator');
  const part = `(\n${indent(`${summed(options, 'numerator')}\nor 0 * ${whole}`)}\n)`;
  return `${part}\n/ (${whole} ${atLeast(settings, options)})`;
}

function meanOf(settings: MeanSettings, options: ValueOptions): string {
  const counts = `(${summed(options, 'count')} ${atLeast(settings, options)})`;
  const native = summed(options, 'native');
  const nativeCounts = `(histogram_count(${native}) ${atLeast(settings, options)})`;
  return either(`histogram_sum(${native})\n/ ${nativeCounts}`, `${summed(options, 'sum')}\n/ ${counts}`);
}

function quantileOf(settings: QuantileSettings, options: ValueOptions): string {
  const { quantile, minCount } = settings;
  const native = summed(options, 'native');
  const buckets = summed(options, 'bucket', ['le']);
  const forms = [
    { quantiles: `histogram_quantile(${quantile}, ${native})`, counts: `histogram_count(${native})` },
    {
      quantiles: `histogram_quantile(${quantile}, ${buckets})`,
      counts: summedSeries(options, countOf(options)),
    },
  ];
  // Without any observation the quantile is NaN, which is dropped anyway.
  const said = forms.map(({ quantiles, counts }) =>
    minCount <= 1 ? quantiles : `${quantiles}\nand ${counts} ${atLeast(settings, options)}`,
  );
  return either(...said);
}

/** A native histogram counts where there are both. */
function either(...forms: readonly string[]): string {
  return `(\n${indent(forms.join('\nor\n'))}\n)`;
}

function countOf(options: ValueOptions): Selector {
  const buckets = takenAs(options, 'bucket');
  return withName(buckets, exactName(buckets)!.replace(/_bucket$/, '_count'));
}

/** Rates are per second, `min_count` is per window. */
function atLeast({ minCount }: Windowed, { sampleMs }: ValueOptions): string {
  return minCount <= 1 ? '> 0' : `>= ${minCount} / ${sampleMs / 1000}`;
}

function summed(options: ValueOptions, role: Role, by: readonly string[] = []): string {
  return summedSeries(options, takenAs(options, role), by);
}

function summedSeries(options: ValueOptions, series: Selector, by: readonly string[] = []): string {
  return aggregated(
    'sum',
    `rate(${chosen(options, series)}[${promDuration(rangeMs(options))}])`,
    options,
    by,
  );
}

function aggregated(how: string, what: string, { naming }: ValueOptions, by: readonly string[] = []): string {
  return `${how} by (${[...by, naming.model, naming.version].join(', ')}) (${what})`;
}

function selected(options: ValueOptions, role: Role): string {
  return chosen(options, takenAs(options, role));
}

function chosen({ models, naming }: ValueOptions, { matchers }: Selector): string {
  return selectorText([...matchers, ...naming.matchers, ...models]);
}

function takenAs({ takes }: ValueOptions, role: Role): Selector {
  const take = takes.find((one) => one.role === role);
  if (!take) throw new Error(`an entry takes nothing as ${role}`);
  return take.selector;
}

function scaled({ scale }: Sayable, expression: string): string {
  return scale === 1 ? expression : `${scale} * ${expression}`;
}
