/**
 * The wall clock was set: every time that we stamped moves with it, so that what has elapsed stays what it was.
 * Times that senders stamped are theirs and stay.
 */

import { shiftMemory } from './derive/memory.ts';
import { touchPage } from './records.ts';
import { shiftSteps } from './request-steps.ts';
import type { RetrainRequest } from './retrain.ts';
import type { Time } from './signal.ts';
import { BREACH_SINCE, DRIFT_SINCE, RECEIVED_AT, SAMPLES, SINCE, STAMPED, TIME } from './signal.ts';
import type { Model, World } from './world.ts';

/** `by`: milliseconds, positive where the clock was set forward. */
export function stepClock(world: World, by: number): void {
  world.at += by;
  world.createdAt += by;
  world.expiries.shift(by);
  world.wakes.shift(by);
  for (const signal of world.signals) {
    if (!signal) continue;
    const { record } = signal;
    record[RECEIVED_AT]! += by;
    if (record[STAMPED] === 1 && record[SAMPLES]! > 0) {
      for (const slot of [TIME, SINCE, BREACH_SINCE, DRIFT_SINCE])
        if (record[slot] !== 0) record[slot]! += by;
    }
    touchPage(world, signal.page);
    shiftMemory(signal, by);
    for (const cell of signal.cells?.values() ?? []) touchPage(world, cell.page);
  }
  for (const [feed, at] of world.heard) {
    world.heard.set(feed, at + by);
    world.dirty.heard.add(feed);
  }
  for (const model of world.models.values()) shiftModel(world, model, by);
  for (const request of world.requests.values()) shiftRequest(world, request, by);
}

/** Also for one that has ended and is in the store only, while the episode that asked it is open. */
export function shiftRequest(world: World, request: RetrainRequest, by: number): void {
  for (const key of ['notBefore', 'seriesSince', 'requestedAt'] as const) request[key] += by;
  for (const key of ['refusedSince', 'deliveredAt', 'runningAt', 'endedAt'] as const)
    request[key] = moved(request[key], by);
  if (request.outcome) request.outcome = { ...request.outcome, at: request.outcome.at + by };
  shiftSteps(request.steps, by);
  world.dirty.requests.add(request);
}

function shiftModel(world: World, model: Model, by: number): void {
  model.lastEndedAt = moved(model.lastEndedAt, by);
  model.asks = model.asks.map((asked) => asked + by);
  for (const version of model.versions.values()) {
    if (version.firstSeenAt > 0) version.firstSeenAt += by;
    const { episode } = version;
    if (!episode) continue;
    episode.startedAt += by;
    episode.requestEndedAt = moved(episode.requestEndedAt, by);
    episode.heldUntil = moved(episode.heldUntil, by);
    world.dirty.episodes.add(episode);
  }
  world.dirty.models.add(model);
}

function moved(time: Time | null, by: number): Time | null {
  return time === null ? null : time + by;
}
