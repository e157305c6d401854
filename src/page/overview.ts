/** `/`: every model version in one line, the most urgent first. */

import type { Html } from './html.ts';
import { html, takeWithin } from './html.ts';
import { layout } from './layout.ts';
import { elementId, modelPath, requestPath } from './links.ts';
import { lesson } from './parts/lesson.ts';
import { plot, plotLabel } from './parts/plot.ts';
import { waitingList } from './parts/waiting-list.ts';
import type { PageSource, Visit } from './source.ts';
import type { Standing } from './standing.ts';
import { standings } from './standing.ts';
import { decisionWords, requestOf } from './words/decision-words.ts';
import { formatName, formatSince, plural } from './words/format.ts';
import { driftingModels, headline } from './words/headline.ts';
import { judgementOf } from './words/judgement.ts';
import { recoveryWords } from './words/recovery-words.ts';
import { stateMark } from './words/state-mark.ts';

export interface OverviewQuery {
  /** A part of a model's name or version, in any case. */
  readonly filter: string;
  /** How many rows were shown before. */
  readonly skip: number;
}

const ROWS = 100;
/** Of rows; with the frame around them a page stays under 200 kB. */
const ROWS_BYTES = 170_000;

export function overviewPage(source: PageSource, visit: Visit, { filter, skip }: OverviewQuery): Html {
  const all = standings(source.world, source.now());
  const fitting = all.filter(({ version }) => fits(version.name, filter));
  const first = skip < fitting.length ? skip : 0;
  const waiting = first === 0 && filter === '' && waitingList(source);
  const { rendered } = takeWithin(fitting.slice(first, first + ROWS), {
    bytes: ROWS_BYTES,
    render: (standing) => row(standing, source),
  });
  const shown = first + rendered.length;
  const main =
    all.length === 0
      ? waiting
        ? html`<h1>No sample has come yet</h1>\n${waiting}`
        : lesson(source, visit)
      : html`<h1 class="hidden">Models</h1>
${headline(all, source)}
${filter !== '' && html`<p id="filtered">${plural(fitting.length, 'model version', 'model versions')} with “${filter}” in the name. <a href="./">Show all</a></p>`}
${table(rendered)}
${waiting}
${pages({ filter, first, shown, total: fitting.length })}
<p class="hint">The plots begin when this process did, at most 4½ hours ago: the value thin, its average bold, the threshold dashed.</p>`;
  return layout({ title: title(all), root: '', here: 'models', source, main, filter });
}

function title(all: readonly Standing[]): string {
  const drifting = driftingModels(all).size;
  return drifting === 0 ? 'Driftgauge' : `(${drifting}) Driftgauge`;
}

function fits(
  { name, version }: { readonly name: string; readonly version: string },
  filter: string,
): boolean {
  return `${name} ${version}`.toLowerCase().includes(filter.toLowerCase());
}

const COLUMNS = ['State', 'Model', 'Worst signal', 'Recent time', 'Since (UTC)', 'Decision'] as const;

/** Roles are written out, because a narrow screen shows rows as blocks, and browsers then forget what they are. */
function table(rows: readonly Html[]): Html {
  return html`<table id="models" role="table"><thead role="rowgroup"><tr role="row">${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows}</tbody></table>`;
}

function row(standing: Standing, source: PageSource): Html {
  const { version, state, worst, since, successor } = standing;
  const now = source.now();
  const judgement = judgementOf(worst);
  const recovery = successor === null && recoveryWords(worst, now);
  const series = source.recent.of(worst);
  const drawn = plot({
    signal: worst,
    series,
    now,
    width: 160,
    height: 28,
    label: plotLabel(worst.metric, series, judgement),
  });
  const { name, version: number } = version.name;
  return html`<tr role="row" id="${elementId('row', name, number)}" class="${state}">
<td role="cell">${stateMark(state)}</td>
<th role="rowheader" scope="row"><a class="whole" href="${modelPath(version.name)}">${formatName(name)} <span class="version">${formatName(number, 24)}</span></a></th>
<td role="cell">${formatName(worst.metric, 32)} <span class="number">${judgement}</span>${recovery && html`<br>${recovery}`}</td>
<td role="cell" class="spark">${drawn?.svg ?? ''}</td>
<td role="cell" class="number">${formatSince(since, now)}</td>
<td role="cell">${decisionWords(standing, source)}${requestLink(standing, source)}</td>
</tr>
`;
}

function requestLink({ version }: Standing, source: PageSource): Html | false {
  const request = version.episode && requestOf(version.episode, source);
  if (!request) return false;
  const short = request.id.length > 10 ? `${request.id.slice(0, 8)}…` : request.id;
  return html` <a class="above" href="${requestPath(request)}" title="${request.id}">${short}</a>`;
}

interface Pages {
  readonly filter: string;
  /** How many come before this page, and how many with it. */
  readonly first: number;
  readonly shown: number;
  readonly total: number;
}

/** To the next page and to the first one: how many rows fit on a page is known only once they are rendered. */
function pages({ filter, first, shown, total }: Pages): Html | false {
  if (first === 0 && shown === total) return false;
  const link = (to: number, text: string) => {
    const query = new URLSearchParams({
      ...(filter !== '' && { q: filter }),
      ...(to > 0 && { skip: String(to) }),
    });
    return html`<a href="./${query.size > 0 && `?${query}`}">${text}</a>`;
  };
  return html`<nav class="pages" aria-label="More models">${first + 1} to ${shown} of ${total}, the most urgent first.${first > 0 && html` ${link(0, 'The first models')}`}${shown < total && html` ${link(shown, 'Next')}`}</nav>`;
}
