/** Numbers, durations and instants as people read them in reasons and details. */
import type { Time } from './signal.ts';

/** Three decimals; below 0.1, three significant digits. */
export function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 0.1 ? value.toPrecision(3) : value.toFixed(3);
}

const UNITS: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** The two largest units: `31h` is `1d7h`, 90 s is `1m30s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const first = UNITS.findIndex(([, unit]) => ms >= unit);
  let rest = ms;
  let text = '';
  for (const [name, unit] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) text += `${count}${name}`;
  }
  return text;
}

/** RFC 3339 in UTC with milliseconds; instants beyond the calendar are named as such. */
export function instantText(at: Time): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'never' : date.toISOString();
}
