/** `/targets`: how the scrapes go. */
import type { TargetStatus } from '../sources/target-status.ts';
import type { Html } from './html.ts';
import { html, takeWithin } from './html.ts';
import { layout } from './layout.ts';
import { elementId } from './links.ts';
import type { PageSource } from './source.ts';
import { formatName, formatNumber, formatSince, plural } from './words/format.ts';

const ROWS_BYTES = 150_000;

export function targetsPage(source: PageSource): Html {
  const targets = source.targets().toSorted((a, b) => rank(a) - rank(b) || (a.target < b.target ? -1 : 1));
  const { rendered, rest } = takeWithin(targets, {
    bytes: ROWS_BYTES,
    render: (target) => row(target, source.now()),
  });
  const main =
    targets.length === 0
      ? html`<h1>Targets</h1><p>The config has no scrape_configs: metrics are pushed to <code>POST /api/v1/events</code>.</p>`
      : html`<h1>Targets</h1>
<table id="targets" role="table"><thead role="rowgroup"><tr role="row">${['State', 'Target', 'Job', 'Last scrape (UTC)', 'Samples', 'Took', 'Failures'].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rendered}</tbody></table>
${rest > 0 && html`<p>${rest} more; <code>driftgauge_target_up</code> on <a href="metrics">/metrics</a> has them all.</p>`}`;
  return layout({ title: 'Targets – Driftgauge', root: '', here: 'targets', source, main });
}

function rank({ up }: TargetStatus): number {
  return up === false ? 0 : up === null ? 1 : 2;
}

function row(status: TargetStatus, now: number): Html {
  const { job, target, up, lastScrapeAt, samples, durationSeconds, error, failures } = status;
  const failed = [...failures].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const state = up === null ? 'not scraped yet' : up ? 'up' : 'down';
  const shape = up === null ? '◌' : up ? '○' : '●';
  return html`<tr role="row" id="${elementId('target', job, target)}" class="${up === false ? 'down' : 'up'}">
<td role="cell"><span class="state ${up === false ? 'drifting' : 'ok'}"><span aria-hidden="true">${shape}</span> ${state}</span></td>
<th role="rowheader" scope="row">${formatName(target, 60)}</th>
<td role="cell" data-column="job">${formatName(job)}</td>
<td role="cell" class="number">${lastScrapeAt === null ? '' : html`${formatSince(lastScrapeAt, now)} ago`}</td>
<td role="cell" class="number">${up === null ? '' : plural(samples, 'sample', 'samples')}</td>
<td role="cell" class="number">${up === null ? '' : `${formatNumber(durationSeconds * 1000)} ms`}</td>
<td role="cell"${failed !== '' && html` data-column="failures"`}>${failed}${error !== null && html`<p class="error">${error}</p>`}</td>
</tr>
`;
}
