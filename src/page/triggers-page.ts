/** `/triggers`: how deliveries go, and every request that has not ended. */
import type { RetrainRequest } from '../core/retrain.ts';
import type { Html } from './html.ts';
import { html, takeWithin } from './html.ts';
import { layout } from './layout.ts';
import { elementId, requestPath } from './links.ts';
import { listed } from './parts/notices.ts';
import type { PageSource } from './source.ts';
import { formatName, plural } from './words/format.ts';
import { requestWords } from './words/request-words.ts';

const ROWS_BYTES = 70_000;

export function triggersPage(source: PageSource): Html {
  const open = [...source.world.requests.values()].sort((a, b) => a.requestedAt - b.requestedAt);
  const triggers = takeWithin(source.config.triggers, {
    bytes: ROWS_BYTES,
    render: ({ name, models, outcome }) => triggerRow(name, { models, outcome, open, source }),
  });
  const requests = takeWithin(open, { bytes: ROWS_BYTES, render: (request) => requestItem(request, source) });
  const main = html`<h1>Triggers</h1>
<table id="triggers" role="table"><thead role="rowgroup"><tr role="row">${['Trigger', 'Models', 'Outcome', 'Pending', 'Parked', 'Attempts', 'Failures'].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${triggers.rendered}</tbody></table>
${triggers.rest > 0 && html`<p>And ${triggers.rest} more.</p>`}
<h2>Requests that have not ended</h2>
${open.length === 0 ? html`<p id="requests">None.</p>` : html`<ul id="requests">${requests.rendered}</ul>`}
${requests.rest > 0 && html`<p>And ${requests.rest} more.</p>`}`;
  return layout({ title: 'Triggers – Driftgauge', root: '', here: 'triggers', source, main });
}

interface TriggerRow {
  readonly models: readonly string[];
  readonly outcome: string;
  readonly open: readonly RetrainRequest[];
  readonly source: PageSource;
}

function triggerRow(name: string, { models, outcome, open, source }: TriggerRow): Html {
  const status = source.triggers().find(({ trigger }) => trigger === name);
  const count = (wanted: string) =>
    open.filter((request) => request.trigger === name && request.status === wanted).length;
  const failures = [...(status?.failures ?? [])].map(([reason, times]) => `${times} ${reason}`).join(', ');
  return html`<tr role="row" id="${elementId('trigger', name)}">
<th role="rowheader" scope="row">${formatName(name)}</th>
<td role="cell" data-column="for">${models.length === 0 ? 'all' : listed(models)}</td>
<td role="cell" data-column="outcome">${outcome}</td>
<td role="cell" class="number">${count('requested')} pending</td>
<td role="cell" class="number">${count('parked')} parked</td>
<td role="cell" class="number">${plural(status?.attempts ?? 0, 'attempt', 'attempts')}</td>
<td role="cell"${failures !== '' && html` data-column="failures"`}>${failures}</td>
</tr>
`;
}

function requestItem(request: RetrainRequest, source: PageSource): Html {
  const { model, trigger } = request;
  return html`<li><a href="${requestPath(request)}">${formatName(model.name)} ${formatName(model.version, 24)}</a> through ${formatName(trigger)}: ${requestWords(request, source.now())}</li>
`;
}
