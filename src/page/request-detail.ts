/** One retrain request with its whole history, and what can still be done about it. */
import type { RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import { formatName, formatTime, plural } from './format.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { STATUS_WORDS } from './request-words.ts';
import type { Visit } from './source.ts';

export interface RequestDetailOptions {
  readonly now: Time;
  readonly visit: Visit;
  readonly root: string;
}

export function requestDetail(request: RetrainRequest, { now, visit, root }: RequestDetailOptions): Html {
  const { id, trigger, reason } = request;
  return html`<div class="request" id="${id}">
<p>Retrain request <code>${id}</code> through trigger <b>${formatName(trigger)}</b> ${STATUS_WORDS[request.status]}. ${reason}.</p>
<ol class="history">${steps(request, now).map((step) => html`<li>${step}</li>\n`)}</ol>
${visit.mayWrite && actions(request, root)}</div>`;
}

function steps(request: RetrainRequest, now: Time): Html[] {
  const { attempts, failure, notBefore, status, outcome, deliveredAt, runningAt, endedAt } = request;
  const at = (time: Time) => formatTime(time, now);
  const list = [html`${at(request.requestedAt)} requested`];
  if (attempts > 0) {
    const next =
      status === 'requested' && notBefore > now && html`; the next one not before ${at(notBefore)}`;
    list.push(
      html`${plural(attempts, 'attempt', 'attempts')} to deliver it${failure !== null && html`, the last failed: ${failure}`}${next}`,
    );
  }
  if (deliveredAt !== null) list.push(html`${at(deliveredAt)} delivered`);
  // A pipeline that still runs has its outcome below, with its words.
  if (runningAt !== null && outcome?.status !== 'running')
    list.push(html`${at(runningAt)} running, says the pipeline`);
  if (outcome)
    list.push(
      html`${at(outcome.at)} ${outcome.status}, says the pipeline${outcome.version !== null && html`: it made version ${formatName(outcome.version)}`}${outcome.message !== null && html` – “${outcome.message}”`}`,
    );
  if (endedAt !== null) list.push(html`${at(endedAt)} ended: ${status}`);
  return list;
}

/** Plain forms, so that they work without JavaScript; each says what will happen. */
function actions({ id, status, endedAt, trigger, exposed }: RetrainRequest, root: string): Html | false {
  if (endedAt !== null) return false;
  const path = `${root}retrains/${encodeURIComponent(id)}`;
  return html`<div class="actions">${
    status === 'parked' &&
    html`<form method="post" action="${path}/redeliver"><button>Redeliver</button> Sends the same request, with the same id, to trigger ${formatName(trigger)} again.</form>`
  }<form method="post" action="${path}/cancel"><button>Cancel</button> Gives the request up: it is not sent again${exposed && ', but a pipeline that has it is not stopped'}. The model’s slot becomes free${status === 'delivered' || status === 'running' ? ', and the cooldown begins' : ''}.</form></div>`;
}
