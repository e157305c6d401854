/** Words, names and texts of `metric_relabel_configs`, with their defaults. Each check returns why a text is refused (empty: there is no more to say), or null. */
import { compileRegex } from '../../selector/regex.ts';

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

export const RELABEL_DEFAULTS = {
  separator: ';',
  regex: '(.*)',
  replacement: '$1',
  action: 'replace',
} as const;

export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** Written in any case, as in Prometheus; undefined where there is none of that name. */
export function relabelActionOf(text: string): RelabelAction | undefined {
  return RELABEL_ACTIONS.find((action) => action === text.toLowerCase());
}

export function relabelActionFault(text: string): string | null {
  return relabelActionOf(text) ? null : '';
}

export const ANY_LABEL_NAME_PATTERN = '^[a-zA-Z_][a-zA-Z0-9_]*$';

const ANY_LABEL_NAME = new RegExp(ANY_LABEL_NAME_PATTERN);

/** Reserved names too: rules work on `__name__`, and keep notes in `__tmp` and the like. */
export function anyLabelNameFault(text: string): string | null {
  return ANY_LABEL_NAME.test(text) ? null : '';
}

// What `$name` without braces takes is word characters, as all that may follow it is: one of them is enough here.
const LABEL_TEMPLATE = /^(?:[a-zA-Z_]|\$\w|\$\{\w+\})(?:\w|\$\w|\$\{\w+\})*$/;

/** A label name, parts of which a regex may bring. */
export function labelTemplateFault(text: string): string | null {
  return LABEL_TEMPLATE.test(text) ? null : '';
}

export function regexFault(text: string): string | null {
  const result = compileRegex(text);
  return result.ok ? null : result.reason;
}
