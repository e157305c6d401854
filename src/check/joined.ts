/** The series of an entry by the model version that they speak of, and whether they are enough for a value. */
import type { MetricInput } from '../config/config.ts';
import type { Role } from '../core/derive/settings.ts';
import type { ModelVersion } from '../core/signal.ts';
import { boundOf } from '../sources/series-identity.ts';
import type { Match } from './matches.ts';
import { nameOf } from './matches.ts';
import type { PageSeries } from './page.ts';
import { modelText, printable } from './spelling.ts';

export interface JoinedVersion {
  readonly model: ModelVersion;
  readonly series: ReadonlyMap<Role, readonly PageSeries[]>;
  readonly matches: readonly Match[];
}

export function joinedVersions({ entry }: MetricInput, matches: readonly Match[]): JoinedVersion[] {
  const versions = new Map<string, { model: ModelVersion; series: Map<Role, PageSeries[]> }>();
  for (const { role, series } of matches) {
    for (const one of series) {
      const { destination } = one;
      if (destination.kind !== 'model') continue;
      if (!destination.joined.some((taker) => taker.input.entry === entry)) continue;
      const key = JSON.stringify([destination.model.name, destination.model.version]);
      let version = versions.get(key);
      if (!version) {
        version = { model: destination.model, series: new Map() };
        versions.set(key, version);
      }
      const list = version.series.get(role);
      if (list) list.push(one);
      else version.series.set(role, [one]);
    }
  }
  return [...versions.values()].map((version) => ({ ...version, matches }));
}

/** Several gauges of one model version, of which one is taken. */
export function sharingNotes(
  { from: { settings } }: MetricInput,
  versions: readonly JoinedVersion[],
): string[] {
  if (settings.kind !== 'gauge' || settings.aggregate !== null) return [];
  return versions.flatMap(({ model, series }) => {
    const count = series.get('value')?.length ?? 0;
    if (count < 2) return [];
    return [
      `matched ${count} series of one model version, ${modelText(model)}: the first has it, the others are dropped ` +
        '(duplicate_series); choose aggregate (avg, min, max or sum), or select one of them by its labels',
    ];
  });
}

/** Why a model version never gets a value from what is there; null where it may. */
export function unusable({ from: { settings } }: MetricInput, version: JoinedVersion): string | null {
  const { series } = version;
  const has = (role: Role) => (series.get(role)?.length ?? 0) > 0;
  const who = modelText(version.model);
  if (has('native')) return null;
  switch (settings.kind) {
    case 'gauge':
    case 'rate':
      return null;
    case 'ratio':
      return has('denominator') ? null : `${who} has a numerator, but no denominator`;
    case 'mean':
      return has('sum') && has('count')
        ? null
        : `${who} has a ${has('sum') ? 'sum, but no count' : 'count, but no sum'}`;
    case 'histogram_quantile':
    case 'histogram': {
      const name = printable(nameOf(version.matches.find(({ role }) => role === 'bucket')!.selector)!);
      const bounds = (series.get('bucket') ?? []).map(({ labels }) => boundOf(labels!));
      if (bounds.every(Number.isNaN)) return `${who}: ${name} has no label "le" with a number`;
      return bounds.includes(Infinity)
        ? null
        : `${who}: ${name} has no bucket le="+Inf", so it tells no distribution`;
    }
  }
}
