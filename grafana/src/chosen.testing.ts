/** Chosen values as Grafana's data source for Prometheus writes them into `label=~"$variable"`. */

/** Grafana's feature toggle `prometheusSpecialCharsInLabelValues`: without it double quotes stay as they are. */
export type Quoting = 'classic' | 'special characters';

export function chosen(values: readonly string[], quoting: Quoting = 'classic'): string {
  const all = values.map((value) => quoted(value, quoting));
  return all.length === 1 ? all[0]! : `(${all.join('|')})`;
}

/** Backslashes are doubled twice: for the regular expression, and for the string of PromQL that it stands in. */
function quoted(value: string, quoting: Quoting): string {
  const text = value.replace(/\\/g, '\\\\\\\\');
  const inString = quoting === 'classic' ? text : text.replace(/"/g, '\\\\\\"');
  return inString.replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}
