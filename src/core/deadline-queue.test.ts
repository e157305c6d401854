import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeadlineQueue } from './deadline-queue.ts';

describe('a deadline queue', () => {
  it('knows the soonest deadline, and takes out what is due in order', () => {
    const queue = new DeadlineQueue<string>();
    queue.set('late', 30);
    queue.set('soon', 10);
    queue.set('later', 20);
    expect(queue.soonest).toBe(10);
    expect(queue.takeDue(20)).toEqual(['soon', 'later']);
    expect(queue.soonest).toBe(30);
  });

  it('goes by the newest time of a key', () => {
    const queue = new DeadlineQueue<string>();
    queue.set('a', 10);
    queue.set('a', 30);
    queue.set('b', 20);
    expect(queue.takeDue(25)).toEqual(['b']);
    queue.set('a', Infinity);
    expect([queue.soonest, queue.size]).toEqual([Infinity, 0]);
  });

  it('moves as a whole', () => {
    const queue = new DeadlineQueue<string>();
    queue.set('a', 10);
    queue.set('b', 5);
    queue.shift(-100);
    expect(queue.takeDue(-90)).toEqual(['b', 'a']);
  });

  it('does what a sorted list does, for any sequence', () => {
    const op = fc.oneof(
      fc.record({ op: fc.constant('set' as const), key: fc.nat(20), time: fc.nat(100) }),
      fc.record({ op: fc.constant('delete' as const), key: fc.nat(20) }),
      fc.record({ op: fc.constant('due' as const), at: fc.nat(100) }),
      fc.record({ op: fc.constant('shift' as const), by: fc.integer({ min: -5, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(op, { maxLength: 200 }), (ops) => {
        const queue = new DeadlineQueue<number>();
        let model = new Map<number, number>();
        for (const one of ops) {
          if (one.op === 'set') {
            queue.set(one.key, one.time);
            model.set(one.key, one.time);
          } else if (one.op === 'delete') {
            queue.delete(one.key);
            model.delete(one.key);
          } else if (one.op === 'shift') {
            queue.shift(one.by);
            model = new Map([...model].map(([key, time]) => [key, time + one.by]));
          } else {
            const due = [...model].filter(([, time]) => time <= one.at);
            const times = new Map(due);
            const taken = queue.takeDue(one.at).map((key) => times.get(key));
            expect(taken).toEqual(due.map(([, time]) => time).sort((a, b) => a - b));
            for (const [key] of due) model.delete(key);
          }
          expect(queue.soonest).toBe(Math.min(Infinity, ...model.values()));
        }
      }),
    );
  });
});
