/** The pulled entries of `metrics`, ready to be asked which of them take a series, as what, and which model version it speaks of. */
import type { Identity, MetricInput } from '../config/config.ts';
import type { Role } from '../core/derive/settings.ts';
import { matchesAnyGlob } from '../core/glob.ts';
import type { Rule } from '../core/rule.ts';
import type { ModelVersion } from '../core/signal.ts';
import type { CompiledSelector, Labels } from '../selector/match.ts';
import { compileSelector } from '../selector/match.ts';

/** The pulled entries of a config, with their selectors compiled; shared by all targets. */
export interface Entries {
  /** What takes one metric name only, by it. */
  readonly byName: ReadonlyMap<string, readonly Taker[]>;
  readonly anyName: readonly Taker[];
  /** Whether any of them takes native histograms. */
  readonly wantsNative: boolean;
  /** The one entry that judges a metric of a model: the first of that name whose globs fit; undefined where none does. */
  judgeOf(metric: string, model: string): number | undefined;
}

/** One of the selectors of an entry. */
export interface Taker {
  readonly input: MetricInput;
  readonly role: Role;
  readonly selector: CompiledSelector;
}

export function compileEntries(inputs: readonly MetricInput[], rules: readonly Rule[]): Entries {
  const takers = inputs.flatMap((input) =>
    input.from.takes.map(
      ({ role, selector }): Taker => ({ input, role, selector: compileSelector(selector) }),
    ),
  );
  const named = takers.filter(({ selector }) => selector.name !== null);
  return {
    byName: Map.groupBy(named, ({ selector }) => selector.name!),
    wantsNative: takers.some(({ role }) => role === 'native'),
    anyName: takers.filter(({ selector }) => selector.name === null),
    judgeOf: (metric, model) =>
      rules.find((rule) => rule.metric === metric && matchesAnyGlob(rule.models, model))?.entry,
  };
}

const MAX_NAME_BYTES = 1024;

/** The model version that the labels name, or why they name none. */
export function modelOf(labels: Labels, identity: Identity): ModelVersion | 'no_model' | 'bad_name' {
  const name = labels.get(identity.model) ?? '';
  if (name === '') return 'no_model';
  // An empty version is no version.
  const version = labels.get(identity.version) || 'none';
  return isName(name) && isName(version) ? { name, version } : 'bad_name';
}

function isName(name: string): boolean {
  return name.isWellFormed() && Buffer.byteLength(name) <= MAX_NAME_BYTES;
}
