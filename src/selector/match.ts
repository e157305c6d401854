/** Matching of series against selectors; each selector is compiled once, its regular expressions included. */
import type { LabelMatcher, Selector } from '../config/config.ts';
import { labelNumber } from './label-number.ts';
import { compileRegex } from './regex.ts';

/** Labels of a series by name; the metric name is `__name__`. */
export type Labels = Pick<ReadonlyMap<string, string>, 'get'>;

export interface CompiledSelector {
  /** The one metric name that can match; null where the selector does not say. */
  readonly name: string | null;
  matches(labels: Labels): boolean;
}

/** Labels whose values are numbers: formats spell one number in several ways. */
const NUMERIC_LABELS: ReadonlySet<string> = new Set(['le', 'quantile']);

/**
 * Compares as text, but `=` and `!=` on `le` and `quantile` compare numbers as numbers: `le="1"` takes the label `1.0`.
 * Throws where a regular expression is not valid: `parseSelector` has checked those of a config.
 */
export function compileSelector({ matchers }: Selector): CompiledSelector {
  const tests = matchers.map(compileMatcher);
  const name =
    matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value ?? null;
  return { name, matches: (labels) => tests.every((test) => test(labels)) };
}

/** A label that a series does not have counts as empty. */
function compileMatcher({ label, operator, value }: LabelMatcher): (labels: Labels) => boolean {
  const valueIn = (labels: Labels) => labels.get(label) ?? '';
  switch (operator) {
    case '=':
    case '!=': {
      const equals = compileEquality(label, value);
      const wanted = operator === '=';
      return (labels) => equals(valueIn(labels)) === wanted;
    }
    case '=~':
    case '!~': {
      const regex = compileRegex(value);
      if (!regex.ok) throw new TypeError(regex.message);
      const wanted = operator === '=~';
      return (labels) => regex.matches(valueIn(labels)) === wanted;
    }
  }
}

function compileEquality(label: string, wanted: string): (value: string) => boolean {
  const number = NUMERIC_LABELS.has(label) ? labelNumber(wanted) : null;
  if (number === null) return (value) => value === wanted;
  return (value) => value === wanted || labelNumber(value) === number;
}
