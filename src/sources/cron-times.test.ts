import { getTasks } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { CronTimes } from './cron-times.ts';

const HOUR_MS = 3_600_000;
const local = (text: string) => new Date(text).getTime();

describe('CronTimes', () => {
  const cases: Record<string, [string, string, string | undefined]> = {
    'every ten seconds': ['*/10 * * * * *', '2026-05-04T10:00:03.500', '2026-05-04T10:00:10'],
    'strictly after': ['*/10 * * * * *', '2026-05-04T10:00:10', '2026-05-04T10:00:20'],
    'into the next minute': ['*/10 * * * * *', '2026-05-04T10:00:50', '2026-05-04T10:01:00'],
    'over hour and day': ['*/10 * * * * *', '2026-05-04T23:59:50', '2026-05-05T00:00:00'],
    'five fields, at the full minute': ['30 * * * *', '2026-05-04T10:12:00', '2026-05-04T10:30:00'],
    'seconds out of order': ['40,5 * * * * *', '2026-05-04T10:00:10', '2026-05-04T10:00:40'],
    'nothing within the horizon': ['0 0 12 * * *', '2026-05-04T10:00:00', undefined],
    'just within the horizon': ['0 0 12 * * *', '2026-05-04T11:00:00', '2026-05-04T12:00:00'],
    'only on Mondays': ['0 0 * * * 1', '2026-05-03T23:30:00', '2026-05-04T00:00:00'],
  };
  it.each(Object.entries(cases))('%s', (_, [expression, from, expected]) => {
    using times = new CronTimes(expression);
    expect(times.nextAfter(local(from), HOUR_MS)).toBe(expected === undefined ? undefined : local(expected));
  });

  it('leaves nothing behind', () => {
    const before = getTasks().size;
    new CronTimes('* * * * *')[Symbol.dispose]();
    expect(getTasks().size).toBe(before);
  });
});
