/** Metrics of the config that have nothing to judge, and why. */
import type { Waiting } from './derive/view.ts';
import { viewDerivation } from './derive/view.ts';
import { hasSamples, ruleFor } from './signals.ts';
import type { Signal, Version, World } from './world.ts';

/**
 * `no_series`: nothing of this version that was scraped fits. `no_events`: nothing was pushed. `no_samples`: something
 * was there, and all of it was dropped. Else what the first sample waits for.
 */
export type UnmatchedReason = Waiting | 'no_series' | 'no_events' | 'no_samples';

export interface Unmatched {
  readonly metric: string;
  readonly why: UnmatchedReason;
  /** Where something is there already. */
  readonly signal: Signal | null;
}

/** The metrics that are for this model and have no sample of this version, in the config's order. */
export function unmatchedOf(world: World, { model, signals }: Version): Unmatched[] {
  return metricsOf(world).flatMap((metric): Unmatched[] => {
    const rule = ruleFor(world.config, metric, model.name);
    const signal = signals.get(metric);
    if (!rule || (signal && hasSamples(signal))) return [];
    if (!signal) return [{ metric, why: rule.from ? 'no_series' : 'no_events', signal: null }];
    return [{ metric, why: viewDerivation(signal)?.waiting ?? 'no_samples', signal }];
  });
}

/** How many signals each metric of the config has, in its order; 0 where nothing that was scraped or pushed fits it. */
export function signalCounts(world: World): Map<string, number> {
  const counts = new Map(metricsOf(world).map((metric) => [metric, 0]));
  for (const signal of world.signals)
    if (signal && isMatched(signal)) counts.set(signal.metric, (counts.get(signal.metric) ?? 0) + 1);
  return counts;
}

/** The metrics that nothing fits, in the config's order. */
export function metricsWithoutSignals(world: World): string[] {
  return [...signalCounts(world)].flatMap(([metric, count]) => (count === 0 ? [metric] : []));
}

/** Observations that count towards a first sample are a match as well: a reference may take a day to be complete. */
function isMatched(signal: Signal): boolean {
  if (hasSamples(signal)) return true;
  const view = viewDerivation(signal);
  return view !== null && (view.count > 0 || view.waiting === 'reference');
}

/** Each name once; several entries may share it. */
function metricsOf({ config }: World): string[] {
  return [...new Set(config.rules.map(({ metric }) => metric))];
}
