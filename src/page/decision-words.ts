/** Why a model version did or did not ask, or what comes next: never only "true". */
import type { Episode, RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import { BREACH_SINCE, BREACHES, phaseOf, RECEIVED_AT, TIME } from '../core/signal.ts';
import { isStale } from '../core/signals.ts';
import { durationText } from '../core/text.ts';
import type { Signal, Version } from '../core/world.ts';
import { formatElapsed, formatTime } from './format.ts';
import type { Html } from './html.ts';
import { html, NOTHING } from './html.ts';
import { requestWords } from './request-words.ts';
import type { PageSource } from './source.ts';
import type { Standing } from './standing.ts';

export function decisionWords({ version, worst }: Standing, source: PageSource): Html {
  const now = source.now();
  const { episode } = version;
  if (!episode) return quietWords(worst, source);
  const request = requestOf(episode, source);
  if (request) return html`${requestWords(request, now)}${askAgainWords(version, source)}`;
  return heldWords(episode, now);
}

/** The request of an episode, wherever it is kept. */
export function requestOf({ request }: Episode, { world, history }: PageSource): RetrainRequest | undefined {
  return request === null ? undefined : (world.requests.get(request) ?? history.request(request));
}

export function heldWords({ heldBy, heldUntil }: Episode, now: Time): Html {
  if (heldBy === null) return html`asks for a retrain`;
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
      return waitingWords(worst);
    case 'drifting':
    case 'recovering':
      return rule.action === 'inhibit'
        ? html`inhibit: holds the retrains of its version`
        : html`flag: shown, asks for nothing`;
    default: {
      const request = worst.version.model.inFlight;
      if (request) return requestWords(request, now);
      const silentMs = now - record[RECEIVED_AT]!;
      return isStale(worst, now) ? html`no sample for ${formatElapsed(silentMs)}` : NOTHING;
    }
  }
}

/** How much of `for` and `min_samples` has passed; in sample time, as it is judged. */
export function waitingWords({ record, rule }: Signal): Html {
  const parts: string[] = [];
  const passedMs = record[TIME]! - record[BREACH_SINCE]!;
  if (passedMs < rule.forMs) parts.push(`${formatElapsed(passedMs)} of ${durationText(rule.forMs)}`);
  if (record[BREACHES]! < rule.minSamples) parts.push(`${record[BREACHES]} of ${rule.minSamples} samples`);
  return html`waits: ${parts.join(', ')}`;
}
