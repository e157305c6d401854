import { expect, it } from 'vitest';
import { HOUR, START } from '../../core/scenario.testing.ts';
import { FakeBackend } from '../../http/backend.testing.ts';
import { marksOf } from './marks.ts';

it('marks every request of a model, and every version that has come', () => {
  const backend = new FakeBackend();
  const { scenario } = backend;
  for (const version of ['1', '2']) {
    scenario.sample(0.5, { version });
    scenario.succeed();
    scenario.wait(7 * HOUR);
  }
  // Known, and without a sample that was taken.
  scenario.sample(Number.NaN, { version: '3' });
  expect(scenario.version('3')).toMatchObject({ firstSeenAt: 0 });
  const [first, second] = scenario.requests;
  const marks = marksOf(scenario.version('2')!, backend);
  expect(marks.map(({ at, kind, title }) => [(at - START) / HOUR, kind, title])).toEqual([
    [7, 'request', `retrain requested: ${second!.id}`],
    [0, 'request', `retrain requested: ${first!.id}`],
    [7, 'version', 'this version was first seen'],
    [0, 'version', 'version 1 was first seen'],
  ]);
});
