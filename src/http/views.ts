/** The API's shapes, made from the world and its history: snake_case, times in RFC 3339, `model` always `{name, version}`. */
import { viewOf } from '../core/detectors/index.ts';
import type { Episode, RequestStep, RetrainRequest } from '../core/retrain.ts';
import type { ModelVersion, Phase, Time } from '../core/signal.ts';
import { EMA, phaseOf, SAMPLES, SINCE, TIME, VALUE } from '../core/signal.ts';
import { isStale } from '../core/signals.ts';
import type { Signal } from '../core/world.ts';

export interface ModelView {
  readonly name: string;
  readonly version: string;
}

export interface SignalView {
  readonly model: ModelView;
  readonly metric: string;
  readonly state: Phase;
  readonly value: number;
  readonly ema: number;
  readonly bound: 'below' | 'above';
  readonly threshold: number;
  readonly clear: number;
  readonly samples: number;
  readonly since: string | null;
  readonly last_sample_at: string | null;
  readonly stale: boolean;
}

export function viewSignal(signal: Signal, at: Time): SignalView {
  const { record, rule, metric, model } = signal;
  const { bound, threshold, clear } = viewOf(rule.detector, record);
  return {
    model: viewModel(model),
    metric,
    state: phaseOf(record),
    value: record[VALUE]!,
    ema: record[EMA]!,
    bound,
    threshold,
    clear,
    samples: record[SAMPLES]!,
    since: rfc3339(record[SINCE]!),
    last_sample_at: rfc3339(record[TIME]!),
    stale: isStale(signal, at),
  };
}

export interface EpisodeView {
  readonly id: string;
  readonly model: ModelView;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly cause: string | null;
  readonly continues: string | null;
  readonly signals: readonly string[];
  readonly request: string | null;
  readonly reason: string | null;
}

export function viewEpisode(episode: Episode): EpisodeView {
  return {
    id: episode.id,
    model: viewModel(episode.model),
    started_at: rfc3339(episode.startedAt),
    ended_at: rfc3339(episode.endedAt),
    cause: episode.cause,
    continues: episode.continues,
    signals: episode.metrics,
    request: episode.request,
    reason: episode.heldBy,
  };
}

export interface RetrainView {
  readonly id: string;
  readonly model: ModelView;
  readonly episode: string | null;
  readonly status: string;
  readonly trigger: string;
  readonly reason: string;
  readonly attempts: number;
  readonly requested_at: string | null;
  readonly delivered_at: string | null;
  readonly ended_at: string | null;
  readonly outcome: {
    readonly status: string;
    readonly version: string | null;
    readonly message: string | null;
    readonly at: string | null;
  } | null;
  /** Whether the retrain helped; null until it was judged. */
  readonly effective: boolean | null;
  readonly steps: readonly RequestStepView[];
}

export interface RequestStepView {
  readonly event: RequestStep['event'];
  readonly at: string | null;
  readonly last_at: string | null;
  readonly count: number;
  readonly reason: string | null;
  readonly detail: string | null;
}

export function viewRetrain(request: RetrainRequest): RetrainView {
  const { outcome } = request;
  return {
    id: request.id,
    model: viewModel(request.model),
    episode: request.episode,
    status: request.status,
    trigger: request.trigger,
    reason: request.reason,
    attempts: request.attempts,
    requested_at: rfc3339(request.requestedAt),
    delivered_at: rfc3339(request.deliveredAt),
    ended_at: rfc3339(request.endedAt),
    outcome: outcome && {
      status: outcome.status,
      version: outcome.version,
      message: outcome.message,
      at: rfc3339(outcome.at),
    },
    effective: null,
    steps: request.steps.map(({ event, at, lastAt, count, reason, detail }) => ({
      event,
      at: rfc3339(at),
      last_at: rfc3339(lastAt),
      count,
      reason,
      detail,
    })),
  };
}

export function viewModel({ name, version }: ModelVersion): ModelView {
  return { name, version };
}

/** In UTC with milliseconds, and microseconds where there are some; null where there is no time, or none in the calendar. */
export function rfc3339(time: Time | null): string | null {
  if (time === null || !Number.isFinite(time)) return null;
  const micros = Math.round(time * 1000);
  const date = new Date(Math.floor(micros / 1000));
  if (Number.isNaN(date.getTime())) return null;
  const rest = micros - date.getTime() * 1000;
  return rest === 0
    ? date.toISOString()
    : `${date.toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
