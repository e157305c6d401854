import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

const backoff = createBackoff({ initialMs: 5_000, maxMs: 900_000 });
const highest = () => 1;

describe('backoff', () => {
  it('doubles its upper bound with each failure until it reaches the maximum', () => {
    const bounds = Array.from({ length: 11 }, (_, failures) => backoff.delayMs(failures, highest));
    expect(bounds).toEqual([
      5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 900_000, 900_000, 900_000,
    ]);
  });

  it('is uniform between nothing and that bound', () => {
    expect([0, 0.25, 0.5, 0.75].map((random) => backoff.delayMs(3, () => random))).toEqual([
      0, 10_000, 20_000, 30_000,
    ]);
  });

  it('stays at the maximum after ten thousand failures', () => {
    expect(backoff.delayMs(10_000, highest)).toBe(900_000);
  });

  it('never waits where nothing is to be waited for', () => {
    expect(createBackoff({ initialMs: 0, maxMs: 1_000 }).delayMs(10_000, highest)).toBe(0);
  });
});
