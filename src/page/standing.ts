/** How a model version stands as a whole: its worst signal speaks for it. */
import { viewOf } from '../core/detectors/index.ts';
import type { Phase, Time } from '../core/signal.ts';
import { EMA, phaseOf, SINCE } from '../core/signal.ts';
import { hasSamples, isDrifting, isStale, policyFor } from '../core/signals.ts';
import { lastReceipt, replacedAt } from '../core/wake.ts';
import type { Model, Signal, Version, World } from '../core/world.ts';

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

interface Moment {
  readonly world: World;
  readonly at: Time;
  /** Of the version's model. */
  readonly serving: Version;
}

/** Null where no signal has a sample: there is nothing to show. */
export function standingOf(version: Version, moment: Moment): Standing | null {
  const { at, serving } = moment;
  const [worst] = byUrgency([...version.signals.values()].filter(hasSamples), at);
  if (!worst) return null;
  const successor = isReplaced(version, moment) ? serving : null;
  const state = successor ? 'replaced' : stateOf(worst, at);
  return { version, state, worst, since: worst.record[SINCE]!, successor };
}

/**
 * The version of a model that has its samples now: of those with fresh ones the newest, and where none has any the one
 * that had the last.
 */
export function servingOf(model: Model, at: Time): Version {
  const precedes = (a: Version, b: Version) => {
    const [isFreshA, isFreshB] = [isFresh(a, at), isFresh(b, at)];
    if (isFreshA !== isFreshB) return isFreshA;
    return isFreshA ? a.firstSeenAt > b.firstSeenAt : lastReceipt(a) > lastReceipt(b);
  };
  return [...model.versions.values()].reduce((best, version) => (precedes(version, best) ? version : best));
}

/**
 * No episode keeps this one in mind, and it is stale, while another is fresh or `replaced_after` has passed. One that is fresh
 * and drifts is shown, as on `/metrics`, whatever became of its episode.
 */
function isReplaced(version: Version, { world, at, serving }: Moment): boolean {
  if (version.episode || isFresh(version, at) || lastReceipt(serving) <= lastReceipt(version)) return false;
  const policy = policyFor(world.config, version.model.name);
  return isFresh(serving, at) || at >= replacedAt(version, { policy, newest: lastReceipt(serving) });
}

export function isFresh({ signals }: Version, at: Time): boolean {
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
export function standings(world: World, at: Time): Standing[] {
  const list: Standing[] = [];
  for (const model of world.models.values()) {
    if (model.versions.size === 0) continue;
    const serving = servingOf(model, at);
    for (const version of model.versions.values()) {
      const standing = standingOf(version, { world, at, serving });
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
