/** Retrain requests: asking, what dispatcher, pipeline and people report, and how a request ends. */

import { viewOf } from './detectors/index.ts';
import { noteStep } from './request-steps.ts';
import type { Episode, GateVerdict, Report, RequestFacts, RequestStatus, RetrainRequest } from './retrain.ts';
import type { RetrainPolicy } from './rule.ts';
import type { Time } from './signal.ts';
import { BREACH_SINCE, DAY_MS, DRIFT_SINCE, EMA, SAMPLES, VALUE } from './signal.ts';
import { breachingSignals, driftingSignals, findVersion, triggerFor } from './signals.ts';
import { numberText } from './text.ts';
import type { Signal, Turn, Version, World } from './world.ts';

export function ask(
  turn: Turn,
  {
    version,
    episode,
    gates,
    policy,
  }: { version: Version; episode: Episode; gates: GateVerdict[]; policy: RetrainPolicy },
): void {
  const { world, at, changes } = turn;
  const model = version.model;
  const drifting = driftingSignals(version);
  const request: RetrainRequest = {
    id: world.makeId('rt', version.name, episode.number),
    episode: episode.id,
    model: version.name,
    status: 'requested',
    trigger: triggerFor(world.config, model.name)!.name,
    reason: breachingSignals(version).map(reasonText).join('; '),
    attempts: 0,
    attempting: false,
    exposed: false,
    notBefore: at,
    refusedSince: null,
    failure: null,
    seriesSince: at,
    attemptsBefore: 0,
    requestedAt: at,
    deliveredAt: null,
    runningAt: null,
    endedAt: null,
    outcome: null,
    steps: [],
  };
  noteStep(request.steps, { event: 'requested', at });
  const facts: RequestFacts = {
    breachSince: Math.min(...drifting.map(({ record }) => record[BREACH_SINCE]!)),
    driftingSince: Math.min(...drifting.map(({ record }) => record[DRIFT_SINCE]!)),
    signals: drifting.map(({ metric, rule, record }) => {
      const { bound, threshold } = viewOf(rule.detector, record);
      return {
        metric,
        value: record[VALUE]!,
        ema: record[EMA]!,
        bound,
        threshold,
        samples: record[SAMPLES]!,
      };
    }),
    gates,
  };
  episode.request = request.id;
  episode.heldBy = null;
  episode.heldUntil = null;
  version.requests++;
  model.asks = model.asks.filter((asked) => at < asked + DAY_MS);
  model.asks.push(at);
  model.inFlight = request;
  world.requests.set(request.id, request);
  world.dirty.requests.add(request);
  world.dirty.episodes.add(episode);
  world.dirty.models.add(model);
  changes.push({ type: 'requested', at, request, facts });
  if (policy.mode === 'dry_run') end(turn, request, 'dry_run');
}

function reasonText({ metric, rule, record }: Signal): string {
  const { threshold } = viewOf(rule.detector, record);
  return `EMA for ${metric} breached threshold ${numberText(threshold)}, current ${numberText(record[EMA]!)}`;
}

/** Whether a report would change the request, repeats what is known, or contradicts its status. */
export function reportFits(request: RetrainRequest, report: Report): 'new' | 'same' | 'conflict' {
  const { status, outcome } = request;
  switch (report.kind) {
    case 'outcome':
      if (request.endedAt === null) return 'new';
      if (outcome && outcome.status !== 'running')
        return outcome.status === report.status && outcome.version === report.version ? 'same' : 'conflict';
      return status === 'timed_out' && report.status !== 'running' ? 'new' : 'conflict';
    case 'redeliver':
      return status === 'parked' ? 'new' : 'conflict';
    case 'cancel':
      return status === 'cancelled' ? 'same' : request.endedAt === null ? 'new' : 'conflict';
    case 'attempt':
      return status === 'requested' ? 'new' : 'conflict';
    default:
      // The end of an attempt counts even after the pipeline answered first; after the request's end it says nothing.
      return request.endedAt === null ? 'new' : 'same';
  }
}

/** Applies a report that is `new`. */
export function applyReport(turn: Turn, request: RetrainRequest, report: Report): void {
  if (reportFits(request, report) !== 'new') return;
  const { world, at } = turn;
  world.dirty.requests.add(request);
  switch (report.kind) {
    case 'attempt':
      request.attempts++;
      request.attempting = true;
      break;
    case 'attempt_failed':
      failAttempt(request, report, at);
      request.notBefore = report.retryAt;
      request.refusedSince = report.refused ? (request.refusedSince ?? at) : null;
      break;
    case 'parked':
      failAttempt(request, report, at);
      if (request.status === 'requested') request.status = 'parked';
      break;
    case 'delivered':
      request.attempting = false;
      if (request.deliveredAt === null) noteStep(request.steps, { event: 'delivered', at });
      proveDelivery(request, at);
      if (request.status === 'requested' || request.status === 'parked') request.status = 'delivered';
      if (outcomeOf(world, request) === 'none') end(turn, request, 'delivered');
      break;
    case 'outcome':
      applyOutcome(turn, request, report);
      break;
    case 'redeliver':
      request.status = 'requested';
      request.trigger = report.trigger;
      request.notBefore = at;
      request.seriesSince = at;
      request.attemptsBefore = request.attempts;
      request.refusedSince = null;
      request.failure = null;
      noteStep(request.steps, { event: 'redelivered', at, detail: `through trigger ${report.trigger}` });
      break;
    case 'cancel':
      end(turn, request, 'cancelled');
      break;
  }
  turn.changes.push({ type: 'request_changed', at, request, report: report.kind });
  if (request.endedAt === null) withdrawUnsent(turn, request.id);
}

/** For a new process: how far the attempts came that were under way when the last one ended, nobody knows. */
export function interruptAttempts(world: World): void {
  for (const request of world.requests.values()) {
    if (!request.attempting) continue;
    request.attempting = false;
    request.exposed = true;
    request.failure = 'interrupted';
    const detail = 'the program ended before an answer came';
    noteStep(request.steps, { event: 'attempt_failed', at: world.at, reason: 'interrupted', detail });
    world.dirty.requests.add(request);
  }
}

function failAttempt(
  request: RetrainRequest,
  { kind, reason, message, written }: Extract<Report, { kind: 'attempt_failed' | 'parked' }>,
  at: Time,
): void {
  request.attempting = false;
  request.exposed ||= written;
  request.failure = reason;
  noteStep(request.steps, { event: kind, at, reason, detail: message });
}

function applyOutcome(turn: Turn, request: RetrainRequest, report: Report & { kind: 'outcome' }): void {
  const { at } = turn;
  const { status: event, version, message } = report;
  request.outcome = { status: event, version, message, at };
  noteStep(request.steps, { event, at, detail: message });
  // Too late to change what happened; kept, because it is what people look for.
  if (request.endedAt !== null) return;
  proveDelivery(request, at);
  if (report.status === 'running') {
    request.status = 'running';
    request.runningAt = at;
  } else {
    end(turn, request, report.status);
  }
}

function proveDelivery(request: RetrainRequest, at: Time): void {
  request.deliveredAt ??= at;
  request.exposed = true;
  request.failure = null;
  request.refusedSince = null;
}

/** A version that is new after the delivery is what the retrain was asked for, where nobody reports otherwise. */
export function succeedByVersion(turn: Turn, version: Version): void {
  const request = version.model.inFlight;
  if (!request || request.deliveredAt === null || request.model.version === version.name.version) return;
  if (outcomeOf(turn.world, request) === 'none') return;
  const message = `version ${version.name.version} was first seen`;
  request.outcome = { status: 'succeeded', version: version.name.version, message, at: turn.at };
  noteStep(request.steps, { event: 'succeeded', at: turn.at, reason: 'version_seen', detail: message });
  end(turn, request, 'succeeded');
  turn.changes.push({ type: 'request_changed', at: turn.at, request, report: 'outcome' });
}

export function timeOut(turn: Turn, request: RetrainRequest): void {
  end(turn, request, 'timed_out');
  turn.changes.push({ type: 'request_changed', at: turn.at, request, report: 'timed_out' });
}

/** Takes back a request whose episode has closed, while it is certain that nobody has seen a byte of it. */
export function withdrawUnsent(turn: Turn, id: string): void {
  const request = turn.world.requests.get(id);
  if (!request || request.exposed || request.attempting) return;
  if (request.status !== 'requested' && request.status !== 'parked') return;
  // One that a person asked for has no episode that could close.
  if (request.episode === null) return;
  if (findVersion(turn.world, request.model)?.episode?.id === request.episode) return;
  end(turn, request, 'withdrawn');
  turn.changes.push({ type: 'request_changed', at: turn.at, request, report: 'withdrawn' });
}

function outcomeOf(world: World, request: RetrainRequest): 'reported' | 'none' {
  return world.config.triggers.find(({ name }) => name === request.trigger)?.outcome ?? 'reported';
}

function end(turn: Turn, request: RetrainRequest, status: RequestStatus): void {
  const { world, at } = turn;
  // An outcome and a delivery are steps already, with what was said.
  if (request.steps.at(-1)?.event !== status) noteStep(request.steps, { event: status, at });
  request.status = status;
  request.endedAt = at;
  request.attempting = false;
  world.requests.delete(request.id);
  world.dirty.requests.add(request);
  const version = findVersion(world, request.model);
  if (!version) return;
  const { model, episode } = version;
  world.dirty.models.add(model);
  version.outcomes.set(status, (version.outcomes.get(status) ?? 0) + 1);
  if (model.inFlight === request) model.inFlight = null;
  if (request.deliveredAt !== null || status === 'dry_run') {
    model.lastEndedAt = at;
  } else {
    const asked = model.asks.indexOf(request.requestedAt);
    if (asked >= 0) model.asks.splice(asked, 1);
  }
  if (episode?.request === request.id) {
    episode.requestEndedAt = at;
    world.dirty.episodes.add(episode);
  }
}
