/** The first value of a model version, or why there is none yet; and what was dropped, in words. */
import type { MetricInput } from '../config/config.ts';
import type { CountingSettings } from '../core/derive/settings.ts';
import type { DropReason } from '../core/world.ts';
import { spanText } from './spelling.ts';
import type { VersionTaking } from './takings.ts';

const NAMES: { readonly [Kind in CountingSettings['kind']]: string } = {
  rate: 'a rate',
  ratio: 'a ratio',
  mean: 'a mean',
  histogram_quantile: 'a quantile',
  histogram: 'a distance',
};

export function valueText({ from: { settings } }: MetricInput, { value }: VersionTaking): string {
  if (value !== null) return `is ${value}`;
  if (settings.kind === 'gauge') return 'has no value';
  return `has no value yet: ${NAMES[settings.kind]} needs ${needsOf(settings)}`;
}

function needsOf(settings: CountingSettings): string {
  const keys = [
    ...(settings.windowMs > 0 ? [`window: ${spanText(settings.windowMs)}`] : []),
    ...(settings.minCount > 1 ? [`min_count: ${settings.minCount}`] : []),
  ];
  const detail = keys.length > 0 ? ` (${keys.join(', ')})` : '';
  if (settings.kind !== 'histogram' || settings.reference.kind === 'file') return `two scrapes${detail}`;
  const { kind, ms } = settings.reference;
  return `its reference first (${[`${kind}: ${spanText(ms)}`, ...keys].join(', ')})`;
}

const DROPS: { readonly [Reason in DropReason]?: (count: string) => string } = {
  non_finite: (count) => `${count} not a finite number (non_finite)`,
  stale_marker: (count) => `${count} a staleness marker (stale_marker)`,
  future: (count) => `${count} more than 5m ahead of this machine's clock (future)`,
  late: (count) => `${count} older than one before it (late)`,
  duplicate: (count) => `${count} there twice (duplicate)`,
  max_signals: (count) => `${count} of a signal too many (limits.max_signals)`,
  max_series: (count) => `${count} of a series too many (limits.max_series)`,
};

/** What is not told elsewhere, in the order of the reasons above. */
export function dropNotes(dropped: ReadonlyMap<DropReason, number>): string[] {
  return (Object.keys(DROPS) as DropReason[]).flatMap((reason) => {
    const count = dropped.get(reason) ?? 0;
    if (count === 0) return [];
    return [`dropped: ${DROPS[reason]!(count === 1 ? '1 sample is' : `${count} samples are`)}`];
  });
}
