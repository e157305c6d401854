import { describe, expect, it } from 'vitest';
import { cronFault, cronGaps } from './cron.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

const GAPS: Record<string, [string, number, number]> = {
  'every ten seconds': ['*/10 * * * * *', 10 * SECOND, 10 * SECOND],
  'every minute, in five fields': ['* * * * *', 60 * SECOND, 60 * SECOND],
  'an uneven step ends the minute early': ['*/25 * * * * *', 10 * SECOND, 25 * SECOND],
  'by night it rests': ['0 8-18 * * *', HOUR, 14 * HOUR],
  'once a day': ['@daily', DAY, DAY],
  'on working days': ['0 9 * * 1-5', DAY, 3 * DAY],
  'once a week': ['0 9 * * 7', DAY, 7 * DAY],
  'once a month': ['0 9 1 * *', DAY, 32 * DAY],
  'on the last day of a month': ['0 9 L * *', DAY, 32 * DAY],
  'on a second Friday': ['0 9 * * 5#2', DAY, 32 * DAY],
  'once a year': ['0 9 1 jan *', DAY, 367 * DAY],
};

const FAULTS: Record<string, string> = {
  'every minute': 'expected 5 or 6 fields but got 2',
  '@reboot': 'pattern includes illegal characters',
  '* * * *': 'expected 5 or 6 fields but got 4',
  '* * * * * * *': 'expected 5 or 6 fields but got 7',
  '0 0 30 2 *': '30 2 is an impossible day of month for the given month',
};

describe('a cron expression', () => {
  it.each(Object.entries(GAPS))('%s', (_name, [expression, shortestMs, longestMs]) => {
    expect(cronFault(expression)).toBeNull();
    expect(cronGaps(expression)).toEqual({ shortestMs, longestMs });
  });

  it.each(Object.entries(FAULTS))('%j is refused', (expression, fault) => {
    expect(cronFault(expression)).toBe(fault);
  });
});
