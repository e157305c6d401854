import { describe, expect, it } from 'vitest';
import { Scenario, START } from '../scenario.testing.ts';
import { Feeds } from './feeds.ts';
import { COMPLETE, OWN_SLOTS, ROUND_AT, SINCE } from './memory.ts';
import { isRoundOver, LOOKBACK_DELTA_MS } from './rounds.ts';

interface Case {
  /** When each target last spoke of the signal, in milliseconds since the signal came; null: never. */
  readonly spoke: Readonly<Record<string, number | null>>;
  /** When each was last heard, where it was heard without speaking of the signal; null: never heard. */
  readonly heard?: Readonly<Record<string, number | null>>;
  readonly roundAt?: number;
  readonly complete?: boolean;
  readonly at?: number;
  readonly over: boolean;
}

function isOver({ spoke, heard = {}, roundAt, complete = false, at = 100 }: Case) {
  const { world } = new Scenario();
  const feeds = new Feeds();
  const own = new Float64Array(OWN_SLOTS);
  own[SINCE] = START;
  own[ROUND_AT] = roundAt === undefined ? 0 : START + roundAt;
  own[COMPLETE] = complete ? 1 : 0;
  const voices = Object.entries(spoke).flatMap(([key, spokeAt]) => {
    const feed = feeds.join(key);
    const heardAt = heard[key] === undefined ? spokeAt : heard[key];
    if (heardAt !== null) feed.hear(world, START + heardAt);
    return spokeAt === null ? [] : [{ feed, heardAt: START + spokeAt }];
  });
  return { over: isRoundOver({ world, feeds, own }, voices, START + at), complete: own[COMPLETE] === 1 };
}

describe('the first round', () => {
  const cases: Record<string, Case> = {
    'is over with the first page of the only target': { spoke: { a: 0 }, at: 0, over: true },
    'waits for a target that was not heard': { spoke: { a: 0, b: null }, over: false },
    'is over when every target was heard, though one does not speak of it': {
      spoke: { a: 0, b: null },
      heard: { b: 50 },
      over: true,
    },
    'waits for a target that was heard before the signal came, and not since': {
      spoke: { a: 0, b: null },
      heard: { b: -1 },
      over: false,
    },
    'waits no longer than the lookback delta': {
      spoke: { a: 0, b: null },
      at: LOOKBACK_DELTA_MS + 1,
      over: true,
    },
    'waits as long as the lookback delta': { spoke: { a: 0, b: null }, at: LOOKBACK_DELTA_MS, over: false },
  };
  it.each(Object.entries(cases))('%s', (_, one) => {
    expect(isOver(one)).toEqual({ over: one.over, complete: one.over });
  });
});

describe('a later round', () => {
  const cases: Record<string, Case> = {
    'is over when every target has spoken since the last one': {
      spoke: { a: 60, b: 70 },
      roundAt: 50,
      over: true,
    },
    'waits for a target that speaks of it and has not done so since the last one': {
      spoke: { a: 60, b: 40 },
      roundAt: 50,
      over: false,
    },
    'waits for the target whose page has ended the last one': {
      spoke: { a: 60, b: 50 },
      roundAt: 50,
      over: false,
    },
    'does not wait for a target that was heard and did not speak of it': {
      spoke: { a: 60, b: 40 },
      heard: { b: 55 },
      roundAt: 50,
      over: true,
    },
    'does not wait for a target that is new': { spoke: { a: 60, b: null }, roundAt: 50, over: true },
    'waits for a target that has come between, and then begins to speak': {
      spoke: { a: 60, b: 45 },
      roundAt: 50,
      over: false,
    },
  };
  it.each(Object.entries(cases))('%s', (_, one) => {
    expect(isOver({ ...one, complete: true }).over).toBe(one.over);
  });
});
