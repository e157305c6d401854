/** What can be told of a cron expression without waiting for it: whether node-cron takes it, and how far apart its runs lie. */
import { parse, validateDetailed } from 'node-cron';

const DAY_SECONDS = 86_400;

/** Why node-cron refuses an expression; null where it takes it. */
export function cronFault(expression: string): string | null {
  const { valid, errors } = validateDetailed(expression);
  return valid ? null : (errors[0]?.message ?? '');
}

/**
 * The shortest and the longest time between two runs of a valid expression, in milliseconds. The shortest is exact
 * within a day; the longest errs on the long side where days are left out, as its use is to say when a signal is stale.
 */
export function cronGaps(expression: string): { readonly shortestMs: number; readonly longestMs: number } {
  const fields = parse(expression);
  const { hour: hours, minute: minutes, second: seconds } = fields;
  const firstOfMinute = seconds[0]!;
  const lastOfMinute = seconds.at(-1)!;
  const firstOfHour = minutes[0]! * 60 + firstOfMinute;
  const lastOfHour = minutes.at(-1)! * 60 + lastOfMinute;
  const firstOfDay = hours[0]! * 3600 + firstOfHour;
  const lastOfDay = hours.at(-1)! * 3600 + lastOfHour;
  const gaps = [
    ...steps(seconds),
    ...steps(minutes).map((step) => step * 60 - lastOfMinute + firstOfMinute),
    ...steps(hours).map((step) => step * 3600 - lastOfHour + firstOfHour),
    DAY_SECONDS - lastOfDay + firstOfDay,
  ];
  return {
    shortestMs: 1000 * Math.min(...gaps),
    longestMs: 1000 * (Math.max(...gaps) + DAY_SECONDS * longestBreak(fields)),
  };
}

/** From each number of an ascending list to the next. */
function steps(numbers: readonly number[]): readonly number[] {
  return numbers.slice(1).map((number, index) => number - numbers[index]!);
}

/** How many days in a row may pass without a run. */
function longestBreak(fields: ReturnType<typeof parse>): number {
  if (fields.month.length < 12) return 366;
  if (fields.dayOfMonth.length < 31) return 31;
  if (fields.dayOfWeek.some((day) => typeof day === 'string')) return 31;
  const days = fields.dayOfWeek.map(Number);
  return Math.max(...days.map((day, index) => (days[index + 1] ?? days[0]! + 7) - day)) - 1;
}
