/** Rules of `metric_relabel_configs`, parsed: each action with the keys that it uses, whatever else was written. */
import type { RelabelConfig } from '../config.ts';
import type { RawRelabelConfig } from '../schema/relabel.ts';
import { RELABEL_DEFAULTS, relabelActionOf } from '../values/relabel.ts';

export function toRelabelConfig(raw: RawRelabelConfig): RelabelConfig {
  const source = {
    sourceLabels: raw.source_labels ?? [],
    separator: raw.separator ?? RELABEL_DEFAULTS.separator,
  };
  const regex = raw.regex ?? RELABEL_DEFAULTS.regex;
  const replacement = raw.replacement ?? RELABEL_DEFAULTS.replacement;
  const action = checked(relabelActionOf(raw.action ?? RELABEL_DEFAULTS.action));
  switch (action) {
    case 'replace':
      return { action, ...source, regex, targetLabel: checked(raw.target_label), replacement };
    case 'keep':
    case 'drop':
      return { action, ...source, regex };
    case 'keepequal':
    case 'dropequal':
    case 'lowercase':
    case 'uppercase':
      return { action, ...source, targetLabel: checked(raw.target_label) };
    case 'hashmod':
      return { action, ...source, targetLabel: checked(raw.target_label), modulus: checked(raw.modulus) };
    case 'labelmap':
      return { action, regex, replacement };
    case 'labeldrop':
    case 'labelkeep':
      return { action, regex };
  }
}

function checked<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a rule came through validation that lacks a key');
  return value;
}
