/** How a retrain request stands, in words: what was asked, of whom, and what came of it. */
import type { RequestStatus, RetrainRequest } from '../../core/retrain.ts';
import type { Time } from '../../core/signal.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { formatName, formatTime, plural } from './format.ts';

/** Finishes `a retrain …`. */
export const STATUS_WORDS: Readonly<Record<RequestStatus, string>> = {
  requested: 'waits for delivery',
  delivered: 'was delivered',
  running: 'is running',
  parked: 'is parked: its delivery was given up',
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'timed out',
  withdrawn: 'was withdrawn',
  cancelled: 'was cancelled',
  dry_run: 'was not sent: dry_run',
};

/** What the status says, since when, and what comes next. */
export function requestWords(request: RetrainRequest, now: Time): Html {
  const at = (time: Time | null) => time !== null && html` ${formatTime(time, now)}`;
  switch (request.status) {
    case 'requested':
      return html`retrain requested${at(request.requestedAt)}${attemptWords(request, now)}`;
    case 'delivered':
      return html`retrain delivered${at(request.deliveredAt)}${request.endedAt === null && ', no word from the pipeline yet'}`;
    case 'running':
      return html`retrain running since${at(request.runningAt)}`;
    case 'parked':
      return html`retrain parked after ${plural(request.attempts, 'attempt', 'attempts')}${request.failure !== null && `: ${request.failure}`}`;
    case 'succeeded':
      return html`retrain succeeded${at(request.endedAt)}${madeVersion(request)}`;
    case 'dry_run':
      return html`retrain not sent${at(request.endedAt)}: dry_run`;
    default:
      return html`retrain ${STATUS_WORDS[request.status].replace(/^was /, '')}${at(request.endedAt)}`;
  }
}

function attemptWords({ attempts, attempting, failure, notBefore }: RetrainRequest, now: Time): Html {
  if (attempts === 0 || failure === null) return html`, being delivered`;
  if (attempting) return html`, attempt ${attempts} is under way, the one before failed: ${failure}`;
  const next = notBefore > now && html`, next attempt ${formatTime(notBefore, now)}`;
  return html`, attempt ${attempts} failed: ${failure}${next}`;
}

function madeVersion({ outcome }: RetrainRequest): Html | false {
  return outcome?.version != null && html` with version ${formatName(outcome.version)}`;
}
