/** Why a model version did, or did not, ask for a retrain, as one sentence. */

import type { Time } from '../../core/signal.ts';
import { BREACH_SINCE, DRIFT_SINCE, phaseOf } from '../../core/signal.ts';
import { driftingSignals, hasSamples, isDrifting, isStale } from '../../core/signals.ts';
import type { Signal, Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource } from '../source.ts';
import { closedWords, requestOf, successorWords, waitingWords } from './decision-words.ts';
import { formatName, formatSince, formatTime } from './format.ts';
import { gateDetail } from './gate-detail.ts';
import { judgementOf } from './judgement.ts';
import { lastEpisode } from './last-episode.ts';
import { recoveryWords } from './recovery-words.ts';
import { requestWords } from './request-words.ts';

export interface StoryOptions {
  readonly source: PageSource;
  /** Where the page's root is. */
  readonly root: string;
  /** What replaced it. */
  readonly successor: Version | null;
}

export function story(version: Version, { source, root, successor }: StoryOptions): Html {
  const { episode } = version;
  if (successor) {
    const drifted = [...version.signals.values()].some(isDrifting);
    return html`It was replaced: ${successorWords(successor, source.now())}.${drifted && ' It still drifted when its last sample came.'}`;
  }
  if (!episode) return quiet(version, source);
  const now = source.now();
  const request = requestOf(episode, source);
  const drift = drifts(driftingSignals(version), now);
  if (episode.request !== null && !request)
    return html`${drift} It has asked once, and the history of that is gone.`;
  if (request) return html`${drift} It has asked: ${requestWords(request, now)}.${again(version, source)}`;
  const { gates, decision } = source.explain(version);
  if (decision.ask || decision.reason === null) return html`${drift} It asks for a retrain now.`;
  const gate = gates.find((verdict) => verdict.gate === decision.reason);
  const next = decision.nextAt !== null && html` It could ask at ${formatTime(decision.nextAt, now)}.`;
  return html`${drift} It has not asked for a retrain: <strong>${decision.reason}</strong>, ${gate !== undefined && gateDetail(gate, version, root)}.${next}`;
}

function quiet(version: Version, source: PageSource): Html {
  const now = source.now();
  const signals = [...version.signals.values()].filter(hasSamples);
  const flags = signals.filter(isDrifting);
  const pending = signals.filter(({ record }) => phaseOf(record) === 'pending');
  if (flags.length > 0) {
    return html`${drifts(flags, now)} ${flags.some(({ rule }) => rule.action === 'retrain') ? html`No retrain is asked for: ${closedWords(version, source)}.` : html`Nothing is asked for that: the action is ${actions(flags)}.`}`;
  }
  const [first] = pending;
  if (first) {
    const since = Math.min(...pending.map(({ record }) => record[BREACH_SINCE]!));
    return html`It is beyond a threshold since ${formatSince(since, now)}: ${named(pending, now)}. That is no drift yet; ${formatName(first.metric)} ${waitingWords(first, now)}.`;
  }
  if (signals.length === 0) return signalless(version, now);
  const warming = signals.filter(({ record }) => phaseOf(record) === 'warming').length;
  const stale = signals.filter((signal) => isStale(signal, now)).length;
  const of = (count: number) => `${count} of its ${signals.length} signals ${count === 1 ? 'is' : 'are'}`;
  return html`It does not drift.${lastEpisode(source, { model: version.name.name, version: version.name.version })}${warming > 0 && ` ${of(warming)} warming up and not judged yet.`}${stale > 0 && ` ${of(stale)} stale: no sample for long, so the state stands still.`}`;
}

/** Not since the episode began: a drift that asks again goes on in another one. */
function drifts(signals: readonly Signal[], now: Time): Html {
  const since = Math.min(...signals.map(({ record }) => record[DRIFT_SINCE]!));
  return html`It drifts since ${formatSince(since, now)}: ${named(signals, now)}.`;
}

/** It is remembered for what has not ended. */
function signalless({ firstSeenAt, signals, name, model: { inFlight } }: Version, now: Time): Html {
  if (firstSeenAt === 0) return html`No sample of it has come yet.`;
  if (signals.size > 0) return html`Its signals began anew with the config, and wait for their first sample.`;
  const asked = inFlight !== null && inFlight.model.version === name.version;
  return html`No signal of it is known any more: they had no samples for long, or the config has none of them.${asked && html` It has asked: ${requestWords(inFlight, now)}.`}`;
}

function again(version: Version, source: PageSource): Html | false {
  const { nextAt } = source.explain(version).decision;
  return (
    nextAt !== null && html` If the drift lasts, it may ask again at ${formatTime(nextAt, source.now())}.`
  );
}

const NAMED = 3;

function named(signals: readonly Signal[], now: Time): Html {
  const shown = signals.slice(0, NAMED).map((signal, index) => {
    const recovery = recoveryWords(signal, now);
    return html`${index > 0 && ', '}average of ${formatName(signal.metric)} ${judgementOf(signal)}${recovery && html` (${recovery})`}`;
  });
  return html`${shown}${signals.length > NAMED && ` and ${signals.length - NAMED} more`}`;
}

function actions(signals: readonly Signal[]): string {
  return [...new Set(signals.map(({ rule }) => rule.action))].join(' or ');
}
