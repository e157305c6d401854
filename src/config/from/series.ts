/** The series that a derivation takes, made from the selectors that people write. */
import { parseSelector } from '../../selector/parse.ts';
import type { LabelMatcher, Selector, Take } from '../config.ts';

/** Throws where the text is none: validation has let none through. */
export function selectorOf(text: string): Selector {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(`a selector came through validation that is none: ${parsed.message}`);
  return parsed.selector;
}

/** The metric name where the selector says exactly that one, else null. */
export function exactName({ matchers }: Selector): string | null {
  const [first, second] = matchers.filter(isName);
  return first?.operator === '=' && second === undefined ? first.value : null;
}

/** The same labels under another metric name. The selector must have an exact name. */
export function withName({ matchers }: Selector, name: string): Selector {
  const renamed = matchers.map((matcher) => (isName(matcher) ? { ...matcher, value: name } : matcher));
  const inside = renamed.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
  return { text: `{${inside.join(',')}}`, matchers: renamed };
}

/** The series of a histogram or summary that has this suffix; none, and it is the native histogram. */
export function seriesOf(base: string, suffix = ''): Selector {
  const selector = selectorOf(base);
  const name = exactName(selector);
  if (name === null) throw new Error(`a base name came through validation that is none: ${base}`);
  return withName(selector, name + suffix);
}

/** What tells the distribution of a histogram, classic or native. */
export function bucketsOf(base: string): readonly Take[] {
  return [
    { role: 'bucket', selector: seriesOf(base, '_bucket') },
    { role: 'native', selector: seriesOf(base) },
    { role: 'start', selector: seriesOf(base, '_created') },
  ];
}

/** Where a counter says when it began, as OpenMetrics names it: `x_created` for `x_total`. None where any name fits. */
export function startsOf(counter: Selector): readonly Selector[] {
  const name = exactName(counter);
  return name === null ? [] : [withName(counter, `${name.replace(/_total$/, '')}_created`)];
}

function isName({ label }: LabelMatcher): boolean {
  return label === '__name__';
}
