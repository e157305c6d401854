/** When a model needs attention next: the deadlines of its request and of its open episodes. */
import type { Episode, RetrainRequest } from './retrain.ts';
import type { RetrainPolicy } from './rule.ts';
import type { Time } from './signal.ts';
import { RECEIVED_AT, SAMPLES } from './signal.ts';
import { driftingSignals, policyFor, staleAt } from './signals.ts';
import type { Model, Version, World } from './world.ts';

/** Recomputes when a model needs attention next. Call it whenever something of the model has changed. */
export function refreshWake(world: World, model: Model): void {
  const wake = modelDeadline(world, model);
  if (wake === Infinity) world.wakes.delete(model);
  else world.wakes.set(model, wake);
}

function modelDeadline(world: World, model: Model): Time {
  let next = model.inFlight ? requestDeadline(world, model.inFlight) : Infinity;
  if (model.openEpisodes === 0) return next;
  const policy = policyFor(world.config, model.name);
  for (const version of model.versions.values()) {
    const { episode } = version;
    if (!episode) continue;
    const due = episode.request === null ? heldUntil(version, episode) : askAgainAt(version, policy);
    next = Math.min(next, due, replacedAt(version, policy));
  }
  return next;
}

/** When the reason for not asking could change without any sample or report: its gate opens, or the last signal becomes stale. */
function heldUntil(version: Version, { heldBy, heldUntil: until }: Episode): Time {
  const opens = until ?? Infinity;
  return heldBy === 'stale' ? opens : Math.min(opens, Math.max(...driftingSignals(version).map(staleAt)));
}

/** When an asked episode whose request has ended may ask again. */
export function askAgainAt({ episode }: Version, policy: RetrainPolicy): Time {
  return episode?.requestEndedAt == null ? Infinity : episode.requestEndedAt + policy.cooldownMs;
}

/** A version without samples for `replaced_after`, while another of its model has some, was replaced. */
export function replacedAt(version: Version, policy: RetrainPolicy): Time {
  const last = lastReceivedAt(version);
  for (const other of version.model.versions.values()) {
    if (other !== version && lastReceivedAt(other) > last) return last + policy.replacedAfterMs;
  }
  return Infinity;
}

function lastReceivedAt({ signals }: Version): Time {
  let last = 0;
  for (const { record } of signals.values())
    if (record[SAMPLES]! > 0) last = Math.max(last, record[RECEIVED_AT]!);
  return last;
}

/** When a delivered request is given up as `timed_out`; Infinity while nobody has it. */
export function requestDeadline(world: World, request: RetrainRequest): Time {
  const since = request.runningAt ?? request.deliveredAt;
  if (since === null || request.endedAt !== null) return Infinity;
  return since + policyFor(world.config, request.model.name).inFlightTimeoutMs;
}
