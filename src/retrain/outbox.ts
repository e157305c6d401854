/** The outbox as the dispatcher sees it: requests that wait for delivery, their frozen bytes, and a way to report. */
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';

export interface Outbox {
  now(): Time;
  /** Requests with status `requested`; `notBefore` says when each is due. */
  pending(): readonly RetrainRequest[];
  body(request: string): Uint8Array;
  /**
   * Commits a report. Settles when it is durable; rejects with `StorageError` where it could not be stored, and then
   * nothing has changed. A report about a request that has ended meanwhile changes nothing.
   */
  report(request: string, report: Report): Promise<unknown>;
}
