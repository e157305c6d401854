/** How a model version stands as a whole: its worst signal speaks for it. */
import { viewOf } from '../core/detectors/index.ts';
import type { Phase, Time } from '../core/signal.ts';
import { EMA, phaseOf, SINCE } from '../core/signal.ts';
import { hasSamples, isDrifting, isStale } from '../core/signals.ts';
import type { Signal, Version, World } from '../core/world.ts';

/**
 * The drift states, and `stale` where a signal that does not drift has had no sample for long. `replaced`: another version of the
 * model has the samples now, and no episode of this one is open.
 */
export type StandingState = Phase | 'stale' | 'replaced';

/** Most urgent first. */
const STATES: readonly StandingState[] = [
  'drifting',
  'recovering',
  'pending',
  'stale',
  'warming',
  'ok',
  'replaced',
];

export interface Standing {
  readonly version: Version;
  readonly state: StandingState;
  readonly worst: Signal;
  readonly since: Time;
  /** What replaced it. */
  readonly successor: Version | null;
}

/** Null where no signal has a sample and no episode is open: there is nothing to show. */
export function standingOf(version: Version, at: Time): Standing | null {
  const [worst] = byUrgency([...version.signals.values()].filter(hasSamples), at);
  if (!worst) return null;
  const successor = successorOf(version, at);
  const state = successor ? 'replaced' : stateOf(worst, at);
  return { version, state, worst, since: worst.record[SINCE]!, successor };
}

/** The version that has a model's samples now, where this one has none any more and no episode keeps it in mind. */
export function successorOf(version: Version, at: Time): Version | null {
  if (version.episode || isFresh(version, at)) return null;
  const others = [...version.model.versions.values()].filter((other) => isFresh(other, at));
  return others.sort((a, b) => b.firstSeenAt - a.firstSeenAt)[0] ?? null;
}

function isFresh({ signals }: Version, at: Time): boolean {
  return [...signals.values()].some((signal) => hasSamples(signal) && !isStale(signal, at));
}

export function stateOf(signal: Signal, at: Time): Exclude<StandingState, 'replaced'> {
  const phase = phaseOf(signal.record);
  return !isDrifting(signal) && phase !== 'pending' && isStale(signal, at) ? 'stale' : phase;
}

/** Within a state: what asks for a retrain, then what is nearest to its threshold or furthest beyond it. */
export function byUrgency(signals: readonly Signal[], at: Time): Signal[] {
  const rank = (signal: Signal) =>
    STATES.indexOf(stateOf(signal, at)) * 2 + (signal.rule.action === 'retrain' ? 0 : 1);
  return signals.toSorted(
    (a, b) => rank(a) - rank(b) || excessOf(b) - excessOf(a) || (a.metric < b.metric ? -1 : 1),
  );
}

/** How far the average is beyond its threshold, in thresholds; negative on the good side. */
function excessOf({ record, rule }: Signal): number {
  const { bound, threshold } = viewOf(rule.detector, record);
  const beyond = bound === 'below' ? threshold - record[EMA]! : record[EMA]! - threshold;
  return beyond / (Math.abs(threshold) || 1);
}

/** Every model version with something to show: open episodes first, then by state, then by name. */
export function standings({ models }: World, at: Time): Standing[] {
  const list: Standing[] = [];
  for (const { versions } of models.values()) {
    for (const version of versions.values()) {
      const standing = standingOf(version, at);
      if (standing) list.push(standing);
    }
  }
  return list.sort(
    (a, b) =>
      Number(b.version.episode !== null) - Number(a.version.episode !== null) ||
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      compare(a.version, b.version),
  );
}

/** As people count: model-9 before model-10. */
const NAMES = new Intl.Collator('en', { numeric: true });

/** By name; of one model the version that came last is the one that serves, and stands first. */
function compare(a: Version, b: Version): number {
  return (
    NAMES.compare(a.name.name, b.name.name) ||
    b.firstSeenAt - a.firstSeenAt ||
    NAMES.compare(a.name.version, b.name.version)
  );
}
