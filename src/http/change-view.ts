/**
 * What the detector decided, as the event stream tells it: one shape per kind of change. A change holds live objects, so
 * its view is made at the moment of the message.
 */
import type { Change } from '../core/world.ts';
import type { EpisodeView, ModelView, RetrainView, SignalView } from './views.ts';
import { rfc3339, viewEpisode, viewModel, viewRetrain, viewSignal } from './views.ts';

type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>;

interface Told {
  /** When it was decided; a deadline that has passed is decided at its own instant. */
  readonly at: string | null;
  readonly model: ModelView;
}

export type ChangeView = Told &
  (
    | {
        readonly type: 'phase';
        readonly metric: string;
        readonly from: ChangeOf<'phase'>['from'];
        readonly to: ChangeOf<'phase'>['to'];
        /** Null where it was forgotten at the same time. */
        readonly signal: SignalView | null;
      }
    | {
        readonly type: 'signal_removed';
        readonly metric: string;
        readonly cause: ChangeOf<'signal_removed'>['cause'];
      }
    | { readonly type: 'episode_opened'; readonly episode: EpisodeView }
    | {
        readonly type: 'episode_held';
        readonly episode: EpisodeView;
        readonly reason: ChangeOf<'episode_held'>['reason'];
        /** When the gate could pass; null where no time is known. */
        readonly until: string | null;
        readonly detail: string;
      }
    | { readonly type: 'episode_closed'; readonly episode: EpisodeView }
    | { readonly type: 'requested'; readonly retrain: RetrainView }
    | {
        readonly type: 'request_changed';
        readonly retrain: RetrainView;
        readonly report: ChangeOf<'request_changed'>['report'];
      }
  );

export function viewChange(change: Change): ChangeView {
  const at = rfc3339(change.at);
  switch (change.type) {
    case 'phase': {
      const { signal, from, to } = change;
      // The record of a forgotten signal may be another's already.
      const lives = signal.version.signals.get(signal.metric) === signal;
      return {
        type: 'phase',
        at,
        model: viewModel(signal.model),
        metric: signal.metric,
        from,
        to,
        signal: lives ? viewSignal(signal, change.at) : null,
      };
    }
    case 'signal_removed': {
      const { signal, cause } = change;
      return { type: 'signal_removed', at, model: viewModel(signal.model), metric: signal.metric, cause };
    }
    case 'episode_held': {
      const { episode, reason, detail } = change;
      return {
        type: 'episode_held',
        at,
        model: viewModel(episode.model),
        episode: viewEpisode(episode),
        reason,
        until: rfc3339(episode.heldUntil),
        detail,
      };
    }
    case 'episode_opened':
    case 'episode_closed': {
      const { type, episode } = change;
      return { type, at, model: viewModel(episode.model), episode: viewEpisode(episode) };
    }
    case 'requested': {
      const { request } = change;
      return { type: 'requested', at, model: viewModel(request.model), retrain: viewRetrain(request) };
    }
    case 'request_changed': {
      const { request, report } = change;
      return {
        type: 'request_changed',
        at,
        model: viewModel(request.model),
        retrain: viewRetrain(request),
        report,
      };
    }
  }
}
