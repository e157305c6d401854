/** What a program that embeds the engine may import. See docs/embedding.md. */
export type { BusMessage, MetricEvent, Observer, Subscription } from './bus.ts';
export { MetricBus } from './bus.ts';
export type { Clock } from './clock.ts';
export { ManualClock, systemClock } from './clock.ts';
export { builtinConfig } from './config/builtin.ts';
export type { Config } from './config/config.ts';
export type { LoadResult } from './config/load.ts';
export { loadConfig, readConfig } from './config/load.ts';
export type { Problem } from './config/problem.ts';
export { formatProblem } from './config/problem.ts';
export type {
  Episode,
  GateName,
  GateVerdict,
  Outcome,
  RequestStatus,
  RetrainRequest,
} from './core/retrain.ts';
export type { ModelVersion, Phase } from './core/signal.ts';
export type { Change } from './core/world.ts';
export type { Decision } from './detector.ts';
export { DriftDetector } from './detector.ts';
export type { Logger } from './log.ts';
export { createLogger, silentLogger } from './log.ts';
export type { Delivery, OutgoingRequest, RetrainTrigger } from './retrain/trigger.ts';
export { StorageError } from './storage-error.ts';
export { OpenStoreError } from './store/open.ts';
export type { ReloadResult, Supervisor, SupervisorOptions } from './supervisor.ts';
export { createSupervisor } from './supervisor.ts';
