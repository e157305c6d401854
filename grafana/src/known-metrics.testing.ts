/** Every sample name that our page can show, with its labels: the table's, and those of prom-client that we serve. */
import { createProcessMetrics } from '../../src/metrics/process.ts';
import { FAMILIES } from '../../src/metrics/table.ts';

/** What Prometheus adds to each series that it scrapes. */
export const TARGET_LABELS = ['job', 'instance'];

export async function knownMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>();
  const add = (name: string, type: string, labels: readonly string[]) => {
    if (type !== 'histogram') return known.set(name, labels);
    known.set(`${name}_bucket`, [...labels, 'le']);
    known.set(`${name}_sum`, labels);
    return known.set(`${name}_count`, labels);
  };
  for (const { name, type, labels } of FAMILIES) add(name, type, labels);
  for (const { name, type, values } of await createProcessMetrics().read()) {
    const labels = new Set(values.flatMap((value) => Object.keys(value.labels)));
    labels.delete('le');
    add(name, type, [...labels]);
  }
  return known;
}
