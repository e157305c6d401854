/** What an expression is made of, read with the grammar of Prometheus' own editor. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Parsed {
  /** Where the grammar was not met. */
  readonly errors: readonly string[];
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels of `by`, `on`, `ignoring`, `group_left`. */
  readonly groupings: readonly string[];
}

export function parsePromQL(expression: string): Parsed {
  const errors: string[] = [];
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, type, from, to, node }) {
      const text = expression.slice(from, to);
      if (type.isError) errors.push(`at ${from} of ${expression}`);
      if (name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') selectors.at(-1)!.metric = text;
      if (name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') groupings.push(text);
      else selectors.at(-1)!.labels.push(text);
    },
  });
  return { errors, selectors, groupings };
}
