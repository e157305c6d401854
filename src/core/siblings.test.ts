import { describe, expect, it } from 'vitest';
import { makeConfig, Scenario } from './scenario.testing.ts';

const B = 0.5;
const C = 0.9;
const versions =
  (...names: string[]) =>
  (value: number) =>
    names.map((version) => ({ value, version }));

/** Versions of one model that drift since one second after another; the first has asked. */
function drifting(...names: string[]): Scenario {
  const scenario = new Scenario();
  for (const version of names) {
    scenario.sample(B, { version });
    scenario.wait(1000);
  }
  return scenario;
}

describe('when a batch frees the slot of a model', () => {
  it('nobody asks whose recovery is in it', () => {
    const scenario = drifting('1', '2', '3');
    scenario.samples(versions('1', '2', '3')(C));
    expect(scenario.requests.map(({ model, status }) => [model.version, status])).toEqual([
      ['1', 'withdrawn'],
    ]);
  });

  it('it goes to the oldest episode, whoever begins to drift in it', () => {
    const scenario = drifting('1', '2');
    scenario.samples([{ value: C, version: '1' }, ...versions('0', '3')(B)]);
    expect(scenario.requests.map(({ model, status }) => [model.version, status])).toEqual([
      ['1', 'withdrawn'],
      ['2', 'requested'],
    ]);
    expect(scenario.version('3')!.episode!.heldBy).toBe('in_flight');
  });

  it('a version that is first seen in it, and ends the request, lets the others ask after the cooldown only', () => {
    const scenario = drifting('1', '2');
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.samples(versions('4', '5')(C));
    expect(scenario.request.status).toBe('succeeded');
    expect(scenario.version('2')!.episode!.heldBy).toBe('cooldown');
  });
});

it('20,000 versions of a model drift and recover at once in no time', () => {
  const scenario = new Scenario(makeConfig());
  const all = versions(...Array.from({ length: 20_000 }, (_, index) => `v${index}`));
  scenario.samples(all(B));
  scenario.wait(1000);
  scenario.samples(all(C));
  expect(scenario.requests).toHaveLength(1);
  expect(scenario.world.models.get('fraud')!.openEpisodes).toBe(0);
});
