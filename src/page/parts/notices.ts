/** What is wrong with Driftgauge itself, or with what it is given: shown on every page, and absent where all is well. */
import { metricsWithoutSignals } from '../../core/unmatched.ts';
import type { Html } from '../html.ts';
import { html, NOTHING } from '../html.ts';
import type { PageSource } from '../source.ts';
import { formatName, formatTime, plural } from '../words/format.ts';

const NAMED = 5;

export function noticesOf(source: PageSource, root: string): Html {
  const notices = [storage(source), reload(source, root), targets(source, root), parked(source, root)];
  const shown = [...notices, unmatched(source, root)].filter((notice) => notice !== null);
  if (shown.length === 0) return NOTHING;
  return html`<ul class="notices" id="notices">${shown.map((notice) => html`<li>${notice}</li>\n`)}</ul>\n`;
}

function storage({ storageUp }: PageSource): Html | null {
  return storageUp
    ? null
    : html`<strong>Storage is down.</strong> Pushes are refused and no retrain is requested until it works again.`;
}

function reload(source: PageSource, root: string): Html | null {
  const { reloadState } = source;
  if (reloadState.successful) return null;
  return html`<strong>The last reload of the <a href="${root}config">config</a> failed.</strong> The one of ${formatTime(reloadState.lastSuccessAt, source.now())} is live; the log lists the problems.`;
}

function targets(source: PageSource, root: string): Html | null {
  const down = source.targets().filter(({ up }) => up === false);
  if (down.length === 0) return null;
  return html`<a href="${root}targets">${plural(down.length, 'target is', 'targets are')} down</a>: ${listed(down.map(({ target }) => target))}.`;
}

function parked({ world }: PageSource, root: string): Html | null {
  const count = [...world.requests.values()].filter(({ status }) => status === 'parked').length;
  return count === 0
    ? null
    : html`<a href="${root}triggers">${plural(count, 'retrain request is', 'retrain requests are')} parked</a>: delivery was given up; somebody has to redeliver or cancel.`;
}

/** While no model is known, the first page tells that at more length. */
function unmatched({ world }: PageSource, root: string): Html | null {
  const metrics = world.signalCount === 0 ? [] : metricsWithoutSignals(world);
  if (metrics.length === 0) return null;
  return html`<a href="${root}config">${plural(metrics.length, 'configured metric', 'configured metrics')}</a> ${metrics.length === 1 ? 'matches' : 'match'} nothing: ${listed(metrics)}.`;
}

export function listed(names: readonly string[]): readonly (Html | string)[] {
  const shown = names.slice(0, NAMED).map((name, index) => html`${index > 0 && ', '}${formatName(name, 60)}`);
  return names.length > NAMED ? [...shown, ` and ${names.length - NAMED} more`] : shown;
}
