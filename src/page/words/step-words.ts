/** One step of a retrain request in words: when, what, how often, and why. */
import type { RequestStep, RetrainRequest } from '../../core/retrain.ts';
import type { Time } from '../../core/signal.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { formatName, formatText, formatTime, plural } from './format.ts';

/** A request has up to 32 steps, and a page several requests. */
const CUT = 120;

interface Told {
  readonly request: RetrainRequest;
  readonly now: Time;
}

export function stepLine(step: RequestStep, told: Told): Html {
  const { at, lastAt, count } = step;
  const first = formatTime(at, told.now);
  const when = count === 1 ? first : html`${first} to ${formatTime(lastAt, told.now)}`;
  return html`${when} ${stepWords(step, told)}`;
}

function stepWords({ event, count, reason, detail }: RequestStep, { request }: Told): Html {
  const why = reason !== null && html`: ${reason}`;
  switch (event) {
    case 'attempt_failed':
      return html`${plural(count, 'attempt', 'attempts')} failed${why}${said(detail)}`;
    case 'parked':
      return html`parked${why}${said(detail)}`;
    case 'redelivered':
      return html`sent again by a person${said(detail)}`;
    case 'running':
      return html`${times(count)}running, says the pipeline${quoted(detail)}`;
    case 'succeeded':
    case 'failed': {
      if (reason === 'version_seen') return html`${event}${said(detail)}`;
      const { outcome } = request;
      const version = outcome?.status === event ? outcome.version : null;
      return html`${event}, says the pipeline${version !== null && html`: it made version ${formatName(version)}`}${quoted(detail)}`;
    }
    case 'omitted':
      return html`${plural(count, 'step', 'steps')}, not kept one by one`;
    case 'timed_out':
      return html`timed out: no outcome came in time`;
    case 'withdrawn':
      return html`withdrawn: its episode closed before anybody had seen it`;
    case 'dry_run':
      return html`not sent: dry_run`;
    default:
      return html`${event}`;
  }
}

function said(detail: string | null): Html | false {
  return detail !== null && html`, ${formatText(detail, CUT)}`;
}

function quoted(detail: string | null): Html | false {
  return detail !== null && html` – “${formatText(detail, CUT)}”`;
}

function times(count: number): string {
  return count === 1 ? '' : `${count} times `;
}
