import { expect, it } from 'vitest';
import { ManualClock } from './clock.ts';
import { Timeline } from './timeline.ts';

it('time follows the monotonic clock, whatever happens to the wall clock', async () => {
  const clock = new ManualClock(1000);
  const timeline = new Timeline(clock);
  clock.stepWall(9000);
  await clock.advance(5);
  expect(timeline.now()).toBe(1005);
  expect(timeline.takeStep()).toBe(0);
});

it('a wall clock that differs by more than 10 s is a step, once', () => {
  const clock = new ManualClock(1_000_000);
  const timeline = new Timeline(clock);
  clock.stepWall(-10_001);
  expect([timeline.takeStep(), timeline.takeStep()]).toEqual([-10_001, 0]);
  expect(timeline.now()).toBe(989_999);
});

it('time goes on from a stored time that is a little ahead', () => {
  const timeline = new Timeline(new ManualClock(1000));
  timeline.notBefore(3000);
  timeline.notBefore(2000);
  expect(timeline.now()).toBe(3000);
});
