/** When a model needs attention next: the deadlines of its request and of its open episodes, and the end of its memory. */
import type { RetrainRequest } from './retrain.ts';
import type { RetrainPolicy } from './rule.ts';
import type { Time } from './signal.ts';
import { DAY_MS, RECEIVED_AT, SAMPLES } from './signal.ts';
import { breachingSignals, policyFor, staleAt } from './signals.ts';
import type { Model, Turn, Version, World } from './world.ts';

/** Finds the deadlines of every model that was touched anew, and forgets what says nothing any more. */
export function finishTurn({ world, at, touched }: Turn): void {
  for (const model of touched) {
    forgetVersions(world, model);
    if (model.versions.size === 0 && model.inFlight === null && rememberedUntil(world, model) <= at) {
      world.models.delete(model.name);
      world.wakes.delete(model);
      world.dirty.models.add(model);
    } else {
      world.wakes.set(model, modelDeadline(world, model));
    }
  }
  touched.clear();
}

function forgetVersions(world: World, model: Model): void {
  // While a request is in flight, a version that comes must be told from one that comes back.
  if (model.inFlight) return;
  for (const [name, version] of model.versions) {
    if (version.signals.size > 0 || version.episode) continue;
    model.versions.delete(name);
    if (version.firstSeenAt > 0) world.dirty.models.add(model);
  }
}

/** Until then its last requests still count for `cooldown` and `max_per_day`. */
function rememberedUntil(world: World, model: Model): Time {
  const { cooldownMs } = policyFor(world.config, model.name);
  return Math.max((model.lastEndedAt ?? -Infinity) + cooldownMs, (model.asks.at(-1) ?? -Infinity) + DAY_MS);
}

function modelDeadline(world: World, model: Model): Time {
  const request = model.inFlight ? requestDeadline(world, model.inFlight) : Infinity;
  if (model.openEpisodes === 0) {
    return model.versions.size === 0 && !model.inFlight ? rememberedUntil(world, model) : request;
  }
  const policy = policyFor(world.config, model.name);
  const newest = newestReceipt(model);
  let next = request;
  for (const version of model.versions.values()) {
    if (!version.episode) continue;
    const due = version.episode.request === null ? verdictChangesAt(version) : askAgainAt(version, policy);
    next = Math.min(next, due, replacedAt(version, { policy, newest }));
  }
  return next;
}

/** When the reason for not asking could change without any sample or report: its gate opens, or the last signal becomes stale. */
function verdictChangesAt(version: Version): Time {
  const { heldBy, heldUntil } = version.episode!;
  const opens = heldUntil ?? Infinity;
  return heldBy === 'stale' ? opens : Math.min(opens, Math.max(...breachingSignals(version).map(staleAt)));
}

/** When an asked episode whose request has ended may ask again. */
export function askAgainAt({ episode }: Version, policy: RetrainPolicy): Time {
  return episode?.requestEndedAt == null ? Infinity : episode.requestEndedAt + policy.cooldownMs;
}

/** A version without samples for `replaced_after`, while another of its model has some, was replaced. `newest`: of any version. */
export function replacedAt(
  version: Version,
  { policy, newest }: { policy: RetrainPolicy; newest: Time },
): Time {
  const last = lastReceipt(version);
  return newest > last ? last + policy.replacedAfterMs : Infinity;
}

export function newestReceipt(model: Model): Time {
  let newest = 0;
  for (const version of model.versions.values()) newest = Math.max(newest, lastReceipt(version));
  return newest;
}

/** When a sample of this version came last; 0 where none did. */
export function lastReceipt({ signals }: Version): Time {
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
