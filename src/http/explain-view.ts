/** What `explain` answers: why a model version did, or did not, ask, and which metrics of the config have nothing to judge. */
import type { DerivationView, Waiting } from '../core/derive/view.ts';
import { viewDerivation } from '../core/derive/view.ts';
import type { GateVerdict } from '../core/retrain.ts';
import { hasSamples } from '../core/signals.ts';
import type { UnmatchedReason } from '../core/unmatched.ts';
import { metricsWithoutSignals, unmatchedOf } from '../core/unmatched.ts';
import type { Signal, Version } from '../core/world.ts';
import type { Backend } from './backend.ts';
import type { EpisodeView, ModelView, SignalView } from './views.ts';
import { rfc3339, viewEpisode, viewModel, viewSignal } from './views.ts';

export interface ExplainView {
  readonly model: ModelView;
  readonly signals: readonly (SignalView & { readonly input?: InputView })[];
  /** The metrics of the config that are for this model and have no sample of this version. */
  readonly unmatched: readonly UnmatchedView[];
  readonly episode: EpisodeView | null;
  readonly gates: readonly {
    readonly gate: string;
    readonly verdict: 'pass' | 'wait';
    readonly until: string | null;
    readonly detail: string;
  }[];
  readonly decision: {
    readonly ask: boolean;
    readonly reason: string | null;
    readonly next_at: string | null;
  };
}

/** How the samples of a signal that counts are made. */
export interface InputView {
  readonly kind: string;
  /** What the next sample waits for; null: the next scrape. */
  readonly waiting: Waiting | null;
  readonly count: number;
  readonly min_count: number;
  readonly window_started_at: string | null;
}

export interface UnmatchedView {
  readonly metric: string;
  readonly why: UnmatchedReason;
  /** Where something counts already. */
  readonly input?: InputView;
}

/** What concerns no single version. */
export type ExplainExtras = {
  /** Metrics of the config of which no version has a sample, in the config's order. */
  readonly metrics_without_signals: readonly string[];
  /** Samples dropped since the process began, by source and reason; what is 0 is left out. */
  readonly dropped_samples: { readonly [source: string]: { readonly [reason: string]: number } };
};

/** Whether there is something to explain: an episode, a sample, or counts that will give one. */
export function isExplained(version: Version): boolean {
  const signals = [...version.signals.values()];
  return (
    version.episodes > 0 || signals.some((signal) => hasSamples(signal) || viewDerivation(signal) !== null)
  );
}

export function viewExplain(version: Version, backend: Backend): ExplainView {
  const { gates, decision } = backend.explain(version);
  const at = backend.now();
  const signals = [...version.signals.values()]
    .filter(hasSamples)
    .sort((a, b) => (a.metric < b.metric ? -1 : 1));
  return {
    model: viewModel(version.name),
    signals: signals.map((signal) => ({ ...viewSignal(signal, at), ...viewInput(signal) })),
    unmatched: unmatchedOf(backend.world, version).map(({ metric, why, signal }) => ({
      metric,
      why,
      ...(signal && viewInput(signal)),
    })),
    episode: version.episode && viewEpisode(version.episode),
    gates: gates.map(viewGate),
    decision: { ask: decision.ask, reason: decision.reason, next_at: rfc3339(decision.nextAt) },
  };
}

export function viewExtras({ world }: Backend): ExplainExtras {
  const dropped: Record<string, Record<string, number>> = {};
  for (const key of [...world.drops.keys()].sort()) {
    const [source, reason] = key.split(' ') as [string, string];
    dropped[source] ??= {};
    dropped[source][reason] = world.drops.get(key)!;
  }
  return {
    metrics_without_signals: metricsWithoutSignals(world),
    dropped_samples: dropped,
  };
}

function viewInput(signal: Signal): { readonly input?: InputView } {
  const view = viewDerivation(signal);
  return view === null ? {} : { input: inputOf(view) };
}

function inputOf({ kind, waiting, count, minCount, windowStartedAt }: DerivationView): InputView {
  return { kind, waiting, count, min_count: minCount, window_started_at: rfc3339(windowStartedAt) };
}

function viewGate(verdict: GateVerdict): ExplainView['gates'][number] {
  return {
    gate: verdict.gate,
    verdict: verdict.verdict,
    until: verdict.verdict === 'wait' ? rfc3339(verdict.until) : null,
    detail: verdict.detail,
  };
}
