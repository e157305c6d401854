import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 24, 10, 0, 0);
const HOUR = 3_600_000;

describe('Retry-After', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['seconds', '120', 120_000],
    ['seconds with space around', ' 7 ', 7_000],
    ['more than an hour, cut to it', '315360000', HOUR],
    ['more seconds than a number holds', '9'.repeat(400), HOUR],
    ['an IMF date', 'Tue, 24 Nov 2026 10:01:30 GMT', 90_000],
    ['an RFC 850 date', 'Tuesday, 24-Nov-26 10:01:30 GMT', 90_000],
    ['an asctime date', 'Tue Nov 24 10:01:30 2026', 90_000],
    ['a date ten years ahead, cut to an hour', 'Mon, 24 Nov 2036 10:00:00 GMT', HOUR],
    ['a date that has passed', 'Tue, 24 Nov 2026 09:59:00 GMT', undefined],
    ['an RFC 850 year that means the last century', 'Tuesday, 24-Nov-94 10:01:30 GMT', undefined],
    ['no header', undefined, undefined],
    ['an empty one', '', undefined],
    ['zero', '0', undefined],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['an exponent', '1e3', undefined],
    ['hexadecimal', '0x10', undefined],
    ['a list', '5, 10', undefined],
    ['words', 'tomorrow', undefined],
    ['a date in another format', '2026-11-24T10:01:30Z', undefined],
    ['a month that is none', 'Tue, 24 Foo 2026 10:01:30 GMT', undefined],
  ])('%s', (_, header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
