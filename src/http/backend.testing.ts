/** A backend in memory: the real core, driven by hand, without store, sources and dispatcher. */

import type { MetricEvent, Observer } from '../bus.ts';
import { MetricBus } from '../bus.ts';
import type { Config } from '../config/config.ts';
import { reportFits } from '../core/requests.ts';
import type { Episode, Report, RetrainRequest } from '../core/retrain.ts';
import type { JudgeConfig } from '../core/rule.ts';
import { MINUTE, makeConfig, makePolicy, Scenario } from '../core/scenario.testing.ts';
import type { Time } from '../core/signal.ts';
import { ruleFor } from '../core/signals.ts';
import type { Version, World } from '../core/world.ts';
import { DriftDetector } from '../detector.ts';
import type { ReportResult } from '../engine.ts';
import { RecentTime } from '../page/recent.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { TargetStatus } from '../sources/target-status.ts';
import { StorageError } from '../storage-error.ts';
import type { History } from '../store/store.ts';
import type { Backend } from './backend.ts';

export class FakeBackend implements Backend {
  readonly scenario: Scenario;
  readonly recent = new RecentTime();
  readonly bus = new MetricBus();
  readonly config: Config;
  readonly build = { version: '1.2.3', revision: 'abcdef0' };
  ready = true;
  storageUp = true;
  clockSteps = 0;
  reloadState = { successful: true, lastSuccessAt: Date.UTC(2026, 0, 1) };
  reloadError: string | null = null;
  reloads = 0;
  /** Thrown by `push`, as a bug would be. */
  bug: Error | null = null;
  readonly pushed: (readonly MetricEvent[])[] = [];
  targetStatus: TargetStatus[] = [];
  triggerStatus: TriggerStatus[] = [];

  #told = 0;

  constructor(judge: JudgeConfig = makeConfig()) {
    this.scenario = new Scenario(judge);
    this.config = {
      file: null,
      externalLabels: new Map(),
      judge,
      inputs: [],
      scrapes: [],
      triggers: judge.triggers.map((rule) => ({ ...rule, deliver: { kind: 'log' } })),
      limits: { maxSignals: judge.maxSignals, maxSeries: 1000 },
      redactedYaml: 'metrics:\n  - name: accuracy\n',
    };
  }

  get world(): World {
    return this.scenario.world;
  }

  now(): Time {
    return this.scenario.at;
  }

  targets(): readonly TargetStatus[] {
    return this.targetStatus;
  }

  triggers(): readonly TriggerStatus[] {
    return this.triggerStatus;
  }

  async push(events: readonly MetricEvent[]): Promise<void> {
    if (this.bug) throw this.bug;
    if (!this.storageUp) throw new StorageError('disk full at /var/lib/secret-place');
    this.pushed.push(events);
    const judged = events.filter(({ metric, model }) => ruleFor(this.config.judge, metric, model.name));
    this.scenario.samples(
      judged.map(({ model, metric, value, timestamp: time }) => ({
        value,
        metric,
        model: model.name,
        version: model.version,
        ...(time !== undefined && { time }),
      })),
    );
    this.tell();
    for (const event of events) this.bus.announce({ type: 'event', event });
  }

  observe(observer: Observer): Disposable {
    return this.bus.observe(observer);
  }

  /** Tells the observers what the scenario has decided since the last time. */
  tell(): void {
    const { changes } = this.scenario;
    while (this.#told < changes.length) this.bus.announce({ type: 'change', change: changes[this.#told++]! });
  }

  async report(id: string, report: Report): Promise<ReportResult> {
    if (!this.storageUp) throw new StorageError('disk full');
    const request = this.history.request(id);
    if (!request) return { ok: false, error: 'not_found', message: 'no such request' };
    const fits = reportFits(request, report);
    if (fits === 'conflict')
      return { ok: false, error: 'conflict', message: `it is ${request.status} already` };
    if (fits === 'new') this.scenario.report(report, request);
    this.tell();
    return { ok: true, changed: fits === 'new' };
  }

  /** The token of a request is `token-of-` and its id. */
  tokenFits(request: string, token: string): boolean {
    return token === `token-of-${request}`;
  }

  explain(version: Version): ReturnType<Backend['explain']> {
    return new DriftDetector(this.world).explain(version, this.scenario.at);
  }

  async reload(): Promise<{ ok: true } | { ok: false; error: string }> {
    this.reloads++;
    return this.reloadError === null ? { ok: true } : { ok: false, error: this.reloadError };
  }

  /** All that ever happened, from the scenario's changes. */
  readonly history: History = {
    episodes: ({ model, version, metric, state, limit, before }) =>
      this.#page(this.#episodes(), limit, before, (episode) => {
        if (model !== undefined && episode.model.name !== model) return false;
        if (version !== undefined && episode.model.version !== version) return false;
        if (metric !== undefined && !episode.metrics.includes(metric)) return false;
        return state === undefined || state === (episode.endedAt === null ? 'open' : 'closed');
      }),
    episode: (id) => this.#episodes().find((episode) => episode.id === id),
    requests: ({ model, version, status, limit, before }) =>
      this.#page(this.#requests(), limit, before, (request) => {
        if (model !== undefined && request.model.name !== model) return false;
        if (version !== undefined && request.model.version !== version) return false;
        return status === undefined || request.status === status;
      }),
    request: (id) => this.#requests().find((request) => request.id === id),
  };

  #episodes(): Episode[] {
    return this.scenario.changes.flatMap((change) =>
      change.type === 'episode_opened' ? [change.episode] : [],
    );
  }

  #requests(): RetrainRequest[] {
    return this.scenario.changes.flatMap((change) => (change.type === 'requested' ? [change.request] : []));
  }

  #page<Row extends { readonly id: string }>(
    rows: Row[],
    limit: number,
    before: string | undefined,
    fits: (row: Row) => boolean,
  ): Row[] {
    const newestFirst = rows.reverse();
    const start = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1;
    return newestFirst.slice(start).filter(fits).slice(0, limit);
  }
}

/** Two episodes of fraud:1 (the first recovered, asked for once), and one of churn:7. */
export function withHistory(): FakeBackend {
  const backend = new FakeBackend(makeConfig({ policy: makePolicy({ cooldownMs: 60 * MINUTE }) }));
  const { scenario } = backend;
  scenario.sample(0.5);
  scenario.succeed();
  scenario.wait(MINUTE);
  scenario.sample(0.9);
  scenario.wait(MINUTE);
  scenario.sample(0.5);
  scenario.wait(MINUTE);
  scenario.sample(0.5, { model: 'churn', version: '7' });
  return backend;
}
