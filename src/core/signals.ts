/** The table of signals: finding one by name, adding one to a page with room, and forgetting one. */
import { matchesAnyGlob } from './glob.ts';
import type { JudgeConfig, RetrainPolicy, Rule, TriggerRule } from './rule.ts';
import type { ModelVersion, Ref, Time } from './signal.ts';
import {
  DRIFT_SINCE,
  PAGE_BYTES,
  PHASE,
  PHASES,
  RECEIVED_AT,
  RECORD_SLOTS,
  RECORDS_PER_PAGE_LIMIT,
} from './signal.ts';
import type { Model, Page, Signal, Version, World } from './world.ts';

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
  world.dirty.pages.add(signal.page);
  return signal;
}

/** Puts a signal with a known ref into the table; its page must exist. */
export function attachSignal(
  world: World,
  { ref, name, metric, rule }: { ref: Ref; name: ModelVersion; metric: string; rule: Rule },
): Signal {
  const page = world.pages.get(Math.floor(ref / RECORDS_PER_PAGE_LIMIT))!;
  const start = (ref % RECORDS_PER_PAGE_LIMIT) * page.width;
  const version = versionOf(world, name);
  const record = page.data.subarray(start, start + page.width);
  const signal: Signal = { ref, model: version.name, version, metric, rule, page, record };
  world.signals[ref] = signal;
  world.signalCount++;
  version.signals.set(metric, signal);
  return signal;
}

export function removeSignal(world: World, signal: Signal): void {
  signal.record.fill(0);
  world.signals[signal.ref] = undefined;
  world.signalCount--;
  world.removals++;
  signal.version.signals.delete(signal.metric);
  world.free.get(signal.page.width)!.push(signal.ref);
  world.dirty.added.delete(signal);
  world.dirty.rejudged.delete(signal);
  world.dirty.removed.add(signal.ref);
  world.dirty.pages.add(signal.page);
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

/** A free record of this width, from a new page where no page has one. */
function claimRecord(world: World, width: number): Ref {
  const known = world.free.get(width)?.pop();
  if (known !== undefined) return known;
  return freeRecords(world, addPage(world, { id: world.pages.size, width })).pop()!;
}

/** Adds a page, by default all free. */
export function addPage(
  world: World,
  { id, width, data }: { id: number; width: number; data?: Float64Array },
): Page {
  const perPage = recordsPerPage(width);
  const page: Page = { id, width, data: data ?? new Float64Array(perPage * width) };
  world.pages.set(id, page);
  return page;
}

export function recordsPerPage(width: number): number {
  return Math.min(Math.floor(PAGE_BYTES / (width * 8)), RECORDS_PER_PAGE_LIMIT);
}

/** Finds the free records of the pages as they are, lowest ref on top. */
export function findFree(world: World): void {
  world.free.clear();
  for (const page of [...world.pages.values()].reverse()) freeRecords(world, page);
}

function freeRecords(world: World, page: Page): Ref[] {
  const free = world.free.get(page.width) ?? [];
  world.free.set(page.width, free);
  for (let index = recordsPerPage(page.width) - 1; index >= 0; index--) {
    const ref = page.id * RECORDS_PER_PAGE_LIMIT + index;
    if (!world.signals[ref]) free.push(ref);
  }
  return free;
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
