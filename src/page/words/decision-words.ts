/** Why a model version did or did not ask, or what comes next: never only "true". */
import type { Episode, RetrainRequest } from '../../core/retrain.ts';
import type { Action } from '../../core/rule.ts';
import type { Time } from '../../core/signal.ts';
import { BREACH_SINCE, BREACHES, phaseOf, RECEIVED_AT, TIME } from '../../core/signal.ts';
import { isStale } from '../../core/signals.ts';
import { durationText } from '../../core/text.ts';
import type { Signal, Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html, NOTHING } from '../html.ts';
import type { PageSource } from '../source.ts';
import type { Standing } from '../standing.ts';
import { isFresh } from '../standing.ts';
import { formatElapsed, formatName, formatTime } from './format.ts';
import { requestWords } from './request-words.ts';

export function decisionWords({ version, worst, successor }: Standing, source: PageSource): Html {
  const now = source.now();
  const { episode } = version;
  if (successor) return successorWords(successor, now);
  if (!episode) return quietWords(worst, source);
  const request = requestOf(episode, source);
  if (request) return html`${requestWords(request, now)}${askAgainWords(version, source)}`;
  return heldWords(episode, now);
}

/** Follows `It was replaced:`. */
export function successorWords(successor: Version, now: Time): Html {
  const name = formatName(successor.name.version, 24);
  return isFresh(successor, now)
    ? html`version ${name} has the samples now`
    : html`version ${name} had the last samples`;
}

/** The request of an episode, wherever it is kept. */
export function requestOf({ request }: Episode, { world, history }: PageSource): RetrainRequest | undefined {
  return request === null ? undefined : (world.requests.get(request) ?? history.request(request));
}

export function heldWords({ request, heldBy, heldUntil }: Episode, now: Time): Html {
  if (request !== null) return html`asked once, with ${request}; its history is gone`;
  if (heldBy === null) return html`about to ask`;
  return html`held: ${heldBy}${heldUntil !== null && html` until ${formatTime(heldUntil, now)}`}`;
}

/** A drift that outlasts its request may ask again. */
function askAgainWords(version: Version, source: PageSource): Html | false {
  const { nextAt, reason } = source.explain(version).decision;
  return reason === 'asked' && nextAt !== null && html`; may ask again ${formatTime(nextAt, source.now())}`;
}

/** Without an episode: what is still missing to drift, or why a drift asks for nothing. */
function quietWords(worst: Signal, source: PageSource): Html {
  const { rule, record } = worst;
  const now = source.now();
  switch (phaseOf(record)) {
    case 'pending':
      return waitingWords(worst, now);
    case 'drifting':
    case 'recovering':
      return html`${rule.action === 'retrain' ? closedWords(worst.version, source) : ACTION_WORDS[rule.action]}${silence(worst, now)}`;
    default: {
      const request = worst.version.model.inFlight;
      if (request) return requestWords(request, now);
      return isStale(worst, now) ? html`no sample for ${silenceOf(worst, now)}` : NOTHING;
    }
  }
}

const ACTION_WORDS: Readonly<Record<Exclude<Action, 'retrain'>, string>> = {
  flag: 'flag: shown, asks for nothing',
  inhibit: 'inhibit: holds the retrains of its version',
};

/** Why a drift that asks has no open episode. */
export function closedWords({ name }: Version, { history }: PageSource): string {
  const [last] = history.episodes({ model: name.name, version: name.version, limit: 1 });
  return last?.cause === 'replaced' ? 'its episode was closed as replaced' : 'no episode is open';
}

/** Without samples a state stands still, and what it waits for does not come nearer. */
function silence(signal: Signal, now: Time): Html | false {
  return isStale(signal, now) && html`; no sample for ${silenceOf(signal, now)}`;
}

function silenceOf({ record }: Signal, now: Time): string {
  return formatElapsed(now - record[RECEIVED_AT]!);
}

/** How much of `for` and `min_samples` has passed; in sample time, as it is judged. */
export function waitingWords(signal: Signal, now: Time): Html {
  const { record, rule } = signal;
  const parts: string[] = [];
  const passedMs = record[TIME]! - record[BREACH_SINCE]!;
  if (passedMs < rule.forMs) parts.push(`${formatElapsed(passedMs)} of ${durationText(rule.forMs)}`);
  if (record[BREACHES]! < rule.minSamples) parts.push(`${record[BREACHES]} of ${rule.minSamples} samples`);
  return html`waits: ${parts.join(', ')}${silence(signal, now)}`;
}
