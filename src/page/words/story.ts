/** Why a model version did, or did not, ask for a retrain, as one sentence. */
import { BREACH_SINCE, DRIFT_SINCE, phaseOf } from '../../core/signal.ts';
import { driftingSignals, hasSamples, isDrifting, isStale } from '../../core/signals.ts';
import type { Signal, Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource } from '../source.ts';
import { successorOf } from '../standing.ts';
import { requestOf, waitingWords } from './decision-words.ts';
import { formatName, formatSince, formatText, formatTime } from './format.ts';
import { judgementOf } from './judgement.ts';
import { lastEpisode } from './last-episode.ts';
import { requestWords } from './request-words.ts';

export function story(version: Version, source: PageSource): Html {
  const { episode } = version;
  if (!episode) return html`${quiet(version, source)}`;
  const now = source.now();
  const request = requestOf(episode, source);
  const drift = html`It drifts since ${formatSince(episode.startedAt, now)}: ${named(driftingSignals(version))}.`;
  if (episode.request !== null && !request)
    return html`${drift} It has asked once, and the history of that is gone.`;
  if (request) return html`${drift} It has asked: ${requestWords(request, now)}.${again(version, source)}`;
  const { gates, decision } = source.explain(version);
  if (decision.ask || decision.reason === null) return html`${drift} It asks for a retrain now.`;
  const detail = gates.find(({ gate }) => gate === decision.reason)?.detail;
  const next = decision.nextAt !== null && html` It could ask at ${formatTime(decision.nextAt, now)}.`;
  return html`${drift} It has not asked for a retrain: <strong>${decision.reason}</strong>, ${formatText(detail ?? '')}.${next}`;
}

function quiet(version: Version, source: PageSource): Html {
  const now = source.now();
  const signals = [...version.signals.values()].filter(hasSamples);
  const successor = successorOf(version, now);
  if (successor)
    return html`It was replaced: version ${formatName(successor.name.version)} has the samples now.${signals.some(isDrifting) && ' It still drifted when its last sample came.'}`;
  const flags = signals.filter(isDrifting);
  const pending = signals.filter(({ record }) => phaseOf(record) === 'pending');
  if (flags.length > 0) {
    const since = Math.min(...flags.map(({ record }) => record[DRIFT_SINCE]!));
    return html`It drifts since ${formatSince(since, now)}: ${named(flags)}. ${flags.some(({ rule }) => rule.action === 'retrain') ? 'No episode is open.' : html`Nothing is asked for that: the action is ${actions(flags)}.`}`;
  }
  const [first] = pending;
  if (first) {
    const since = Math.min(...pending.map(({ record }) => record[BREACH_SINCE]!));
    return html`It is beyond a threshold since ${formatSince(since, now)}: ${named(pending)}. That is no drift yet; ${formatName(first.metric)} ${waitingWords(first, now)}.`;
  }
  if (signals.length === 0) return html`No sample of it has come yet.`;
  const warming = signals.filter(({ record }) => phaseOf(record) === 'warming').length;
  const stale = signals.filter((signal) => isStale(signal, now)).length;
  const of = (count: number) => `${count} of its ${signals.length} signals ${count === 1 ? 'is' : 'are'}`;
  return html`It does not drift.${lastEpisode(source, { model: version.name.name, version: version.name.version })}${warming > 0 && ` ${of(warming)} warming up and not judged yet.`}${stale > 0 && ` ${of(stale)} stale: no sample for long, so the state stands still.`}`;
}

function again(version: Version, source: PageSource): Html | false {
  const { nextAt } = source.explain(version).decision;
  return (
    nextAt !== null && html` If the drift lasts, it may ask again at ${formatTime(nextAt, source.now())}.`
  );
}

const NAMED = 3;

function named(signals: readonly Signal[]): Html {
  const shown = signals
    .slice(0, NAMED)
    .map(
      (signal, index) =>
        html`${index > 0 && ', '}average of ${formatName(signal.metric)} ${judgementOf(signal)}`,
    );
  return html`${shown}${signals.length > NAMED && ` and ${signals.length - NAMED} more`}`;
}

function actions(signals: readonly Signal[]): string {
  return [...new Set(signals.map(({ rule }) => rule.action))].join(' or ');
}
