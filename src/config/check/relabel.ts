/** Checks of `metric_relabel_configs`: which keys each action needs and refuses, and what may stand in them, as in Prometheus. */
import type { Finding, Path } from '../problem.ts';
import { quote } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { RawRelabelConfig } from '../schema/relabel.ts';
import {
  anyLabelNameFault,
  labelTemplateFault,
  RELABEL_DEFAULTS,
  type RelabelAction,
  relabelActionOf,
} from '../values/relabel.ts';
import { entriesOf, isWritten } from './reading.ts';

type Rule = Readable<RawRelabelConfig>;
type Key = keyof RawRelabelConfig;

export function checkRelabelConfigs(
  rules: readonly (Rule | undefined)[] | undefined,
  path: Path,
): readonly Finding[] {
  return entriesOf(rules).flatMap(({ entry, index }) => checkRule(entry, [...path, index]));
}

function checkRule(rule: Rule, path: Path): readonly Finding[] {
  if (isWritten(rule, 'action') && rule.action === undefined) return [];
  const action = relabelActionOf(rule.action ?? RELABEL_DEFAULTS.action);
  switch (action) {
    case undefined:
    case 'keep':
    case 'drop':
      return [];
    case 'replace':
      return checkTarget(rule, { path, action });
    case 'lowercase':
    case 'uppercase':
      return [...checkTarget(rule, { path, action }), ...refuseReplacement(rule, { path, action })];
    case 'hashmod':
      return [...checkTarget(rule, { path, action }), ...checkModulus(rule, path)];
    case 'keepequal':
    case 'dropequal': {
      const expected = `source_labels and target_label only for the action ${action}`;
      return [
        ...checkTarget(rule, { path, action }),
        ...refuse(rule, ['separator', 'regex', 'modulus', 'replacement'], { path, expected }),
      ];
    }
    case 'labelmap':
      return checkNewNames(rule, path);
    case 'labeldrop':
    case 'labelkeep': {
      const expected = `regex only for the action ${action}`;
      return refuse(rule, ['source_labels', 'separator', 'target_label', 'modulus', 'replacement'], {
        path,
        expected,
      });
    }
  }
}

const TEMPLATE = `a label name, where $1, \${1} and \${name} may stand for groups of the regex`;

function checkTarget(
  rule: Rule,
  { path, action }: { path: Path; action: RelabelAction },
): readonly Finding[] {
  const { target_label: target } = rule;
  const at = [...path, 'target_label'];
  if (!isWritten(rule, 'target_label')) {
    return [{ path: at, message: `expected a label name for the action ${action}, found nothing` }];
  }
  if (target === undefined) return [];
  const isTemplate = action === 'replace' && target.includes('$');
  const fault = isTemplate ? labelTemplateFault(target) : anyLabelNameFault(target);
  if (fault === null) return [];
  const expected = isTemplate ? TEMPLATE : 'a label name of letters, digits and _';
  return [{ path: at, message: `expected ${expected}, found ${quote(target)}` }];
}

function checkNewNames(rule: Rule, path: Path): readonly Finding[] {
  const { replacement } = rule;
  if (replacement === undefined || labelTemplateFault(replacement) === null) return [];
  return [
    {
      path: [...path, 'replacement'],
      message: `expected ${TEMPLATE}, found ${quote(replacement)}`,
    },
  ];
}

function checkModulus(rule: Rule, path: Path): readonly Finding[] {
  if (isWritten(rule, 'modulus')) return [];
  return [
    { path: [...path, 'modulus'], message: 'expected a modulus for the action hashmod, found nothing' },
  ];
}

function refuseReplacement(
  { replacement }: Rule,
  { path, action }: { path: Path; action: RelabelAction },
): readonly Finding[] {
  if (replacement === undefined || replacement === RELABEL_DEFAULTS.replacement) return [];
  return [
    {
      path: [...path, 'replacement'],
      message: `expected no replacement for the action ${action}, found ${quote(replacement)}`,
    },
  ];
}

/** What Prometheus prints of a config names every default, so that one may stand where nothing else may. */
function refuse(
  rule: Rule,
  keys: readonly Key[],
  { path, expected }: { path: Path; expected: string },
): readonly Finding[] {
  const defaults: Readonly<Partial<Record<Key, string>>> = RELABEL_DEFAULTS;
  const found = keys.find((key) => isWritten(rule, key) && rule[key] !== defaults[key]);
  if (found === undefined) return [];
  return [{ path: [...path, found], message: `expected ${expected}, found ${found}`, atKey: true }];
}
