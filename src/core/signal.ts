/**
 * The record of a signal: its whole memory, a fixed-width row of numbers inside a page. The page is also the row
 * that the store writes, so nothing is serialised.
 */

/** Milliseconds since 1970; fractions are allowed (a microsecond is 0.001). */
export type Time = number;

/** A signal's address: `page * RECORDS_PER_PAGE_LIMIT + index`. Stable for the life of the store. */
export type Ref = number;

/** The pair that names a model version; `version` is `none` where there is none. */
export interface ModelVersion {
  readonly name: string;
  readonly version: string;
}

export type Phase = 'warming' | 'ok' | 'pending' | 'drifting' | 'recovering';
export const PHASES: readonly Phase[] = ['warming', 'ok', 'pending', 'drifting', 'recovering'];

// Slots of a record. A detector's own slots follow RECORD_SLOTS.
export const VALUE = 0;
export const EMA = 1;
/** The newest sample's own time. */
export const TIME = 2;
/** When the newest sample was received, by our clock. */
export const RECEIVED_AT = 3;
export const SAMPLES = 4;
/** Index into PHASES. */
export const PHASE = 5;
/** Sample time at which the present phase began. */
export const SINCE = 6;
/** Sample time of the first breach of the present pending or drifting stretch. */
export const BREACH_SINCE = 7;
/** Sample time at which drifting began; kept while recovering. */
export const DRIFT_SINCE = 8;
/** Consecutive breaching samples. */
export const BREACHES = 9;
/** 1 where the newest sample's time was stamped by us, so that a clock step moves it. */
export const STAMPED = 10;
export const RECORD_SLOTS = 11;

/** A page stays under one database page of 4,096 bytes, header included (measured: spilling over costs 10 %). */
export const PAGE_BYTES = 4000;
/** More records than any page can hold, so that a ref can be split into page and index. */
export const RECORDS_PER_PAGE_LIMIT = 64;

export const DAY_MS = 86_400_000;
/** A pulled sample further ahead of us than this has a wrong clock. */
export const FUTURE_LIMIT_MS = 5 * 60_000;

export function phaseOf(record: Float64Array): Phase {
  return PHASES[record[PHASE]!]!;
}
