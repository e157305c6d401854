/** Series that an entry takes and that still come to nothing: they name no model, or one that another entry has. */
import type { MetricInput } from '../config/config.ts';
import { matchesAnyGlob } from '../core/glob.ts';
import type { Rule } from '../core/rule.ts';
import type { Match } from './matches.ts';
import type { PageSeries } from './page.ts';
import { printable } from './spelling.ts';

const MAX_LISTED = 8;
/** They tell parts of one histogram or summary apart, no models. */
const PARTS: ReadonlySet<string> = new Set(['__name__', 'le', 'quantile']);

export function identityNotes(matches: readonly Match[], modelLabel: string): string[] {
  const all = seriesOf(matches);
  const notes: string[] = [];
  const nameless = all.filter(({ destination }) => destination.kind === 'no_model');
  if (nameless.length > 0) {
    const labels = new Set(nameless.flatMap(({ labels }) => [...(labels?.keys() ?? [])]));
    const carried = [...labels].filter((label) => !PARTS.has(label)).sort();
    const they = carried.length > 0 ? `they carry ${listed(carried)}` : 'they carry no label at all';
    const near = carried.find((label) => /model/i.test(label));
    const hint = near === undefined ? '' : `; did you mean identity: {model: ${printable(near)}}?`;
    const which = nameless.length === all.length ? 'the' : `${nameless.length} of ${all.length}`;
    notes.push(
      `${which} series carry no label "${printable(modelLabel)}" (identity.model), nor has the target one; ${they}${hint}`,
    );
  }
  const bad = all.filter(({ destination }) => destination.kind === 'bad_name').length;
  if (bad > 0)
    notes.push(`${bad} of ${all.length} series name a model or a version of more than 1024 bytes (bad_name)`);
  return notes;
}

/** `taken`: another entry of that name has some of them. */
export function otherEntryNotes(
  input: MetricInput,
  matches: readonly Match[],
  rules: readonly Rule[],
): { readonly notes: readonly string[]; readonly taken: boolean } {
  const models = new Set<string>();
  for (const { destination } of seriesOf(matches)) {
    if (destination.kind !== 'model') continue;
    if (!destination.joined.some((taker) => taker.input.entry === input.entry))
      models.add(destination.model.name);
  }
  const byEntry = Map.groupBy([...models].sort(), (model) => {
    const rule = rules.find((one) => one.metric === input.metric && matchesAnyGlob(one.models, model));
    return rule?.entry ?? null;
  });
  const notes = [...byEntry].map(([entry, names]) =>
    entry === null
      ? `its models are not for ${listed(names)}, and no other entry of that name is`
      : `another entry of that name, metrics[${entry}], has ${names.length > 1 ? 'the models' : 'the model'} ${listed(names)}`,
  );
  return { notes, taken: [...byEntry.keys()].some((entry) => entry !== null) };
}

/** Each once. */
function seriesOf(matches: readonly Match[]): readonly PageSeries[] {
  return [...new Set(matches.flatMap(({ series }) => series))];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map(printable).join(', ');
  return names.length > MAX_LISTED ? `${shown} and ${names.length - MAX_LISTED} more` : shown;
}
