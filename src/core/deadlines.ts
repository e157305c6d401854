/**
 * The core has no timers: whatever waits has a deadline, the soonest is the next wake-up, and one that has passed
 * is settled at its own instant. So late wake-ups, restarts and backtests decide alike.
 */
import { closeEpisode, closeIfOver, continueEpisode, judgeModel } from './episodes.ts';
import { timeOut } from './requests.ts';
import type { Time } from './signal.ts';
import { expiresAt, hasSamples, policyFor, removeSignal } from './signals.ts';
import { askAgainAt, finishTurn, newestReceipt, replacedAt, requestDeadline } from './wake.ts';
import type { Change, Model, Turn, Version, World } from './world.ts';

/** When `step` should be called next, if nothing else calls it before; Infinity where nothing waits. */
export function nextDeadline(world: World): Time {
  return Math.min(world.expiries.soonest, world.wakes.soonest);
}

/** Settles every deadline up to and including `until`, each at its own instant. */
export function settle(world: World, until: Time, changes: Change[]): void {
  for (let due = nextDeadline(world); due <= until; due = nextDeadline(world)) {
    // A new config can put a deadline into the past: then it is settled now.
    world.at = Math.max(world.at, due);
    const turn: Turn = { world, at: world.at, changes, touched: new Set(), freed: new Set() };
    expireSignals(turn);
    // By name, because episodes are numbered in the order in which they open.
    for (const model of world.wakes.takeDue(turn.at).sort(byName)) settleModel(turn, model);
    finishTurn(turn);
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function settleModel(turn: Turn, model: Model): void {
  const { world, at } = turn;
  if (model.inFlight && requestDeadline(world, model.inFlight) <= at) timeOut(turn, model.inFlight);
  const policy = policyFor(world.config, model.name);
  const newest = newestReceipt(model);
  const open = [...model.versions.values()].filter(({ episode }) => episode !== null);
  for (const version of open.sort((a, b) => (a.name.version < b.name.version ? -1 : 1))) {
    if (replacedAt(version, { policy, newest }) <= at) closeEpisode(turn, version, 'replaced');
    else if (askAgainAt(version, policy) <= at) continueEpisode(turn, version);
  }
  judgeModel(turn, model);
}

/** Forgets signals without samples for their `ttl`. */
function expireSignals(turn: Turn): void {
  const { world, at, changes } = turn;
  const left = new Set<Version>();
  for (const signal of world.expiries.takeDue(at)) {
    const due = expiresAt(signal);
    if (due > at) {
      world.expiries.set(signal, due);
      continue;
    }
    const shown = hasSamples(signal);
    removeSignal(world, signal);
    if (shown) changes.push({ type: 'signal_removed', at, signal, cause: 'expired' });
    left.add(signal.version);
  }
  // All are gone before any sibling is judged: the order in which they went decides nothing.
  for (const version of left) closeIfOver(turn, version, 'expired');
  for (const model of new Set([...left].map((version) => version.model))) judgeModel(turn, model);
}
