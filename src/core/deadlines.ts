/**
 * The core has no timers: whatever waits has a deadline, the soonest is the next wake-up, and one that has passed
 * is settled at its own instant. So late wake-ups, restarts and backtests decide alike.
 */
import { closeEpisode, continueEpisode, judgeModel, leaveEpisode } from './episodes.ts';
import { timeOut } from './requests.ts';
import type { Time } from './signal.ts';
import { RECEIVED_AT, SAMPLES } from './signal.ts';
import { policyFor, removeSignal } from './signals.ts';
import { askAgainAt, replacedAt, requestDeadline } from './wake.ts';
import type { Change, Model, Turn, World } from './world.ts';

/** When `step` should be called next, if nothing else calls it before; Infinity where nothing waits. */
export function nextDeadline(world: World): Time {
  let next = world.expiryBound;
  for (const wake of world.wakes.values()) if (wake < next) next = wake;
  return next;
}

/** Settles every deadline up to and including `until`, each at its own instant. */
export function settle(world: World, until: Time, changes: Change[]): void {
  for (let due = nextDeadline(world); due <= until; due = nextDeadline(world)) {
    // A new config can put a deadline into the past: then it is settled now.
    world.at = Math.max(world.at, due);
    const turn: Turn = { world, at: world.at, changes };
    if (world.expiryBound <= turn.at) expireSignals(turn);
    for (const [model, wake] of [...world.wakes]) if (wake <= turn.at) settleModel(turn, model);
  }
}

function settleModel(turn: Turn, model: Model): void {
  const { world, at } = turn;
  if (model.inFlight && requestDeadline(world, model.inFlight) <= at) timeOut(turn, model.inFlight);
  const policy = policyFor(world.config, model.name);
  for (const version of model.versions.values()) {
    if (!version.episode) continue;
    if (replacedAt(version, policy) <= at) closeEpisode(turn, version, 'replaced');
    else if (askAgainAt(version, policy) <= at) continueEpisode(turn, version);
  }
  judgeModel(turn, model);
}

/** Forgets signals without samples for their `ttl`, and finds the next instant at which one could expire. */
function expireSignals(turn: Turn): void {
  const { world, at, changes } = turn;
  world.expiryBound = Infinity;
  for (const signal of world.signals) {
    if (!signal) continue;
    const due = signal.record[RECEIVED_AT]! + signal.rule.ttlMs;
    if (due > at) {
      world.expiryBound = Math.min(world.expiryBound, due);
      continue;
    }
    const shown = signal.record[SAMPLES]! > 0;
    removeSignal(world, signal);
    if (shown) changes.push({ type: 'signal_removed', at, signal, cause: 'expired' });
    leaveEpisode(turn, signal.version, 'expired');
  }
}
