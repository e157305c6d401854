/** What the program's own API says of the model at one moment: all that the demo knows about drift. */
import type { Sidecar } from './sidecar.ts';

export interface ModelView {
  readonly name: string;
  readonly version: string;
}

export interface SignalView {
  readonly model: ModelView;
  readonly metric: string;
  readonly state: 'warming' | 'ok' | 'pending' | 'drifting' | 'recovering';
  readonly value: number;
  readonly ema: number;
  readonly bound: 'below' | 'above';
  readonly threshold: number;
  readonly since: string;
  readonly last_sample_at: string;
}

export interface EpisodeView {
  readonly id: string;
  readonly model: ModelView;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly cause: string | null;
  readonly request: string | null;
  /** The gate that holds it. */
  readonly reason: string | null;
}

export interface RetrainView {
  readonly id: string;
  readonly model: ModelView;
  readonly status: string;
  readonly reason: string;
  readonly requested_at: string;
  readonly ended_at: string | null;
  readonly outcome: { readonly status: string; readonly version: string | null; readonly at: string } | null;
}

export interface ExplainView {
  readonly model: ModelView;
  readonly gates: readonly {
    readonly gate: string;
    readonly until: string | null;
    readonly detail: string;
  }[];
}

export interface Snapshot {
  /** When it was asked for: whatever happened before is in it. */
  readonly atMs: number;
  readonly signals: readonly SignalView[];
  readonly episodes: readonly EpisodeView[];
  readonly retrains: readonly RetrainView[];
  readonly explained: readonly ExplainView[];
}

export const EMPTY: Snapshot = { atMs: 0, signals: [], episodes: [], retrains: [], explained: [] };

export async function takeSnapshot(sidecar: Sidecar, model: string): Promise<Snapshot> {
  const atMs = Date.now();
  const query = `?model=${encodeURIComponent(model)}`;
  const [signals = [], episodes = [], retrains = [], explained = []] = await Promise.all([
    sidecar.get<SignalView[]>(`/api/v1/signals${query}`),
    sidecar.get<EpisodeView[]>(`/api/v1/episodes${query}`),
    sidecar.get<RetrainView[]>(`/api/v1/retrains${query}`),
    sidecar.get<ExplainView[]>(`/api/v1/explain${query}`),
  ]);
  return { atMs, signals, episodes, retrains, explained };
}

/** The signal of a metric whose version is served now. */
export function servedSignal({ signals }: Snapshot, metric: string): SignalView | undefined {
  return signals
    .filter((signal) => signal.metric === metric)
    .sort((a, b) => Date.parse(b.last_sample_at) - Date.parse(a.last_sample_at))[0];
}

/** The gate that holds an episode, in the program's own words. */
export function holdingGate({ explained }: Snapshot, { model, reason }: EpisodeView) {
  return explained
    .find((version) => version.model.version === model.version)
    ?.gates.find(({ gate }) => gate === reason);
}
