/** What an entry's `from` is in PromQL: one value for each model version. */
import type { MetricSource, ScrapeConfig, Selector } from '../config/config.ts';
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
import { namingsOf, withOwnLabels, withVersion } from './identity.ts';
import type { Models } from './models.ts';
import { modelMatchers } from './models.ts';
import { isPerScrape, rangeMs } from './pace.ts';
import { indent, promDuration, selectorText } from './promql.ts';

/** All that PromQL has; not distances. */
export type Sayable = GaugeSettings | RateSettings | RatioSettings | MeanSettings | QuantileSettings;

export interface ValueOptions {
  readonly takes: MetricSource['takes'];
  /** That may have them. */
  readonly jobs: readonly ScrapeConfig[];
  readonly models: Models;
  readonly scrapeMs: number;
  readonly sampleMs: number;
}

/** An instant selector sees no sample that is older. */
const LOOKBACK_MS = 300_000;

/** NaN and infinities never enter an average; both comparisons are false for NaN. */
const FINITE = '> -Inf < +Inf';

export function inputExpression(settings: Sayable, options: ValueOptions): string {
  return withVersion(derived(settings, options));
}

function derived(settings: Sayable, options: ValueOptions): string {
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

function gaugeOf({ aggregate }: GaugeSettings, options: ValueOptions): string {
  // While the newest scrape is not stored yet, the one before must be seen.
  const backMs = 2 * options.scrapeMs;
  const last = (series: string) =>
    backMs <= LOOKBACK_MS ? series : `last_over_time(${series}[${promDuration(backMs)}])`;
  const how = aggregate ?? 'avg';
  return aggregated(takenAs(options, 'value'), options, {
    how,
    each: (series) => `${last(series)} ${FINITE}`,
  });
}

function rateOf(settings: RateSettings, options: ValueOptions): string {
  const sum = summed(options, 'value');
  return settings.minCount === 0 ? sum : `(${sum} ${atLeast(settings, options)})`;
}

function ratioOf(settings: RatioSettings, options: ValueOptions): string {
  const whole = summed(options, 'denominator');
  const part = `(\n${indent(`${summed(options, 'numerator')}\nor 0 * ${whole}`)}\n)`;
  return `${part}\n/ (${whole} ${atLeast(settings, options)})`;
}

function meanOf(settings: MeanSettings, options: ValueOptions): string {
  const sums = summedNative('histogram_sum', options);
  const nativeCounts = `(${summedNative('histogram_count', options)} ${atLeast(settings, options)})`;
  const counts = `(${summed(options, 'count')} ${atLeast(settings, options)})`;
  return either(`${sums}\n/ ${nativeCounts}`, `${summed(options, 'sum')}\n/ ${counts}`);
}

function quantileOf(settings: QuantileSettings, options: ValueOptions): string {
  const { quantile, minCount } = settings;
  const classic = `histogram_quantile(${quantile}, ${summed(options, 'bucket', ['le'])})`;
  const forms = [
    { quantiles: nativeQuantile(settings, options), counts: summedNative('histogram_count', options) },
    { quantiles: classic, counts: summedSeries(options, countOf(options)) },
  ];
  const said = forms.map(({ quantiles, counts }) => {
    // Without any observation it is NaN, which is dropped anyway.
    return minCount <= 1 ? quantiles : `${quantiles}\nand ${counts} ${atLeast(settings, options)}`;
  });
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
  return aggregated(series, options, { how: 'sum', each: rateOfEach(options), by });
}

/** Prometheus 2.42 loses native histograms where labels are replaced, so they are numbers before that. */
function nativeQuantile({ quantile }: QuantileSettings, options: ValueOptions): string {
  const each = (series: string, { model, version }: Naming) =>
    `histogram_quantile(${quantile}, sum by (${model}, ${version}) (${nativeRate(series, options)}))`;
  return aggregated(takenAs(options, 'native'), options, { how: 'max', each });
}

/** Of each series by itself, for the same reason. */
function summedNative(part: 'histogram_sum' | 'histogram_count', options: ValueOptions): string {
  const each = (series: string) => `${part}(${nativeRate(series, options)})`;
  return aggregated(takenAs(options, 'native'), options, { how: 'sum', each });
}

/** Prometheus 2.42 has no irate() of native histograms. */
function nativeRate(series: string, options: ValueOptions): string {
  return `rate(${ranged(series, options)})`;
}

function rateOfEach(options: ValueOptions): (series: string) => string {
  const rate = isPerScrape(options) ? 'irate' : 'rate';
  return (series) => `${rate}(${ranged(series, options)})`;
}

function ranged(series: string, options: ValueOptions): string {
  return `${series}[${promDuration(rangeMs(options))}]`;
}

/** All series of a model version as one, whatever labels their jobs name it by. */
function aggregated(
  series: Selector,
  { jobs, models }: ValueOptions,
  {
    how,
    each,
    by = [],
  }: {
    readonly how: string;
    readonly each: (series: string, naming: Naming) => string;
    readonly by?: readonly string[];
  },
): string {
  const forms = namingsOf(series, jobs).map((naming) => {
    const matchers = [...series.matchers, ...naming.matchers, ...modelMatchers(models, naming.model)];
    return withOwnLabels(naming, each(selectorText(matchers), naming));
  });
  const all = forms.join('\nor\n');
  return `${how} by (${[...by, 'model', 'version'].join(', ')}) (${all.includes('\n') ? `\n${indent(all)}\n` : all})`;
}

function takenAs({ takes }: ValueOptions, role: Role): Selector {
  const take = takes.find((one) => one.role === role);
  if (!take) throw new Error(`an entry takes nothing as ${role}`);
  return take.selector;
}

function scaled({ scale }: Sayable, expression: string): string {
  return scale === 1 ? expression : `${scale} * ${expression}`;
}
