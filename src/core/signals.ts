/** The table of signals: finding one by name, adding one to a page with room, and forgetting one. */

import { releaseCells } from './cells.ts';
import { heardAt } from './derive/memory.ts';
import { matchesAnyGlob } from './glob.ts';
import { claimRecord, freeRecord, recordAt, touchPage } from './records.ts';
import type { JudgeConfig, RetrainPolicy, Rule, TriggerRule } from './rule.ts';
import type { ModelVersion, Ref, Time } from './signal.ts';
import { DRIFT_SINCE, PHASE, PHASES, RECEIVED_AT, RECORD_SLOTS, SAMPLES } from './signal.ts';
import type { Model, Signal, Version, World } from './world.ts';

/** The one entry that judges a metric of a model: the first of that name whose globs fit. */
export function ruleFor(config: JudgeConfig, metric: string, model: string): Rule | undefined {
  return config.rules.find((rule) => rule.metric === metric && matchesAnyGlob(rule.models, model));
}

export function policyFor(config: JudgeConfig, model: string): RetrainPolicy {
  return config.policies.find(({ models }) => matchesAnyGlob(models, model))?.policy ?? config.policy;
}

export function triggerFor(config: JudgeConfig, model: string): TriggerRule | undefined {
  return config.triggers.find(({ models }) => matchesAnyGlob(models, model));
}

export function findVersion(world: World, name: ModelVersion): Version | undefined {
  return world.models.get(name.name)?.versions.get(name.version);
}

/** The signal that a rule has for a model version, added where there is none; undefined where `max_signals` refuses it. */
export function resolveSignal(world: World, rule: Rule, name: ModelVersion): Signal | undefined {
  const known = findVersion(world, name)?.signals.get(rule.metric);
  if (known) return known;
  if (world.signalCount >= world.config.maxSignals) return undefined;
  const ref = claimRecord(world, RECORD_SLOTS);
  const signal = attachSignal(world, { ref, name, metric: rule.metric, rule });
  // Counts from now, so that a signal whose every sample is dropped is forgotten too.
  signal.record[RECEIVED_AT] = world.at;
  world.expiries.set(signal, world.at + rule.ttlMs);
  world.dirty.added.add(signal);
  world.dirty.removed.delete(signal.ref);
  touchPage(world, signal.page);
  return signal;
}

/** Puts a signal with a known ref into the table; its page must exist. */
export function attachSignal(
  world: World,
  { ref, name, metric, rule }: { ref: Ref; name: ModelVersion; metric: string; rule: Rule },
): Signal {
  const { page, record } = recordAt(world, ref);
  const version = versionOf(world, name);
  const signal: Signal = {
    ref,
    model: version.name,
    version,
    metric,
    rule,
    page,
    record,
    cells: null,
    resets: 0,
  };
  world.signals[ref] = signal;
  world.signalCount++;
  version.signals.set(metric, signal);
  return signal;
}

export function removeSignal(world: World, signal: Signal): void {
  releaseCells(world, signal);
  world.signals[signal.ref] = undefined;
  world.signalCount--;
  world.removals++;
  signal.version.signals.delete(signal.metric);
  freeRecord(world, signal);
  world.dirty.added.delete(signal);
  world.dirty.rejudged.delete(signal);
  world.dirty.removed.add(signal.ref);
  world.expiries.delete(signal);
}

export function modelOf(world: World, name: string): Model {
  let model = world.models.get(name);
  if (!model) {
    model = { name, versions: new Map(), openEpisodes: 0, inFlight: null, lastEndedAt: null, asks: [] };
    world.models.set(name, model);
  }
  return model;
}

export function versionOf(world: World, name: ModelVersion): Version {
  const model = modelOf(world, name.name);
  let version = model.versions.get(name.version);
  if (!version) {
    version = {
      model,
      name: { name: name.name, version: name.version },
      firstSeenAt: 0,
      signals: new Map(),
      episode: null,
      episodes: 0,
      requests: 0,
      suppressed: new Map(),
      outcomes: new Map(),
    } satisfies Version;
    model.versions.set(name.version, version);
  }
  return version;
}

/** One without samples has nothing to show yet. */
export function hasSamples({ record }: Signal): boolean {
  return record[SAMPLES]! > 0;
}

const DRIFTING = PHASES.indexOf('drifting');

/** The drift flag: drifting has begun and has not ended, so `recovering` counts. */
export function isDrifting(signal: Signal): boolean {
  return signal.record[PHASE]! >= DRIFTING;
}

/** When a signal becomes stale unless a sample comes before. */
export function staleAt({ record, rule }: Signal): Time {
  return record[RECEIVED_AT]! + rule.staleAfterMs;
}

/** When a signal is forgotten unless something is heard of it before; a window that still grows counts as heard. */
export function expiresAt(signal: Signal): Time {
  return Math.max(signal.record[RECEIVED_AT]!, heardAt(signal)) + signal.rule.ttlMs;
}

/** Without samples for `stale_after`: its state stands still. */
export function isStale(signal: Signal, at: Time): boolean {
  return at >= staleAt(signal);
}

/** The signals that keep a version's episode open: they ask for a retrain, and they drift. The longest drift comes first. */
export function driftingSignals(version: Version): Signal[] {
  const drifting: Signal[] = [];
  for (const signal of version.signals.values()) {
    if (signal.rule.action === 'retrain' && isDrifting(signal)) drifting.push(signal);
  }
  return drifting.sort(
    (a, b) => a.record[DRIFT_SINCE]! - b.record[DRIFT_SINCE]! || a.rule.entry - b.rule.entry,
  );
}

/** Those of them that drift now: the ones that recover still keep the episode open, but are no reason to ask. */
export function breachingSignals(version: Version): Signal[] {
  return driftingSignals(version).filter(({ record }) => record[PHASE] === DRIFTING);
}
