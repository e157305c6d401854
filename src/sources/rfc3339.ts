/** RFC 3339 timestamps (section 5.6), read strictly: every field is checked against the calendar, and an offset is needed. */
import type { Time } from '../core/signal.ts';

const FORM = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Milliseconds since 1970, to the microsecond; undefined where the text is no such timestamp. */
export function parseRfc3339(text: string): Time | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offsetMs = (offsetHour * 60 + offsetMinute) * MINUTE_MS * (match[8] === '-' ? -1 : 1);
  const ms = dayMs(year, month, day) + (hour * 60 + minute) * MINUTE_MS + second * 1000 - offsetMs;
  // A leap second is the last of a UTC day; like POSIX, it is counted as the first of the next.
  if (second === 60 && ms % DAY_MS !== 0) return undefined;
  const micros = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  // One division of an integer: the nearest double, equal to the same instant given in Unix seconds.
  return (ms * 1000 + micros) / 1000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so the date is set apart. */
function dayMs(year: number, month: number, day: number): Time {
  return year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}
