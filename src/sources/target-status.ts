/** How the scrapes of one target go, for metrics, API and page. */
import type { FailureReason } from '../outgoing/failure.ts';

export interface TargetStatus {
  readonly job: string;
  /** `scheme://host:port/path`. */
  readonly target: string;
  /** Null before the first scrape has ended. */
  readonly up: boolean | null;
  readonly lastScrapeAt: number | null;
  readonly durationSeconds: number;
  readonly samples: number;
  /** Why the last scrape failed, in one line free of secrets; null when it did not. */
  readonly error: string | null;
  readonly failures: ReadonlyMap<FailureReason, number>;
}
