/** What the status page reads when it is asked for. */
import type { Config } from '../config/config.ts';
import type { GateVerdict } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import type { Version, World } from '../core/world.ts';
import type { Decision } from '../detector.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { TargetStatus } from '../sources/target-status.ts';
import type { History } from '../store/store.ts';
import type { RecentTime } from './recent.ts';

export interface PageSource {
  readonly world: World;
  readonly config: Config;
  readonly history: History;
  readonly recent: RecentTime;
  readonly build: { readonly version: string; readonly revision: string };
  now(): Time;
  explain(version: Version): { readonly gates: readonly GateVerdict[]; readonly decision: Decision };
  readonly reloadState: { readonly successful: boolean; readonly lastSuccessAt: Time };
  readonly storageUp: boolean;
  targets(): readonly TargetStatus[];
  triggers(): readonly TriggerStatus[];
}

/** Who looks, and how. */
export interface Visit {
  /** Whether an action of this visitor would be taken; where not, none is offered. */
  readonly mayWrite: boolean;
  /** `scheme://host`, as the visitor wrote it. */
  readonly origin: string;
}
