import { expect, it } from 'vitest';
import { nameGiver } from './names.ts';

const HOSTILE = [
  'accuracy',
  'accuracy',
  'accuracy_2',
  'a b',
  'a_b',
  'aB',
  '精度',
  '"\n{{',
  '',
  '__',
  '9',
  'x'.repeat(1024),
];

it('names are those that Prometheus takes, whatever a metric is called', () => {
  const namesFor = nameGiver();
  for (const metric of HOSTILE) {
    const { value, ema, samples, alert, group } = namesFor(metric);
    for (const name of [value, ema, samples, group]) expect(name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,130}$/);
    expect(alert).toMatch(/^Model[a-zA-Z0-9]{1,110}Drift\d*$/);
  }
});

it('no two entries have a name in common, and the first keeps its own', () => {
  const namesFor = nameGiver();
  const all = HOSTILE.map(namesFor).flatMap((names) => Object.values(names));
  expect(new Set(all).size).toBe(all.length);
  expect(nameGiver()('error_ratio')).toEqual({
    group: 'driftgauge:error_ratio',
    value: 'model_version:error_ratio:value',
    ema: 'model_version:error_ratio:ema',
    samples: 'model_version:error_ratio:samples',
    alert: 'ModelErrorRatioDrift',
  });
});

it('ten thousand entries of one name are named at once', () => {
  const namesFor = nameGiver();
  const names = Array.from({ length: 10_000 }, () => namesFor('accuracy').ema);
  expect(new Set(names).size).toBe(10_000);
});
