/** `/models/{name}:{version}`: what drifts, why, since when, what was asked of whom, and what came of it. */
import type { Episode } from '../core/retrain.ts';
import type { ModelVersion } from '../core/signal.ts';
import { findVersion } from '../core/signals.ts';
import type { Version } from '../core/world.ts';
import type { Html } from './html.ts';
import { html, takeWithin } from './html.ts';
import { layout } from './layout.ts';
import { modelPath } from './links.ts';
import { episodeList } from './parts/episode-list.ts';
import { gateList } from './parts/gate-list.ts';
import { signalList } from './parts/signal-list.ts';
import type { PageSource, Visit } from './source.ts';
import { servingOf, standingOf } from './standing.ts';
import { formatName } from './words/format.ts';
import { stateMark } from './words/state-mark.ts';
import { story } from './words/story.ts';

export interface ModelQuery {
  /** Episodes older than the one with this id. */
  readonly before?: string;
  /** The request that must be shown, wherever it is in the list. */
  readonly request?: string;
  /** How many signals were shown before. */
  readonly skip: number;
}

const ROOT = '../';

/** Null where neither the world nor history knows it. */
export function modelPage(
  source: PageSource,
  visit: Visit,
  { name, query }: { readonly name: ModelVersion; readonly query: ModelQuery },
): Html | null {
  const { world, history } = source;
  const version = findVersion(world, name);
  const past = { model: name.name, version: name.version, limit: 1 };
  if (!version && history.episodes(past).length === 0 && history.requests(past).length === 0) return null;
  const at = source.now();
  const standing = version ? standingOf(version, { world, at, serving: servingOf(version.model, at) }) : null;
  const main = html`<h1>${formatName(name.name)} <span class="version">${formatName(name.version)}</span>${standing && html` ${stateMark(standing.state)}`}</h1>
${others(name, source)}
${version ? living(version, source, { skip: query.skip, successor: standing?.successor ?? null }) : html`<p class="headline" id="headline">No signal of this version is known any more; this is what it asked for.</p>`}
${episodeList(name, { source, visit, root: ROOT, before: query.before, pinned: pinnedOf(name, source, query) })}`;
  return layout({ title: `${name.name} ${name.version} – Driftgauge`, root: ROOT, here: null, source, main });
}

/** Of the request that was asked for, and of the one in flight. */
function pinnedOf(
  { name, version }: ModelVersion,
  { world, history }: PageSource,
  { request, before }: ModelQuery,
): readonly Episode[] {
  const inFlight = before === undefined ? world.models.get(name)?.inFlight : null;
  const asked = request === undefined ? null : history.request(request);
  const ids = [asked, inFlight].flatMap((one) =>
    one?.model.name === name && one.model.version === version && one.episode !== null ? [one.episode] : [],
  );
  return [...new Set(ids)].flatMap((id) => history.episode(id) ?? []);
}

function living(
  version: Version,
  source: PageSource,
  { skip, successor }: { readonly skip: number; readonly successor: Version | null },
): Html {
  return html`<p class="headline story" id="headline">${story(version, { source, root: ROOT, successor })}</p>
${gateList(version, source, ROOT)}
${signalList(version, source, { skip, root: ROOT })}`;
}

const OTHERS_BYTES = 5000;

function others(name: ModelVersion, { world }: PageSource): Html | false {
  const versions = [...(world.models.get(name.name)?.versions.values() ?? [])]
    .filter((version) => version.name.version !== name.version)
    .sort((a, b) => b.firstSeenAt - a.firstSeenAt);
  if (versions.length === 0) return false;
  const { rendered, rest } = takeWithin(versions, {
    bytes: OTHERS_BYTES,
    render: (version) =>
      html` <a href="${ROOT}${modelPath(version.name)}">${formatName(version.name.version, 24)}</a>`,
  });
  return html`<p id="versions">Other versions:${rendered}${rest > 0 && ` and ${rest} more`}</p>`;
}
