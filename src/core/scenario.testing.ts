/** Small configs and a driver for tests of the core: a world, a time, and what changed. */
import { createBatch, growBatch } from './batch.ts';
import type { Report, RetrainRequest } from './retrain.ts';
import type { JudgeConfig, RetrainPolicy, Rule } from './rule.ts';
import type { ModelVersion, Time } from './signal.ts';
import { findVersion, resolveSignal, ruleFor } from './signals.ts';
import { step } from './step.ts';
import type { Batch, Change, IdMaker, Signal, Source, World } from './world.ts';
import { createWorld } from './world.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const START: Time = Date.UTC(2026, 0, 1);

export function makeRule(overrides: Partial<Rule> = {}): Rule {
  const rule: Rule = {
    metric: 'accuracy',
    entry: 0,
    models: [],
    from: null,
    smoothing: { kind: 'alpha', alpha: 1 },
    warmUp: 0,
    detector: { kind: 'threshold', bound: 'below', threshold: 0.85, clear: 0.85 },
    forMs: 0,
    minSamples: 1,
    keepFiringForMs: 0,
    action: 'retrain',
    staleAfterMs: 5 * MINUTE,
    ttlMs: 24 * HOUR,
    inputFingerprint: '',
    judgeFingerprint: '',
    ...overrides,
  };
  const judge = [rule.detector, rule.forMs, rule.minSamples, rule.keepFiringForMs];
  return {
    ...rule,
    inputFingerprint: overrides.inputFingerprint ?? JSON.stringify([rule.smoothing, rule.warmUp]),
    judgeFingerprint: overrides.judgeFingerprint ?? JSON.stringify(judge),
  };
}

export function makePolicy(overrides: Partial<RetrainPolicy> = {}): RetrainPolicy {
  return {
    mode: 'act',
    initialHoldMs: 0,
    groupWaitMs: 0,
    cooldownMs: 6 * HOUR,
    maxPerDay: 4,
    inFlightTimeoutMs: 24 * HOUR,
    replacedAfterMs: HOUR,
    ...overrides,
  };
}

export function makeConfig(overrides: Partial<JudgeConfig> = {}): JudgeConfig {
  return {
    rules: [makeRule()],
    policy: makePolicy(),
    policies: [],
    triggers: [{ name: 'training', models: [], outcome: 'reported' }],
    maxSignals: 20_000,
    maxSeries: 200_000,
    ...overrides,
  };
}

const makeId: IdMaker = (kind, { name, version }, number) => `${kind}_${name}:${version}#${number}`;

/** Drives a world from one input to the next; time only moves when told. */
export class Scenario {
  world: World;
  at: Time = START;
  readonly changes: Change[] = [];

  constructor(config: JudgeConfig = makeConfig(), world?: World) {
    this.world = world ?? createWorld({ at: START, createdAt: START, config, makeId });
  }

  /** One sample, by default of fraud:1's accuracy, stamped now. */
  sample(
    value: number,
    { metric = 'accuracy', version = '1', model = 'fraud', time, source }: SampleOptions = {},
  ): Change[] {
    return this.samples([{ value, metric, version, model, ...(time === undefined ? {} : { time }) }], source);
  }

  samples(samples: readonly (SampleOptions & { value: number })[], source: Source = 'push'): Change[] {
    const batch = createBatch();
    growBatch(batch, samples.length);
    for (const { value, metric = 'accuracy', version = '1', model = 'fraud', time } of samples) {
      const rule = ruleFor(this.world.config, metric, model)!;
      batch.ref[batch.length] = resolveSignal(this.world, rule, { name: model, version })!.ref;
      batch.value[batch.length] = value;
      batch.time[batch.length] = time ?? this.at;
      batch.stamped[batch.length] = time === undefined ? 1 : 0;
      batch.length++;
    }
    return this.#keep(step(this.world, { type: 'samples', at: this.at, source, batch }));
  }

  /** Events that somebody else puts into a batch, at a time up to which all that was due is settled. */
  take(fill: (into: Batch) => void, source: Source = 'scrape'): Change[] {
    const due = this.#keep(step(this.world, { type: 'time', at: this.at }));
    const batch = createBatch();
    fill(batch);
    return [...due, ...this.#keep(step(this.world, { type: 'samples', at: this.at, source, batch }))];
  }

  /** Lets time pass and settles what was due. */
  wait(ms: number): Change[] {
    this.at += ms;
    return this.#keep(step(this.world, { type: 'time', at: this.at }));
  }

  /** A sample each `every` ms for `ms`. */
  hold(
    value: number,
    { ms, every = MINUTE, ...options }: SampleOptions & { ms: number; every?: number },
  ): Change[] {
    const changes: Change[] = [];
    for (let passed = 0; passed < ms; passed += every)
      changes.push(...this.wait(every), ...this.sample(value, options));
    return changes;
  }

  report(report: Report, request: RetrainRequest = this.request): Change[] {
    return this.#keep(step(this.world, { type: 'report', at: this.at, request, report }));
  }

  reconfigure(config: JudgeConfig): Change[] {
    return this.#keep(step(this.world, { type: 'config', at: this.at, config }));
  }

  stepClock(by: number): Change[] {
    this.at += by;
    return this.#keep(step(this.world, { type: 'clock_step', at: this.at, by }));
  }

  /** Delivers the one request that waits and lets it succeed. */
  succeed(): void {
    const { request } = this;
    this.report({ kind: 'attempt' }, request);
    this.report({ kind: 'delivered' }, request);
    this.report({ kind: 'outcome', status: 'succeeded', version: null, message: null }, request);
  }

  signal(metric = 'accuracy', version = '1', model = 'fraud'): Signal {
    return this.version(version, model)!.signals.get(metric)!;
  }

  version(version = '1', model = 'fraud') {
    const name: ModelVersion = { name: model, version };
    return findVersion(this.world, name);
  }

  /** The newest request that was made. */
  get request(): RetrainRequest {
    return this.requests.at(-1)!;
  }

  get requests(): RetrainRequest[] {
    return this.changes.flatMap((change) => (change.type === 'requested' ? [change.request] : []));
  }

  /** What happened, as short words. */
  get story(): string[] {
    return this.changes.map(word);
  }

  #keep(changes: Change[]): Change[] {
    this.changes.push(...changes);
    return changes;
  }
}

export interface SampleOptions {
  readonly metric?: string;
  readonly version?: string;
  readonly model?: string;
  readonly time?: Time;
  readonly source?: Source;
}

export function word(change: Change): string {
  switch (change.type) {
    case 'phase':
      return `${change.signal.metric} ${change.to}`;
    case 'signal_removed':
      return `${change.signal.metric} ${change.cause}`;
    case 'episode_opened':
      return `open ${change.episode.id}`;
    case 'episode_held':
      return `held ${change.reason}`;
    case 'episode_closed':
      return `close ${change.episode.id} ${change.episode.cause}`;
    case 'requested':
      return `ask ${change.request.id}`;
    case 'request_changed':
      return `${change.request.id} ${change.request.status}`;
  }
}
