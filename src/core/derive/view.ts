/** How the derivation of a signal stands, read from its cells alone: what it has counted, and what its next sample waits for. */
import type { Time } from '../signal.ts';
import { SAMPLES } from '../signal.ts';
import type { Signal } from '../world.ts';
import { kindOf } from './kinds/index.ts';
import { BEGAN, GENERATION, OWN_KEY, START, TIME } from './memory.ts';
import type { CountingSettings } from './settings.ts';
import { countedIn } from './window.ts';

export type Waiting =
  /** Counts are compared with those of an earlier scrape, and there was one at most. */
  | 'first_scrape'
  /** The window is not long enough yet. */
  | 'window'
  /** The window is long enough, but holds fewer than `min_count` observations: it grows. */
  | 'low_traffic'
  /** What a distance is measured from is not complete yet. */
  | 'reference';

export interface DerivationView {
  readonly kind: CountingSettings['kind'];
  /** Null where nothing but the next scrape is waited for. */
  readonly waiting: Waiting | null;
  /** The observations in the present window. */
  readonly count: number;
  readonly minCount: number;
  /** The data time at which the present window began; null before the first. */
  readonly windowStartedAt: Time | null;
}

/** Null for gauges and for pushed signals: nothing is counted there. */
export function viewDerivation(signal: Signal): DerivationView | null {
  const { from } = signal.rule;
  if (from === null || from.kind === 'gauge') return null;
  const { kind, minCount } = from;
  const own = signal.cells?.get(OWN_KEY)?.record;
  if (own === undefined || own[START] === 0)
    return { kind, waiting: 'first_scrape', count: 0, minCount, windowStartedAt: null };
  const count = kindOf(from).countOf(countedIn(signal, own));
  return {
    kind,
    waiting: waitingFor(signal, from, { own, count }),
    count,
    minCount,
    windowStartedAt: own[START]!,
  };
}

function waitingFor(
  signal: Signal,
  settings: CountingSettings,
  { own, count }: { own: Float64Array; count: number },
): Waiting | null {
  const lengthMs = newestTime(signal) - own[START]!;
  if (lengthMs <= 0 && own[START] === own[BEGAN]) return 'first_scrape';
  const isLong = lengthMs > 0 && lengthMs >= settings.windowMs;
  if (isLong && count < settings.minCount) return 'low_traffic';
  if (settings.kind === 'histogram' && isReferenceOpen(signal, own, settings.reference.kind))
    return 'reference';
  return !isLong && settings.windowMs > 0 ? 'window' : null;
}

function isReferenceOpen(signal: Signal, own: Float64Array, kind: 'first' | 'trailing' | 'file'): boolean {
  if (kind === 'first') return own[GENERATION] !== 1;
  // A trailing one has no mark of its own; once it was enough for a sample it goes on with the windows.
  return kind === 'trailing' && signal.record[SAMPLES] === 0;
}

/** The newest data time of which any target has spoken. */
function newestTime({ cells }: Signal): Time {
  let newest = 0;
  for (const { key, record } of cells?.values() ?? [])
    if (key.includes(' ') && record[TIME]! > newest) newest = record[TIME]!;
  return newest;
}
