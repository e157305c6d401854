/**
 * `metric_relabel_configs`: rules that rewrite the labels of a series or drop it, with the semantics of Prometheus'
 * relabelling. A series is relabelled once, when it is first seen.
 */
import { hash } from 'node:crypto';
import type { RelabelConfig, RelabelSource } from '../config/config.ts';
import type { Regex } from '../selector/regex.ts';
import { compileRegex } from '../selector/regex.ts';
import { compileTemplate } from './capture-template.ts';
import { lowerCase, upperCase } from './letter-case.ts';

export interface Relabeling {
  /**
   * The labels of a series after all rules; null where a rule drops it, or leaves it no label at all. They may lack
   * `__name__`, or be those of another series. A label with an empty value is as good as none. Takes time linear in
   * the labels for each rule.
   */
  apply(labels: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null;
}

/** Null where there is nothing to do. Throws where a regular expression is not valid: loading a config has checked it. */
export function compileRelabeling(configs: readonly RelabelConfig[]): Relabeling | null {
  if (configs.length === 0) return null;
  const rules = configs.map(compileRule);
  return {
    apply(labels) {
      const draft = draftOf(labels);
      return rules.every((rule) => rule(draft)) && draft.labels.size > 0 ? draft.labels : null;
    },
  };
}

/** Changes the labels; false drops the series. */
type Rule = (draft: Draft) => boolean;

function compileRule(config: RelabelConfig): Rule {
  switch (config.action) {
    case 'replace':
      return compileReplace(config);
    case 'keep':
    case 'drop': {
      const { matches } = regexOf(config.regex);
      const wanted = config.action === 'keep';
      return ({ labels }) => matches(sourceOf(labels, config)) === wanted;
    }
    case 'keepequal':
    case 'dropequal': {
      const { targetLabel } = config;
      const wanted = config.action === 'keepequal';
      return ({ labels }) => (sourceOf(labels, config) === (labels.get(targetLabel) ?? '')) === wanted;
    }
    case 'lowercase':
      return setting(config, lowerCase);
    case 'uppercase':
      return setting(config, upperCase);
    case 'hashmod':
      return setting(config, (value) => hashModulo(value, config.modulus));
    case 'labelmap':
      return compileLabelMap(config);
    case 'labeldrop':
    case 'labelkeep': {
      const { matches } = regexOf(config.regex);
      const unwanted = config.action === 'labeldrop';
      return (draft) => {
        for (const name of [...draft.labels.keys()]) if (matches(name) === unwanted) set(draft, name, '');
        return true;
      };
    }
  }
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function compileReplace(config: Extract<RelabelConfig, { action: 'replace' }>): Rule {
  const { capture } = regexOf(config.regex);
  const targetOf = compileTemplate(config.targetLabel);
  const replacementOf = compileTemplate(config.replacement);
  return (draft) => {
    const captures = capture(sourceOf(draft.labels, config));
    if (captures === null) return true;
    const target = targetOf(captures);
    if (LABEL_NAME.test(target)) set(draft, target, replacementOf(captures));
    return true;
  };
}

function compileLabelMap(config: Extract<RelabelConfig, { action: 'labelmap' }>): Rule {
  const { capture } = regexOf(config.regex);
  const nameOf = compileTemplate(config.replacement);
  return (draft) => {
    for (const [name, value] of [...draft.labels]) {
      const captures = capture(name);
      if (captures !== null) set(draft, nameOf(captures), value);
    }
    return true;
  };
}

function setting(
  config: RelabelSource & { readonly targetLabel: string },
  change: (value: string) => string,
): Rule {
  return (draft) => {
    set(draft, config.targetLabel, change(sourceOf(draft.labels, config)));
    return true;
  };
}

/**
 * The labels between two rules. Their order shows where `labelmap` gives one name to several: the last one has it. First
 * come the labels that no rule has written, by name, then the others in the order of their writing, as in Prometheus.
 */
interface Draft {
  readonly labels: Map<string, string>;
  readonly written: Set<string>;
}

function draftOf(labels: ReadonlyMap<string, string>): Draft {
  const names = [...labels.keys()].filter((name) => labels.get(name) !== '').sort();
  return { labels: new Map(names.map((name) => [name, labels.get(name)!])), written: new Set() };
}

/** An empty value takes the label away. */
function set({ labels, written }: Draft, name: string, value: string): void {
  if (value === '' || !written.has(name)) labels.delete(name);
  if (value === '') return;
  labels.set(name, value);
  written.add(name);
}

function sourceOf(labels: ReadonlyMap<string, string>, { sourceLabels, separator }: RelabelSource): string {
  return sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
}

/** The last eight bytes of the MD5 sum, as an unsigned big-endian integer, modulo `modulus`. */
function hashModulo(value: string, modulus: number): string {
  const sum = hash('md5', value, 'buffer').readBigUInt64BE(8);
  return String(sum % BigInt(modulus));
}

function regexOf(source: string): Regex {
  const regex = compileRegex(source);
  if (!regex.ok) throw new TypeError(regex.message);
  return regex;
}
