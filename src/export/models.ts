/** Which models an entry judges, as matchers of the label that names them: the first entry of a name that fits a model has it. */
import type { LabelMatcher } from '../config/config.ts';
import { matchesAnyGlob, matchesGlob } from '../core/glob.ts';
import type { Rule } from '../core/rule.ts';
import { globRegex } from './promql.ts';

export interface Models {
  /** Globs that a model must fit; null: any. Empty: earlier entries have them all. */
  readonly taken: readonly string[] | null;
  /** Globs of earlier entries, of which none may fit. */
  readonly left: readonly string[];
}

/** `earlier` are the entries of the same name that stand before it, pushed ones included. */
export function modelsOf(rule: Rule, earlier: readonly Rule[]): Models {
  const everything = rule.models.length === 0 || rule.models.some((glob) => /^\*+$/.test(glob));
  const taken = everything
    ? null
    : rule.models.filter(
        (glob) => isPattern(glob) || !earlier.some((one) => matchesAnyGlob(one.models, glob)),
      );
  const left = new Set(earlier.flatMap(({ models }) => (models.length === 0 ? ['*'] : models)));
  return {
    taken,
    left: [...left].filter((glob) => taken === null || taken.some((own) => mayShare(own, glob))),
  };
}

export function modelMatchers({ taken, left }: Models, label: string): readonly LabelMatcher[] {
  const positive: LabelMatcher =
    taken === null
      ? { label, operator: '!=', value: '' }
      : { label, ...anyOf(taken, { operators: ['=', '=~'] }) };
  return left.length === 0 ? [positive] : [positive, { label, ...anyOf(left, { operators: ['!=', '!~'] }) }];
}

function anyOf<Operator extends LabelMatcher['operator']>(
  globs: readonly string[],
  { operators: [equal, like] }: { readonly operators: readonly [Operator, Operator] },
): { readonly operator: Operator; readonly value: string } {
  const [only] = globs;
  return globs.length === 1 && !isPattern(only!)
    ? { operator: equal, value: only! }
    : { operator: like, value: globs.map(globRegex).join('|') };
}

function isPattern(glob: string): boolean {
  return /[*?]/.test(glob);
}

/** False only where no name can fit both. */
function mayShare(one: string, other: string): boolean {
  if (!isPattern(other)) return matchesGlob(one, other);
  if (!isPattern(one)) return matchesGlob(other, one);
  const [a, b] = [beginningOf(one), beginningOf(other)];
  return a.startsWith(b) || b.startsWith(a);
}

function beginningOf(glob: string): string {
  return glob.slice(0, glob.search(/[*?]/));
}
