/** A PromQL expression as Prometheus' own grammar reads it: whether it parses, and which metrics and labels it names. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Expression {
  /** Where the grammar stumbles; null where it parses. */
  readonly error: string | null;
  /** Each selector's metric, and the labels that it matches. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** The labels of `by`, `without`, `on`, `ignoring` and `group_*`. */
  readonly grouping: readonly string[];
}

export function readExpression(text: string): Expression {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  let error: string | null = null;
  let inGrouping = false;
  parser.parse(text).iterate({
    enter({ name, type, from, to }) {
      const word = text.slice(from, to);
      if (type.isError) error ??= `at ${from}, near ${JSON.stringify(text.slice(from, from + 20))}: ${text}`;
      if (name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      if (name === 'Identifier') selectors.at(-1)!.metric = word;
      if (name === 'GroupingLabels') inGrouping = true;
      if (name === 'LabelName') (inGrouping ? grouping : selectors.at(-1)!.labels).push(word);
    },
    leave({ name }) {
      if (name === 'GroupingLabels') inGrouping = false;
    },
  });
  return { error, selectors, grouping };
}
