/** The seam between the supervisor and what fetches samples by itself; what is pushed comes in by HTTP. */
import type { Config } from '../config/config.ts';

/** The parts of a config that sources need. */
export type SourceConfig = Pick<Config, 'scrapes' | 'inputs' | 'judge' | 'limits'>;

/** Puts what it fetches into the engine by `Intake.take`, and counts what it drops. */
export interface PulledSource {
  start(): void;
  /** Applies at once: what is gone stops, what is new starts, what is the same goes on. */
  reconfigure(config: SourceConfig): void;
  /** Cuts off what is running and settles when it has ended. */
  stop(): Promise<void>;
}
