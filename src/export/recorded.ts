/** How the rules of an entry read what they have recorded: only their own, whatever other configs record under the same name. */
import type { Entry } from './entry.ts';
import { promDuration, selectorText } from './promql.ts';

export function recorded(
  { jobs }: Entry,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): string {
  const wanted = { __name__: name, ...labels, jobs };
  return selectorText(
    Object.entries(wanted).map(([label, value]) => ({ label, operator: '=' as const, value })),
  );
}

/** Even where the last evaluation had nothing to record. */
export function newest(entry: Entry, name: string): string {
  return `last_over_time(${recorded(entry, name)}[${promDuration(entry.memoryMs)}])`;
}
