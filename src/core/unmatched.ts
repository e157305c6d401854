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

/** The metrics of which no model version has a sample, in the config's order. */
export function metricsWithoutSignals(world: World): string[] {
  const shown = new Set<string>();
  for (const signal of world.signals) if (signal && hasSamples(signal)) shown.add(signal.metric);
  return metricsOf(world).filter((metric) => !shown.has(metric));
}

/** Each name once; several entries may share it. */
function metricsOf({ config }: World): string[] {
  return [...new Set(config.rules.map(({ metric }) => metric))];
}
