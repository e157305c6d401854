import { describe, expect, it } from 'vitest';
import type { RawEntry } from './config.testing.ts';
import { configOf } from './config.testing.ts';
import { compileEntries, modelOf } from './entries.ts';

function entriesOf(...metrics: RawEntry[]) {
  const { inputs, judge } = configOf(metrics);
  return compileEntries(inputs, judge.rules);
}

describe('the entries that may take a series', () => {
  it('are found by its name, in the order of the config, each with its role', () => {
    const entries = entriesOf(
      { name: 'errors', from: { ratio: { numerator: 'errors_total', denominator: 'requests_total' } } },
      { name: 'pushed' },
      { name: 'traffic', from: { rate: 'requests_total{stage="prod"}' } },
    );
    const rolesOf = (name: string) =>
      entries.byName.get(name)?.map(({ input, role }) => `${input.entry} ${role}`);
    expect(rolesOf('errors_total')).toEqual(['0 numerator']);
    expect(rolesOf('requests_total')).toEqual(['0 denominator', '2 value']);
    expect(rolesOf('requests_created')).toEqual(['0 denominator_start', '2 start']);
    expect(rolesOf('requests')).toBeUndefined();
    expect(entries.anyName).toEqual([]);
  });

  it('are asked for every series where their selector does not say a name', () => {
    const entries = entriesOf(
      { name: 'any', from: { gauge: '{kind="drift"}' } },
      { name: 'some', from: { gauge: '{__name__=~"drift_.+"}' } },
      { name: 'one', from: { gauge: '{__name__="drift"}' } },
    );
    expect(entries.anyName.map(({ input }) => input.metric)).toEqual(['any', 'some']);
    expect([...entries.byName.keys()]).toEqual(['drift']);
  });
});

describe('native histograms', () => {
  it.each<[boolean, string, RawEntry]>([
    [false, 'a gauge', { gauge: 'x' }],
    [false, 'a rate', { rate: 'x_total' }],
    [true, 'a quantile', { histogram_quantile: { quantile: 0.9, of: 'x' } }],
    [true, 'a mean', { mean: 'x' }],
    [true, 'a distance', { histogram: 'x', distance: 'psi', reference: { first: '1h' } }],
  ])('are wanted: %s, for %s', (wanted, _kind, from) => {
    expect(entriesOf({ from }).wantsNative).toBe(wanted);
  });
});

describe('the entry that judges a metric of a model', () => {
  const entries = entriesOf(
    { models: ['fraud*'], from: { gauge: 'fraud_accuracy' } },
    { models: ['*-pushed'] },
    { name: 'other', from: { gauge: 'x' } },
    { models: ['churn', 'score-?'], from: { gauge: 'accuracy' } },
  );

  it.each([
    ['fraud-eu', 0],
    ['fraud-pushed', 0],
    ['churn-pushed', 1],
    ['churn', 3],
    ['score-1', 3],
    ['score-10', undefined],
    ['', undefined],
  ])('of %j is %s: the first of its name whose models fit', (model, entry) => {
    expect(entries.judgeOf('accuracy', model)).toBe(entry);
  });
});

describe('the model version that labels name', () => {
  const identity = { model: 'model_name', version: 'rev' };
  const long = 'é'.repeat(512);

  it.each<[string, Record<string, string>, ReturnType<typeof modelOf>]>([
    ['by the labels of the identity', { model_name: 'm', rev: '1', model: 'x' }, { name: 'm', version: '1' }],
    ['without a version: none', { model_name: 'm' }, { name: 'm', version: 'none' }],
    ['with an empty version: none', { model_name: 'm', rev: '' }, { name: 'm', version: 'none' }],
    ['with 1024 bytes each', { model_name: long, rev: long }, { name: long, version: long }],
    ['without a model: no_model', { model: 'm', rev: '1' }, 'no_model'],
    ['with an empty model: no_model', { model_name: '', rev: '1' }, 'no_model'],
    ['with a longer model: bad_name', { model_name: `${long}x` }, 'bad_name'],
    ['with a longer version: bad_name', { model_name: 'm', rev: `${long}x` }, 'bad_name'],
    ['that is no Unicode: bad_name', { model_name: 'm\ud800' }, 'bad_name'],
  ])('%s', (_case, labels, model) => {
    expect(modelOf(new Map(Object.entries(labels)), identity)).toEqual(model);
  });
});
