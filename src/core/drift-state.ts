/**
 * The drift state of one signal: warming → ok → pending → drifting → recovering → ok. It moves on samples only;
 * `for` and `keep_firing_for` are measured in sample time, as Prometheus' alerting rules measure them.
 */
import type { Verdict } from './detectors/detector.ts';
import type { Rule } from './rule.ts';
import type { Phase, Time } from './signal.ts';
import { BREACH_SINCE, BREACHES, DRIFT_SINCE, PHASE, PHASES, SAMPLES, SINCE, TIME } from './signal.ts';

const WARMING = PHASES.indexOf('warming');
const OK = PHASES.indexOf('ok');
const PENDING = PHASES.indexOf('pending');
const DRIFTING = PHASES.indexOf('drifting');
const RECOVERING = PHASES.indexOf('recovering');

/**
 * Moves a record whose SAMPLES already counts this sample while TIME still holds the previous one's.
 * Returns the phase entered, or undefined where it stays.
 */
export function stepDrift(record: Float64Array, verdict: Verdict, rule: Rule, time: Time): Phase | undefined {
  const before = record[PHASE]!;
  const first = record[SAMPLES] === 1;
  if (first) record[SINCE] = time;
  // Nobody saw what happened in a longer gap, so what must hold without a break starts anew.
  const gap = !first && time - record[TIME]! > rule.staleAfterMs;
  const after = record[SAMPLES]! <= rule.warmUp ? WARMING : judged(record, verdict, rule, time, gap);
  if (after === before) return undefined;
  record[PHASE] = after;
  return PHASES[after];
}

function judged(record: Float64Array, verdict: Verdict, rule: Rule, time: Time, gap: boolean): number {
  switch (record[PHASE]) {
    case DRIFTING:
      if (verdict !== 'clear') return DRIFTING;
      record[SINCE] = time;
      return recovered(record, rule, time);
    case RECOVERING:
      if (verdict !== 'clear') {
        record[SINCE] = record[DRIFT_SINCE]!;
        return DRIFTING;
      }
      if (gap) record[SINCE] = time;
      return recovered(record, rule, time);
    default:
      return breaching(record, verdict, rule, time, gap);
  }
}

/** From drifting or recovering: back to ok once it has been clear, since SINCE, for `keep_firing_for`. */
function recovered(record: Float64Array, rule: Rule, time: Time): number {
  if (time - record[SINCE]! < rule.keepFiringForMs) return RECOVERING;
  calm(record, time);
  return OK;
}

/** From warming, ok or pending. */
function breaching(record: Float64Array, verdict: Verdict, rule: Rule, time: Time, gap: boolean): number {
  const pending = record[PHASE] === PENDING;
  if (verdict !== 'breach') {
    if (record[PHASE] !== OK) calm(record, time);
    return OK;
  }
  if (!pending || gap || record[BREACHES] === 0) {
    record[BREACH_SINCE] = time;
    record[BREACHES] = 0;
    record[SINCE] = time;
  }
  record[BREACHES]!++;
  if (time - record[BREACH_SINCE]! < rule.forMs || record[BREACHES]! < rule.minSamples) return PENDING;
  record[DRIFT_SINCE] = time;
  record[SINCE] = time;
  return DRIFTING;
}

function calm(record: Float64Array, time: Time): void {
  record[SINCE] = time;
  record[BREACH_SINCE] = 0;
  record[DRIFT_SINCE] = 0;
  record[BREACHES] = 0;
}

/** After a new `drift` for the same EMA: pending starts anew, drifting lasts until the new `clear`. */
export function rejudge(record: Float64Array): void {
  record[BREACHES] = 0;
  if (record[PHASE] === RECOVERING) {
    record[PHASE] = DRIFTING;
    record[SINCE] = record[DRIFT_SINCE]!;
  }
}
