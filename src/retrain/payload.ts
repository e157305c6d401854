/** The body of a retrain request on the wire, frozen into bytes in the transaction that stores the request. Pure. */
import type { RequestFacts, RetrainRequest } from '../core/retrain.ts';
import type { Time } from '../core/signal.ts';

export interface PayloadSource {
  readonly request: Pick<RetrainRequest, 'id' | 'model' | 'episode' | 'reason' | 'requestedAt'>;
  readonly facts: RequestFacts;
  readonly externalLabels: ReadonlyMap<string, string>;
  /** Where the pipeline reaches this Driftgauge; a trailing slash does not matter. */
  readonly externalUrl: string;
  /** Good for this request's outcome only. */
  readonly token: string;
}

// RFC 3339 knows the years 0 to 9999; a sample's own time may be anything.
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** UTF-8 JSON in the contract's order of keys. */
export function composePayload({
  request,
  facts,
  externalLabels,
  externalUrl,
  token,
}: PayloadSource): Uint8Array {
  const { id, model, episode, reason, requestedAt } = request;
  return new TextEncoder().encode(
    JSON.stringify({
      type: 'retrain.requested',
      timestamp: rfc3339(requestedAt),
      data: {
        id,
        model: { name: model.name, version: model.version },
        labels: Object.fromEntries(externalLabels),
        episode,
        reason,
        breach_since: rfc3339(facts.breachSince),
        drifting_since: rfc3339(facts.driftingSince),
        signals: facts.signals.map(({ metric, value, ema, bound, threshold, samples }) => ({
          metric,
          value,
          ema,
          bound,
          threshold,
          samples,
        })),
        gates: facts.gates.map(({ gate, verdict, detail }) => ({ gate, verdict, detail })),
        outcome: {
          url: `${externalUrl.replace(/\/+$/, '')}/api/v1/retrains/${encodeURIComponent(id)}/outcome`,
          token,
        },
      },
    }),
  );
}

/** RFC 3339 with milliseconds; fractions are cut off, times out of its range move to the nearest end. */
function rfc3339(time: Time): string {
  return new Date(Math.min(Math.max(Math.floor(time), FIRST_MS), LAST_MS)).toISOString();
}
