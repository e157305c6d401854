import { expect, it } from 'vitest';
import { builtinConfig } from './config/builtin.ts';
import { withTriggers } from './custom-triggers.ts';
import type { RetrainTrigger } from './retrain/trigger.ts';

const custom = (name: string): RetrainTrigger => ({ name, deliver: async () => ({ ok: true }) });
const shape = (names: readonly string[]) =>
  withTriggers(builtinConfig(), names.map(custom)).triggers.map(
    ({ name, deliver }) => `${name} ${deliver.kind}`,
  );

it.each([
  ['none: the config stays as it is', [], ['log log']],
  ['a new name stands in front', ['mine'], ['mine custom', 'log log']],
  ["the config's name takes its place", ['log'], ['log custom']],
])('%s', (_sentence, names, expected) => {
  expect(shape(names)).toEqual(expected);
});

it('the core is told of them', () => {
  const { judge } = withTriggers(builtinConfig(), [custom('mine')]);
  expect(judge.triggers[0]).toEqual({ name: 'mine', models: [], outcome: 'reported' });
});
