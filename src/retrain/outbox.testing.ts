/** An outbox in memory for tests: applies reports as the core does, counts them, and can refuse to store. */
import type { Clock } from '../clock.ts';
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';
import type { Outbox } from './outbox.ts';

export class TestOutbox implements Outbox {
  readonly requests = new Map<string, RetrainRequest>();
  /** Every report that was stored, in order. */
  readonly reports: { readonly id: string; readonly at: Time; readonly report: Report }[] = [];
  /** Reports for which this returns true are refused, as by a full disk. */
  refuses: (report: Report) => boolean = () => false;
  /** Called before a report is stored. */
  beforeStored: (report: Report) => void = () => {};
  refused = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(facts: Partial<RetrainRequest> & { id: string }): RetrainRequest {
    const at = facts.requestedAt ?? this.now();
    const request: RetrainRequest = {
      episode: `ep_${facts.id}`,
      model: { name: 'fraud', version: '1.4.0' },
      status: 'requested',
      trigger: 'training',
      reason: 'EMA for accuracy breached threshold 0.850, current 0.612',
      attempts: 0,
      attempting: false,
      exposed: false,
      notBefore: at,
      refusedSince: null,
      failure: null,
      seriesSince: at,
      attemptsBefore: 0,
      requestedAt: at,
      deliveredAt: null,
      runningAt: null,
      endedAt: null,
      outcome: null,
      steps: [],
      ...facts,
    };
    this.requests.set(request.id, request);
    return request;
  }

  now(): Time {
    return this.#clock.wall();
  }

  pending(): readonly RetrainRequest[] {
    return [...this.requests.values()].filter(({ status }) => status === 'requested');
  }

  body(id: string): Uint8Array {
    return new TextEncoder().encode(JSON.stringify({ id }));
  }

  async report(id: string, report: Report): Promise<void> {
    this.beforeStored(report);
    // A commit is never done in the same turn.
    await Promise.resolve();
    if (this.refuses(report)) {
      this.refused++;
      throw Object.assign(new Error('the disk is full'), { code: 'STORAGE' });
    }
    this.reports.push({ id, at: this.now(), report });
    const request = this.requests.get(id);
    if (request && request.endedAt === null) apply(request, report, this.now());
  }
}

function apply(request: RetrainRequest, report: Report, at: Time): void {
  switch (report.kind) {
    case 'attempt':
      if (request.status !== 'requested') return;
      request.attempts++;
      request.attempting = true;
      break;
    case 'attempt_failed':
      request.attempting = false;
      request.exposed ||= report.written;
      request.failure = report.reason;
      request.notBefore = report.retryAt;
      request.refusedSince = report.refused ? (request.refusedSince ?? at) : null;
      break;
    case 'delivered':
      request.attempting = false;
      request.status = 'delivered';
      request.deliveredAt = at;
      request.failure = null;
      break;
    case 'parked':
      request.attempting = false;
      request.exposed ||= report.written;
      request.status = 'parked';
      request.failure = report.reason;
      break;
    case 'redeliver':
      request.status = 'requested';
      request.trigger = report.trigger;
      request.notBefore = at;
      request.seriesSince = at;
      request.attemptsBefore = request.attempts;
      request.refusedSince = null;
      request.failure = null;
      break;
    case 'cancel':
      request.status = 'cancelled';
      request.endedAt = at;
      break;
    case 'outcome':
      request.status = report.status === 'running' ? 'running' : report.status;
      break;
  }
}
