import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesAnyGlob } from '../core/glob.ts';
import { makeRule } from '../core/scenario.testing.ts';
import { compileSelector } from '../selector/match.ts';
import { modelMatchers, modelsOf } from './models.ts';
import { selectorText } from './promql.ts';

function matchersOf(models: readonly string[], ...earlier: readonly (readonly string[])[]) {
  const rules = earlier.map((one) => makeRule({ models: one }));
  return modelMatchers(modelsOf(makeRule({ models }), rules), 'model');
}

describe('models as matchers', () => {
  it.each<[sentence: string, models: string[], earlier: string[][], expected: string]>([
    ['any model is one that has a name', [], [], '{model!=""}'],
    ['a glob of stars only is any model', ['fraud', '**'], [], '{model!=""}'],
    ['one name is compared', ['fraud'], [], '{model="fraud"}'],
    ['globs and names become a regular expression', ['fraud*', 'a.b'], [], '{model=~"fraud.*|a\\\\.b"}'],
    ['a question mark is any one character', ['v?'], [], '{model=~"v."}'],
    ['what earlier entries have is left out', [], [['fraud*'], ['x']], '{model!="", model!~"fraud.*|x"}'],
    ['one earlier name is left out as such', ['f*'], [['fraud']], '{model=~"f.*", model!="fraud"}'],
    ['a name that an earlier glob has is dropped', ['fraud', 'x'], [['f*']], '{model="x"}'],
    ['earlier ones that share no model need no word', ['a*'], [['b*'], ['c']], '{model=~"a.*"}'],
  ])('%s', (_, models, earlier, expected) => {
    expect(selectorText(matchersOf(models, ...earlier))).toBe(expected);
  });

  it('choose the entry that judges a model, and no other', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '|', '\\'), minLength: 1, maxLength: 4 });
    const glob = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '|', '\\', '*', '?'),
      minLength: 1,
      maxLength: 4,
    });
    const entries = fc.array(fc.array(glob, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(entries, name, (globs, model) => {
        const rules = globs.map((models) => makeRule({ models }));
        const judge = rules.findIndex(({ models }) => matchesAnyGlob(models, model));
        rules.forEach((rule, index) => {
          const models = modelsOf(rule, rules.slice(0, index));
          // Earlier entries may have all of them; the config refuses such an entry.
          if (models.taken?.length === 0) return;
          const selector = compileSelector({ text: '', matchers: modelMatchers(models, 'model') });
          expect(selector.matches(new Map([['model', model]]))).toBe(index === judge);
        });
      }),
      { numRuns: 2000 },
    );
  });
});
