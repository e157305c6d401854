import { describe, expect, it } from 'vitest';
import { rfc3339 } from './views.ts';

describe('a time', () => {
  it.each<[time: number | null, text: string | null]>([
    [null, null],
    [Number.NaN, null],
    [Infinity, null],
    [1e300, null],
    [0, '1970-01-01T00:00:00.000Z'],
    [Date.UTC(2026, 10, 24, 10), '2026-11-24T10:00:00.000Z'],
    [Date.UTC(2026, 10, 24, 10) + 0.25, '2026-11-24T10:00:00.000250Z'],
    [Date.UTC(2026, 10, 24, 10) + 1.001, '2026-11-24T10:00:00.001001Z'],
    [Date.UTC(2026, 10, 24, 10) - 0.001, '2026-11-24T09:59:59.999999Z'],
    [-0.001, '1969-12-31T23:59:59.999999Z'],
  ])('%d is %s', (time, text) => expect(rfc3339(time)).toBe(text));
});
