/**
 * How the cells of a signal are laid out. Its own cell, with the empty key, is about the signal as a whole; the keys of
 * all other cells that hold times begin with a target's key and a blank.
 */
import type { Time } from '../signal.ts';
import type { Signal } from '../world.ts';

// All of these cells: when their part was last spoken of, by our clock, and whether we stamped the data times.
export const HEARD_AT = 0;
export const STAMPED = 1;

// The signal's own cell. Times by our clock:
/** When the signal was first spoken of. */
export const SINCE = 2;
/** When the last round ended. */
export const ROUND_AT = 3;
// Data times; 0: none yet.
/** The end of the last window, and the beginning of the present one. */
export const START = 4;
/** The beginning of the first window. */
export const BEGAN = 5;
/** When the present generation of a trailing reference began. */
export const TURNED = 6;
// No times:
/** 1: every target was heard since the signal came. */
export const COMPLETE = 7;
/** The present generation of a trailing reference; 1: the first reference is complete. */
export const GENERATION = 8;
/** How many counts follow: first their keys, then the counts themselves. */
export const COUNTS = 9;
/** When the round before the last one ended; by our clock. */
export const PREVIOUS_ROUND_AT = 10;
export const OWN_SLOTS = 11;

// A target's part: the data time of the newest sample. What follows belongs to the derivation.
export const TIME = 2;
export const PART_SLOTS = 3;

export const OWN_KEY = '';

/** When any target last spoke of the signal; 0 where its derivation remembers nothing of the kind. */
export function heardAt({ cells }: Signal): Time {
  return cells?.get(OWN_KEY)?.record[HEARD_AT] ?? 0;
}

/** The wall clock was set: moves the times that we stamped. */
export function shiftMemory({ cells }: Signal, by: number): void {
  for (const { key, record } of cells?.values() ?? []) {
    const times = timesOf(key, record);
    for (const slot of times) if (record[slot] !== 0) record[slot]! += by;
  }
}

/** The times of a signal's own cell that are always ours. */
const OURS = [HEARD_AT, SINCE, ROUND_AT, PREVIOUS_ROUND_AT];

function timesOf(key: string, record: Float64Array): readonly number[] {
  const stamped = record[STAMPED] === 1;
  if (key === OWN_KEY) return stamped ? [...OURS, START, BEGAN, TURNED] : OURS;
  if (!key.includes(' ')) return [];
  return stamped ? [HEARD_AT, TIME] : [HEARD_AT];
}
