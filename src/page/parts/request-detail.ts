/** One retrain request with its whole history, and what can still be done about it. */
import type { RetrainRequest } from '../../core/retrain.ts';
import type { Time } from '../../core/signal.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Visit } from '../source.ts';
import { formatName, formatText, formatTime } from '../words/format.ts';
import { STATUS_WORDS } from '../words/request-words.ts';
import { stepLine } from '../words/step-words.ts';

export interface RequestDetailOptions {
  readonly now: Time;
  readonly visit: Visit;
  readonly root: string;
  /** Of the live config. */
  readonly triggers: readonly { readonly name: string }[];
}

export function requestDetail(request: RetrainRequest, options: RequestDetailOptions): Html {
  const { now, visit } = options;
  const { id, trigger, reason } = request;
  return html`<div class="request" id="${id}">
<p>Retrain request <code>${id}</code> through trigger <b>${formatName(trigger)}</b> ${STATUS_WORDS[request.status]}. ${formatText(reason)}.</p>
<ol class="history">${steps(request, now).map((step) => html`<li>${step}</li>\n`)}</ol>
${visit.mayWrite && actions(request, options)}</div>`;
}

function steps(request: RetrainRequest, now: Time): Html[] {
  const { attempting, notBefore, status } = request;
  const list = request.steps.map((step) => stepLine(step, { request, now }));
  if (attempting) list.push(html`an attempt to deliver it is under way`);
  else if (status === 'requested' && notBefore > now)
    list.push(html`next attempt not before ${formatTime(notBefore, now)}`);
  return list;
}

/** Plain forms, so that they work without JavaScript; each says what will happen. */
function actions(request: RetrainRequest, { root, triggers }: RequestDetailOptions): Html | false {
  const { id, status, endedAt, exposed, deliveredAt } = request;
  if (endedAt !== null) return false;
  const path = `${root}retrains/${encodeURIComponent(id)}`;
  return html`<div class="actions">${
    status === 'parked' &&
    triggers.length > 0 &&
    html`<form method="post" action="${path}/redeliver"><button>Redeliver</button> Sends the same request, with the same id, again: through ${choice(request, triggers)}.</form>`
  }<form method="post" action="${path}/cancel"><button>Cancel</button> Gives the request up: it is not sent again${exposed && ', but a pipeline that has it is not stopped'}. The model’s slot becomes free${deliveredAt !== null && ', and the cooldown begins'}. If this drift lasts, it asks again after the cooldown.</form></div>`;
}

/** Its own trigger may be gone from the config. */
function choice({ id, trigger }: RetrainRequest, triggers: RequestDetailOptions['triggers']): Html {
  const [only] = triggers;
  if (triggers.length === 1) {
    return html`trigger ${formatName(only!.name)}<input type="hidden" name="trigger" value="${only!.name}">`;
  }
  const options = triggers.map(
    ({ name }) => html`<option${name === trigger && html` selected`}>${name}</option>`,
  );
  return html`<label>trigger <select name="trigger" id="trigger-${id}">${options}</select></label>`;
}
