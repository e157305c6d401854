/** What has happened to a retrain request, for people: bounded, and a failure that repeats itself is one step. */
import type { RequestStep } from './retrain.ts';
import type { Time } from './signal.ts';

export interface StepFacts {
  readonly event: RequestStep['event'];
  readonly at: Time;
  readonly reason?: string | null;
  readonly detail?: string | null;
}

/** A day of attempts that fail in turns for two reasons is more than anybody reads, and each commit writes all of them. */
const MAX_STEPS = 32;
/** What a pipeline says may be 4 kB; the outcome has all of it. */
const MAX_DETAIL_LENGTH = 500;

/** The request's first step stays; of too many, the oldest after it become one that says how many they were. */
export function noteStep(steps: RequestStep[], { event, at, reason = null, detail = null }: StepFacts): void {
  const short = detail === null ? null : detail.slice(0, MAX_DETAIL_LENGTH);
  const last = steps.at(-1);
  if (last?.event === event && last.reason === reason && last.detail === short) {
    last.lastAt = at;
    last.count++;
    return;
  }
  steps.push({ event, at, lastAt: at, count: 1, reason, detail: short });
  if (steps.length > MAX_STEPS) omitOldest(steps);
}

function omitOldest(steps: RequestStep[]): void {
  const [, older, newer] = steps as [RequestStep, RequestStep, RequestStep, ...RequestStep[]];
  steps.splice(1, 2, {
    event: 'omitted',
    at: older.at,
    lastAt: newer.lastAt,
    count: older.count + newer.count,
    reason: null,
    detail: null,
  });
}

/** `by`: milliseconds. */
export function shiftSteps(steps: readonly RequestStep[], by: number): void {
  for (const step of steps) {
    step.at += by;
    step.lastAt += by;
  }
}
