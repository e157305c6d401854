/** The first sentence: the whole state in words. */
import type { RequestStatus } from '../../core/retrain.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource } from '../source.ts';
import type { Standing, StandingState } from '../standing.ts';
import { heldWords } from './decision-words.ts';
import { plural } from './format.ts';
import { lastEpisode } from './last-episode.ts';

export function headline(all: readonly Standing[], source: PageSource): Html {
  const sentences = [driftSentence(all, source), retrainSentence(source), staleSentence(all)];
  return html`<p class="headline" id="headline">${sentences.map((sentence) => sentence !== null && html`${sentence} `)}</p>`;
}

export function driftingModels(all: readonly Standing[]): ReadonlySet<string> {
  return modelsOf(all, ['drifting', 'recovering']);
}

function driftSentence(all: readonly Standing[], source: PageSource): Html {
  const drifting = driftingModels(all);
  const pending = modelsOf(all, ['pending']);
  if (drifting.size > 0) {
    const also = [...pending].filter((name) => !drifting.has(name)).length;
    return html`<strong>${plural(drifting.size, 'model drifts', 'models drift')}.</strong>${also > 0 && html` ${also} more ${also === 1 ? 'is' : 'are'} beyond a threshold, not long enough yet.`}`;
  }
  if (pending.size > 0)
    return html`<strong>No model drifts.</strong> ${plural(pending.size, 'is', 'are')} beyond a threshold, not long enough yet.`;
  const warming = modelsOf(all, ['warming']).size;
  return html`<strong>No model drifts.</strong>${lastEpisode(source, {})}${warming > 0 && html` ${plural(warming, 'is', 'are')} warming up and not judged yet.`}`;
}

/** In the order in which they are told. */
const TOLD: readonly (readonly [RequestStatus, string, string])[] = [
  ['running', 'is running', 'are running'],
  ['delivered', 'was delivered', 'were delivered'],
  ['requested', 'waits for delivery', 'wait for delivery'],
  ['parked', 'is parked', 'are parked'],
];

function retrainSentence(source: PageSource): Html | null {
  const { world } = source;
  const requests = [...world.requests.values()];
  const parts: (Html | string)[] = TOLD.flatMap(([status, one, many]) => {
    const count = requests.filter((request) => request.status === status).length;
    return count === 0 ? [] : [plural(count, one, many)];
  });
  const held = [...world.models.values()].flatMap(({ versions }) =>
    [...versions.values()].flatMap(({ episode }) =>
      episode?.request === null && episode.heldBy !== null ? [episode] : [],
    ),
  );
  const [only] = held;
  if (only) {
    parts.push(held.length === 1 ? html`1 is ${heldWords(only, source.now())}` : `${held.length} are held`);
  }
  if (parts.length === 0) return null;
  const [first, ...others] = parts;
  return html`Retrains: ${first!}${others.map((part) => html`, ${part}`)}.`;
}

function staleSentence(all: readonly Standing[]): Html | null {
  const count = modelsOf(all, ['stale']).size;
  return count === 0
    ? null
    : html`${plural(count, 'model has', 'models have')} had no sample for long: the state stands still.`;
}

/** Names, because that is what people count; each in its worst state only where it is asked for so. */
function modelsOf(all: readonly Standing[], states: readonly StandingState[]): ReadonlySet<string> {
  return new Set(all.filter(({ state }) => states.includes(state)).map(({ version }) => version.name.name));
}
