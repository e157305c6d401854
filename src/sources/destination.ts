/**
 * Where one series of a target goes: which entries of `metrics` take it, as what, and which model version it speaks of. A
 * pure function of its labels; the router asks it once per series.
 */
import type { Identity } from '../config/config.ts';
import type { ModelVersion } from '../core/signal.ts';
import type { Entries, Taker } from './entries.ts';
import { modelOf } from './entries.ts';
import type { PageFormat } from './formats/format.ts';
import type { Relabeling } from './relabel.ts';

/** What decides where the series of one target go. */
export interface SeriesRules {
  readonly entries: Entries;
  readonly identity: Identity;
  /** `job`, `instance` and the labels of the config. */
  readonly targetLabels: ReadonlyMap<string, string>;
  readonly relabeling: Relabeling | null;
}

export type Destination =
  /** No entry takes it, or relabelling has dropped it. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'no_model' | 'bad_name'; readonly takers: readonly Taker[] }
  | {
      readonly kind: 'model';
      readonly model: ModelVersion;
      /** All whose selector fits. */
      readonly takers: readonly Taker[];
      /** Those of them that have this model: the first entry of a name whose `models` fit. */
      readonly joined: readonly Taker[];
      /** Its labels after relabelling. */
      readonly labels: ReadonlyMap<string, string>;
    };

const NOWHERE: Destination = { kind: 'nowhere' };

/** `key` is one of the format's. */
export function destinationOf(
  { format, key }: { format: PageFormat; key: Buffer },
  rules: SeriesRules,
): Destination {
  const { entries, identity, relabeling, targetLabels } = rules;
  // The name alone is cheap, and enough to see that nobody wants the series.
  if (relabeling === null && takersOf(format.nameOf(key), entries).length === 0) return NOWHERE;

  const own = format.labelsOf(key);
  const labels = relabeled(own, rules);
  // Relabelling may have taken its name.
  const name = labels?.get('__name__') ?? '';
  if (labels === null || name === '') return NOWHERE;
  const all =
    relabeling === null ? { get: (label: string) => own.get(label) ?? targetLabels.get(label) } : labels;
  const takers = takersOf(name, entries).filter(({ selector }) => selector.matches(all));
  if (takers.length === 0) return NOWHERE;

  const model = modelOf(all, identity);
  if (typeof model === 'string') return { kind: model, takers };
  const joined = takers.filter(({ input }) => entries.judgeOf(input.metric, model.name) === input.entry);
  return { kind: 'model', model, takers, joined, labels };
}

/** A series' own labels after `metric_relabel_configs`, which see the target's too; null where they drop it. */
export function relabeled(
  own: ReadonlyMap<string, string>,
  { relabeling, targetLabels }: SeriesRules,
): ReadonlyMap<string, string> | null {
  return relabeling === null ? own : relabeling.apply(new Map([...targetLabels, ...own]));
}

function takersOf(name: string, { byName, anyName }: Entries): readonly Taker[] {
  const named = byName.get(name);
  if (anyName.length === 0) return named ?? [];
  return named ? [...named, ...anyName] : anyName;
}
