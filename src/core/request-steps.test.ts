import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteStep, shiftSteps } from './request-steps.ts';
import type { RequestStep } from './retrain.ts';

const failed = (at: number, reason = 'connect', detail = 'ECONNREFUSED') => ({
  event: 'attempt_failed' as const,
  at,
  reason,
  detail,
});

function stepsOf(facts: readonly Parameters<typeof noteStep>[1][]): RequestStep[] {
  const steps: RequestStep[] = [];
  for (const fact of facts) noteStep(steps, fact);
  return steps;
}

describe('the steps of a request', () => {
  it('count a failure that repeats itself, from its first time to its last', () => {
    expect(stepsOf([{ event: 'requested', at: 0 }, failed(1), failed(5), failed(9)])).toEqual([
      { event: 'requested', at: 0, lastAt: 0, count: 1, reason: null, detail: null },
      { event: 'attempt_failed', at: 1, lastAt: 9, count: 3, reason: 'connect', detail: 'ECONNREFUSED' },
    ]);
  });

  it.each<[what: string, second: ReturnType<typeof failed>]>([
    ['reason', failed(2, 'timeout')],
    ['detail', failed(2, 'connect', 'EHOSTUNREACH')],
  ])('begin another one with another %s', (_what, second) => {
    expect(stepsOf([failed(1), second]).map(({ count }) => count)).toEqual([1, 1]);
  });

  it('keep 500 characters of what was said', () => {
    expect(stepsOf([{ event: 'failed', at: 0, detail: 'x'.repeat(4096) }])[0]!.detail).toHaveLength(500);
  });

  it('are 32 at most: the first, how many are omitted, and the newest', () => {
    const facts = [{ event: 'requested' as const, at: 0 }];
    const turns = Array.from({ length: 100 }, (_, at) => failed(at + 1, at % 2 === 0 ? 'dns' : 'connect'));
    const steps = stepsOf([...facts, ...turns]);
    expect(steps).toHaveLength(32);
    expect(steps[0]!.event).toBe('requested');
    expect(steps[1]).toEqual({
      event: 'omitted',
      at: 1,
      lastAt: 70,
      count: 70,
      reason: null,
      detail: null,
    });
    expect(steps[2]).toMatchObject({ event: 'attempt_failed', at: 71 });
    expect(steps.at(-1)).toMatchObject({ at: 100 });
  });

  it('lose nothing of the count, and stay in order, whatever happens', () => {
    const event = fc.constantFrom('attempt_failed' as const, 'running' as const, 'redelivered' as const);
    const fact = fc.record({ event, reason: fc.constantFrom('dns', 'connect', null) });
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 200 }), (facts) => {
        const steps = stepsOf(facts.map((one, at) => ({ ...one, at })));
        expect(steps.reduce((sum, { count }) => sum + count, 0)).toBe(facts.length);
        expect(steps.length).toBeLessThanOrEqual(32);
        const times = steps.flatMap(({ at, lastAt }) => [at, lastAt]);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('move with the wall clock', () => {
    const steps = stepsOf([{ event: 'requested', at: 10 }, failed(20), failed(30)]);
    shiftSteps(steps, 5);
    expect(steps.map(({ at, lastAt }) => [at, lastAt])).toEqual([
      [15, 15],
      [25, 35],
    ]);
  });
});
