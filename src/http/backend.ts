/** What the HTTP side needs of the rest: views of the world, history, and the few ways in. */
import type { MetricEvent, Observer } from '../bus.ts';
import type { Config } from '../config/config.ts';
import type { GateVerdict, Report } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import type { Version, World } from '../core/world.ts';
import type { Decision } from '../detector.ts';
import type { ReportResult } from '../engine.ts';
import type { RecentTime } from '../page/recent.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { TargetStatus } from '../sources/target-status.ts';
import type { History } from '../store/store.ts';

export interface ReloadState {
  readonly successful: boolean;
  /** Our time of the last successful load. */
  readonly lastSuccessAt: Time;
}

export interface Backend {
  readonly world: World;
  readonly config: Config;
  readonly history: History;
  /** What the status page draws. */
  readonly recent: RecentTime;
  /** `version` and `revision` of the build. */
  readonly build: { readonly version: string; readonly revision: string };
  now(): Time;
  /** False until start-up has ended: the state was read, and sources and dispatcher run. */
  readonly ready: boolean;
  /** Settles when durable. Rejects with `StorageError`; then nothing was taken. */
  push(events: readonly MetricEvent[]): Promise<void>;
  /** Tells of what is stored, until it is disposed of. Without `onEvent`, metric events are not made into objects for it. */
  observe(observer: Observer): Disposable;
  /** Settles when durable. Rejects with `StorageError`. */
  report(request: string, report: Report): Promise<ReportResult>;
  /** Compares in constant time. */
  tokenFits(request: string, token: string): boolean;
  explain(version: Version): { readonly gates: readonly GateVerdict[]; readonly decision: Decision };
  /** Applies the config file as it is now; the error is the whole list of problems as text. */
  reload(): Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  readonly reloadState: ReloadState;
  readonly storageUp: boolean;
  readonly clockSteps: number;
  targets(): readonly TargetStatus[];
  triggers(): readonly TriggerStatus[];
}
