/** `/triggers`: how deliveries go, and every request that has not ended. */
import type { RequestStatus, RetrainRequest } from '../core/retrain.ts';
import type { TriggerRule } from '../core/rule.ts';
import type { Time } from '../core/signal.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { Html } from './html.ts';
import { html, takeWithin } from './html.ts';
import { layout } from './layout.ts';
import { elementId, requestPath } from './links.ts';
import { listed } from './parts/notices.ts';
import type { PageSource } from './source.ts';
import { formatName, formatTime, plural } from './words/format.ts';
import { requestWords } from './words/request-words.ts';

const ROWS_BYTES = 70_000;

export function triggersPage(source: PageSource): Html {
  const open = [...source.world.requests.values()].sort((a, b) => a.requestedAt - b.requestedAt);
  const statuses = new Map(source.triggers().map((status) => [status.trigger, status]));
  const triggers = takeWithin(source.config.triggers, {
    bytes: ROWS_BYTES,
    render: (rule) => triggerRow(rule, { open, status: statuses.get(rule.name), now: source.now() }),
  });
  const requests = takeWithin(open, { bytes: ROWS_BYTES, render: (request) => requestItem(request, source) });
  const main = html`<h1>Triggers</h1>
<table id="triggers" role="table"><thead role="rowgroup"><tr role="row">${['Trigger', 'Models', 'Outcome', 'Pending', 'Parked', 'Attempts', 'Failures', 'Last answer (UTC)'].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${triggers.rendered}</tbody></table>
${triggers.rest > 0 && html`<p>And ${triggers.rest} more.</p>`}
<h2>Requests that have not ended</h2>
${open.length === 0 ? html`<p id="requests">None.</p>` : html`<ul id="requests">${requests.rendered}</ul>`}
${requests.rest > 0 && html`<p>And ${requests.rest} more.</p>`}`;
  return layout({ title: 'Triggers – Driftgauge', root: '', here: 'triggers', source, main });
}

interface TriggerFacts {
  readonly open: readonly RetrainRequest[];
  readonly status: TriggerStatus | undefined;
  readonly now: Time;
}

function triggerRow({ name, models, outcome }: TriggerRule, { open, status, now }: TriggerFacts): Html {
  const count = (wanted: RequestStatus) =>
    open.filter((request) => request.trigger === name && request.status === wanted).length;
  const failures = [...(status?.failures ?? [])].map(([reason, times]) => `${times} ${reason}`).join(', ');
  const last = status?.last ?? null;
  return html`<tr role="row" id="${elementId('trigger', name)}">
<th role="rowheader" scope="row">${formatName(name)}</th>
<td role="cell" data-column="for">${models.length === 0 ? 'all' : listed(models)}</td>
<td role="cell" data-column="outcome">${outcome}</td>
<td role="cell" class="number">${count('requested')} pending</td>
<td role="cell" class="number">${count('parked')} parked</td>
<td role="cell" class="number">${plural(status?.attempts ?? 0, 'attempt', 'attempts')}</td>
<td role="cell"${failures !== '' && html` data-column="failures"`}>${failures}</td>
<td role="cell"${last && html` data-column="last answer"`}>${last && html`${last.failure ?? 'delivered'} at ${formatTime(last.at, now)}`}</td>
</tr>
`;
}

function requestItem(request: RetrainRequest, source: PageSource): Html {
  const { model, trigger } = request;
  return html`<li><a href="${requestPath(request)}">${formatName(model.name)} ${formatName(model.version, 24)}</a> through ${formatName(trigger)}: ${requestWords(request, source.now())}</li>
`;
}
