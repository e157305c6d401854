/** Tells the log what the detector decided, in the words of the API. */

import type { ModelVersion } from './core/signal.ts';
import { EMA } from './core/signal.ts';
import { instantText, numberText } from './core/text.ts';
import type { Change } from './core/world.ts';
import type { Logger } from './log.ts';

const DISPATCHED: ReadonlySet<string> = new Set(['attempt', 'attempt_failed', 'delivered', 'parked']);

export function logChange(log: Logger, change: Change): void {
  switch (change.type) {
    case 'phase': {
      const { signal, from, to } = change;
      const fields = {
        ...named(signal.model),
        metric: signal.metric,
        from,
        to,
        ema: numberText(signal.record[EMA]!),
      };
      if (to === 'drifting' && from !== 'recovering') log.warn('drift', fields);
      else if (to === 'ok' && (from === 'drifting' || from === 'recovering')) log.info('recovered', fields);
      else log.debug('drift state changed', fields);
      break;
    }
    case 'signal_removed':
      log.info('signal forgotten', {
        ...named(change.signal.model),
        metric: change.signal.metric,
        cause: change.cause,
      });
      break;
    case 'episode_opened': {
      const { id, model, continues, metrics } = change.episode;
      log.info('episode opened', {
        episode: id,
        ...named(model),
        metrics: metrics.join(','),
        ...(continues && { continues }),
      });
      break;
    }
    case 'episode_held': {
      const { id, model, heldUntil } = change.episode;
      const until = heldUntil === null ? {} : { until: instantText(heldUntil) };
      log.info('retrain held', {
        episode: id,
        ...named(model),
        reason: change.reason,
        detail: change.detail,
        ...until,
      });
      break;
    }
    case 'episode_closed': {
      const { id, model, cause, request, heldBy } = change.episode;
      const how = request === null ? { suppressed: heldBy } : { request };
      log.info('episode closed', { episode: id, ...named(model), cause, ...how });
      break;
    }
    case 'requested': {
      const { id, episode, model, trigger, reason, status } = change.request;
      log.info('retrain request made', { request: id, episode, ...named(model), trigger, status, reason });
      break;
    }
    case 'request_changed': {
      const { id, model, status, outcome } = change.request;
      // How attempts went is the dispatcher's to tell: it knows why.
      if (DISPATCHED.has(change.report)) break;
      const fields = {
        request: id,
        ...named(model),
        status,
        ...(outcome && change.report === 'outcome' && { outcome: outcome.status }),
        ...(outcome?.version && { successor: outcome.version }),
        ...(outcome?.message && { message: outcome.message }),
      };
      log.info(sentence(change), fields);
      break;
    }
  }
}

function sentence({ report, request }: Extract<Change, { type: 'request_changed' }>): string {
  if (report === 'redeliver') return 'retrain request to be sent again';
  if (report === 'outcome' && request.status === 'timed_out')
    return 'outcome recorded after the request had timed out';
  return `retrain request ${request.status}`;
}

function named({ name, version }: ModelVersion): { model: string; version: string } {
  return { model: name, version };
}
