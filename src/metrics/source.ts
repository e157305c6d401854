/** What the page of metrics reads at scrape time. */
import type { Config } from '../config/config.ts';
import type { Time } from '../core/signal.ts';
import type { World } from '../core/world.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { TargetStatus } from '../sources/target-status.ts';

export interface MetricsSource {
  readonly world: World;
  readonly config: Config;
  readonly build: { readonly version: string; readonly revision: string };
  now(): Time;
  readonly reloadState: { readonly successful: boolean; readonly lastSuccessAt: Time };
  readonly storageUp: boolean;
  readonly clockSteps: number;
  targets(): readonly TargetStatus[];
  triggers(): readonly TriggerStatus[];
}
