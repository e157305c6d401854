/** What one entry of `metrics` finds on a page, what comes of it, and what keeps it from finding more. */
import type { MetricInput } from '../config/config.ts';
import type { Rule } from '../core/rule.ts';
import { identityNotes, otherEntryNotes } from './identity.ts';
import { joinedVersions, sharingNotes, unusable } from './joined.ts';
import type { Match } from './matches.ts';
import { missingParts } from './missing-parts.ts';
import type { PageNames } from './not-found.ts';
import { modelText } from './spelling.ts';
import type { Taking } from './takings.ts';
import { dropNotes, valueText } from './value-text.ts';

export interface Finding {
  readonly matches: readonly Match[];
  /** A line for each model version that comes out of it. */
  readonly versions: readonly string[];
  /** Why nothing will come of it; empty where something will. */
  readonly problems: readonly string[];
  /** What may surprise. */
  readonly notes: readonly string[];
}

export interface FindingOptions {
  readonly matches: readonly Match[];
  readonly taking: Taking;
  readonly names: PageNames;
  /** Of all entries. */
  readonly rules: readonly Rule[];
  /** The label that names the model. */
  readonly modelLabel: string;
}

export function findingOf(
  input: MetricInput,
  { matches, taking, names, rules, modelLabel }: FindingOptions,
): Finding {
  const missing = missingParts(input.from.settings.kind, matches, names);
  if (missing.problems.length > 0) return { matches, versions: [], ...missing };

  const identity = identityNotes(matches, modelLabel);
  const others = otherEntryNotes(input, matches, rules);
  const joined = joinedVersions(input, matches);
  if (joined.length === 0) {
    const why = [...identity, ...others.notes];
    // What another entry has is not lost.
    if (others.taken) return { matches, versions: [], problems: [], notes: [...missing.notes, ...why] };
    return { matches, versions: [], problems: why, notes: missing.notes };
  }

  const useless = joined.map((version) => unusable(input, version));
  const isUseless = useless.every((text) => text !== null);
  return {
    matches,
    versions: taking.versions.map((version) => `${modelText(version.model)} ${valueText(input, version)}`),
    problems: isUseless ? useless : [],
    notes: [
      ...missing.notes,
      ...identity,
      ...others.notes,
      ...sharingNotes(input, joined),
      ...(isUseless ? [] : useless.filter((text) => text !== null)),
      ...dropNotes(taking.dropped),
    ],
  };
}
