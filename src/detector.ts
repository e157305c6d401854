/**
 * The drift detector: the core with its world, as an object. It takes batches first and synchronously and says what
 * changed; it keeps nothing on disk and tells nobody. The engine gives it both.
 */

import type { MetricEvent } from './bus.ts';
import { createBatch, growBatch } from './core/batch.ts';
import { nextDeadline } from './core/deadlines.ts';
import { judgeGates } from './core/gates/index.ts';
import { reportFits } from './core/requests.ts';
import type { GateName, GateVerdict, Report, RetrainRequest } from './core/retrain.ts';
import type { JudgeConfig, Rule } from './core/rule.ts';
import type { ModelVersion, Time } from './core/signal.ts';
import { policyFor, resolveSignal, ruleFor } from './core/signals.ts';
import { step } from './core/step.ts';
import { askAgainAt } from './core/wake.ts';
import type { Batch, Change, IdMaker, Signal, Source, Version, World } from './core/world.ts';
import { countDrop, createWorld } from './core/world.ts';

/** Why a version did, or did not, ask. `reason` is the gate that holds, `no_drift`, or `asked`; null where it asks now. */
export interface Decision {
  readonly ask: boolean;
  readonly reason: GateName | 'no_drift' | 'asked' | null;
  /** When it could next ask, if nothing else changes; null where no time is known. */
  readonly nextAt: Time | null;
}

export class DriftDetector {
  readonly world: World;
  readonly #pushed: Batch = createBatch();

  constructor(world: World) {
    this.world = world;
  }

  /** A detector that begins with nothing, at time `at`. Ids are the same for the same `seed`. */
  static create(
    config: JudgeConfig,
    { at, seed = 'driftgauge' }: { readonly at: Time; readonly seed?: string },
  ): DriftDetector {
    const makeId: IdMaker = (kind, { name, version }, number) =>
      `${kind}_${[seed, name, version].map(encodeURIComponent).join(':')}:${number}`;
    return new DriftDetector(createWorld({ at, createdAt: at, config, makeId }));
  }

  /** Judges events that were received at `at`. Those that no entry judges are dropped and counted as `unmatched`. */
  observe(events: readonly MetricEvent[], at: Time): Change[] {
    // First what was due, so that no signal is resolved that expires before its sample is taken.
    const due = this.advance(at);
    return [...due, ...this.take('push', this.#batchOf(events), at)];
  }

  take(source: Source, batch: Batch, at: Time): Change[] {
    return step(this.world, { type: 'samples', at, source, batch });
  }

  /** Lets time pass: deadlines up to `at` are settled, each at its own instant. */
  advance(at: Time): Change[] {
    return step(this.world, { type: 'time', at });
  }

  report(request: RetrainRequest, report: Report, at: Time): Change[] {
    return step(this.world, { type: 'report', at, request, report });
  }

  reportFits(request: RetrainRequest, report: Report): 'new' | 'same' | 'conflict' {
    return reportFits(request, report);
  }

  reconfigure(config: JudgeConfig, at: Time): Change[] {
    return step(this.world, { type: 'config', at, config });
  }

  stepClock(by: number): void {
    step(this.world, { type: 'clock_step', at: this.world.at, by });
  }

  get nextDeadline(): Time {
    return nextDeadline(this.world);
  }

  /** The signal that a rule has for a model version; undefined where `max_signals` refuses a new one. */
  resolve(rule: Rule, model: ModelVersion): Signal | undefined {
    return resolveSignal(this.world, rule, model);
  }

  /** How every gate stands for a version, and what follows. */
  explain(
    version: Version,
    at: Time,
  ): { readonly gates: readonly GateVerdict[]; readonly decision: Decision } {
    const { world } = this;
    const { episode } = version;
    const gates = judgeGates({
      world,
      version,
      episode,
      policy: policyFor(world.config, version.model.name),
      at,
    });
    return { gates, decision: decisionOf(world, version, gates) };
  }

  /** Pushed events as a batch; reused by the next call. Refs are only safe once what was due is settled. */
  #batchOf(events: readonly MetricEvent[]): Batch {
    const { world } = this;
    const batch = this.#pushed;
    growBatch(batch, events.length);
    let length = 0;
    for (const { model, metric, value, timestamp } of events) {
      const rule = ruleFor(world.config, metric, model.name);
      const signal = rule?.from === null ? this.resolve(rule, model) : undefined;
      if (!signal) {
        countDrop(world, 'push', rule?.from === null ? 'max_signals' : 'unmatched');
        continue;
      }
      batch.ref[length] = signal.ref;
      batch.time[length] = timestamp ?? Number.NaN;
      batch.value[length] = value;
      batch.weight[length] = 1;
      batch.stamped[length] = timestamp === undefined ? 1 : 0;
      length++;
    }
    batch.length = length;
    return batch;
  }
}

function decisionOf(world: World, version: Version, gates: readonly GateVerdict[]): Decision {
  const { episode } = version;
  if (!episode) return { ask: false, reason: 'no_drift', nextAt: null };
  if (episode.request !== null) {
    const next = askAgainAt(version, policyFor(world.config, version.model.name));
    return { ask: false, reason: 'asked', nextAt: Number.isFinite(next) ? next : null };
  }
  const waiting = gates.filter((gate) => gate.verdict === 'wait');
  const [first] = waiting;
  if (!first) return { ask: true, reason: null, nextAt: null };
  // All must have opened; where one does not know when, nobody does.
  const untils = waiting.map(({ until }) => until);
  return {
    ask: false,
    reason: first.gate,
    nextAt: untils.includes(null) ? null : Math.max(...(untils as Time[])),
  };
}
