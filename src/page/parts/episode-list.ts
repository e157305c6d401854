/** The episodes of one model version, newest first: each a line that opens to what was asked and what came of it. */
import type { Episode, RetrainRequest } from '../../core/retrain.ts';
import type { ModelVersion, Time } from '../../core/signal.ts';
import type { Html } from '../html.ts';
import { html, takeWithin } from '../html.ts';
import { modelPath, requestPath } from '../links.ts';
import type { PageSource, Visit } from '../source.ts';
import { heldWords, requestOf } from '../words/decision-words.ts';
import { formatElapsed, formatName, formatTime } from '../words/format.ts';
import { STATUS_WORDS } from '../words/request-words.ts';
import { requestDetail } from './request-detail.ts';

export interface EpisodeListOptions {
  readonly source: PageSource;
  readonly visit: Visit;
  readonly root: string;
  /** Only episodes older than this one. */
  readonly before: string | undefined;
  /** Come first, however old they are: somebody was led to one, or has to act on its request. */
  readonly pinned: readonly Episode[];
}

const EPISODES = 20;
const EPISODES_BYTES = 50_000;

export function episodeList(name: ModelVersion, options: EpisodeListOptions): Html {
  const { source, visit, root, before, pinned } = options;
  const filter = { model: name.name, version: name.version, limit: EPISODES + 1 + pinned.length };
  const episodes = source.history
    .episodes({ ...filter, ...(before !== undefined && { before }) })
    .filter(({ id }) => pinned.every((one) => one.id !== id));
  const render = (episode: Episode) => item(episode, { source, visit, root });
  const first = pinned.map(render);
  const { rendered } = takeWithin(episodes.slice(0, EPISODES), { bytes: EPISODES_BYTES, render });
  const last = episodes[rendered.length - 1];
  const older =
    last !== undefined &&
    rendered.length < episodes.length &&
    html`<p><a href="${root}${modelPath(name)}?before=${encodeURIComponent(last.id)}#episodes">Older episodes</a></p>`;
  return html`<section aria-labelledby="episodes-title"><h2 id="episodes-title">Episodes</h2>
<div id="episodes">${first}${first.length + rendered.length === 0 ? html`<p>${before === undefined ? 'None yet.' : 'None that are older.'}</p>` : rendered}</div>${older}</section>`;
}

interface Shown {
  readonly source: PageSource;
  readonly visit: Visit;
  readonly root: string;
}

function item(episode: Episode, { source, visit, root }: Shown): Html {
  const now = source.now();
  const { id, startedAt, endedAt, metrics, continues } = episode;
  const request = requestOf(episode, source);
  const open = endedAt === null;
  const unfolded = open || request?.endedAt === null;
  return html`<details id="${id}" class="episode ${open ? 'open' : 'closed'}"${unfolded && html` open`}>
<summary>${formatTime(startedAt, now)}, ${formatElapsed((endedAt ?? now) - startedAt)}: ${named(metrics)} – ${end(episode, request, now)}</summary>
<p>Episode <code>${id}</code>${continues !== null && html`, which continues ${linkTo(continues, { source, root })}`}.</p>
${request ? requestDetail(request, { now, visit, root, triggers: source.config.triggers }) : html`<p>${unasked(episode, now)}.</p>`}
</details>
`;
}

/** A link that leads to it wherever it is in the list: it has asked, or nothing could continue it. */
function linkTo(id: string, { source, root }: Pick<Shown, 'source' | 'root'>): Html {
  const request = source.history.episode(id)?.request;
  const asked = request == null ? undefined : source.history.request(request);
  const text = html`<code>${id}</code>`;
  return asked ? html`<a href="${root}${requestPath(asked)}">${text}</a>` : text;
}

const NAMED = 5;

function named(metrics: readonly string[]): Html {
  const shown = metrics
    .slice(0, NAMED)
    .map((metric, index) => html`${index > 0 && ', '}${formatName(metric, 24)}`);
  return html`${shown}${metrics.length > NAMED && ` and ${metrics.length - NAMED} more`}`;
}

/** An episode without a request that could be shown. */
function unasked(episode: Episode, now: Time): Html {
  if (episode.request !== null) return html`It ${heldWords(episode, now)}`;
  const reason = episode.heldBy !== null && html`: ${heldWords(episode, now)}`;
  return html`It ${episode.endedAt === null ? 'has asked for' : 'asked for'} nothing${reason}`;
}

/** How it ended, or how it stands. */
function end(episode: Episode, request: RetrainRequest | undefined, now: Time): Html {
  const asked = request
    ? html`retrain ${STATUS_WORDS[request.status].replace(/:.*/, '')}`
    : heldWords(episode, now);
  if (episode.endedAt === null) return html`<strong>open</strong>, ${asked}`;
  return episode.request !== null
    ? html`${episode.cause ?? 'closed'}, ${asked}`
    : html`${episode.cause ?? 'closed'}, suppressed: ${episode.heldBy ?? 'no reason is known'}`;
}
