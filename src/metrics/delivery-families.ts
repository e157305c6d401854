/** Families of the way of requests to the pipeline: deliveries and outbox, per trigger. */
import type { FailureReason } from '../outgoing/failure.ts';
import type { TriggerStatus } from '../retrain/trigger-status.ts';
import type { Exposition, FamilyHeader } from './exposition.ts';
import { encodeLabels, formatBound } from './exposition.ts';
import type { MetricsSource } from './source.ts';
import * as table from './table.ts';

/**
 * Shown from the start, so that the first failure is an increase. A record, so that no word can be forgotten; only
 * scrapes have a `sample_limit`.
 */
const FAILURE_REASONS: Readonly<Record<Exclude<FailureReason, 'sample_limit'>, null>> = {
  timeout: null,
  dns: null,
  connect: null,
  tls: null,
  reset: null,
  redirect: null,
  http_4xx: null,
  http_5xx: null,
  too_large: null,
  parse: null,
};

export function writeDeliveries(out: Exposition, source: MetricsSource): void {
  const triggers = source.triggers();
  out.family(table.deliveryAttempts);
  for (const { trigger, attempts } of triggers) out.sample(encodeLabels([['trigger', trigger]]), attempts);
  out.family(table.deliveryFailures);
  for (const { trigger, failures } of triggers) {
    for (const reason of Object.keys(FAILURE_REASONS)) {
      out.sample(
        encodeLabels([
          ['trigger', trigger],
          ['reason', reason],
        ]),
        failures.get(reason as FailureReason) ?? 0,
      );
    }
  }
  out.family(table.deliveryDuration);
  for (const trigger of triggers) writeDurations(out, trigger);
}

function writeDurations(out: Exposition, { trigger, durations }: TriggerStatus): void {
  const bucket = (bound: number, count: number): void => {
    const le = formatBound(bound, out.format);
    out.part(
      '_bucket',
      encodeLabels([
        ['trigger', trigger],
        ['le', le],
      ]),
      count,
    );
  };
  for (const [index, bound] of durations.bounds.entries()) bucket(bound, durations.counts[index]!);
  bucket(Infinity, durations.count);
  const labels = encodeLabels([['trigger', trigger]]);
  out.part('_sum', labels, durations.sum);
  out.part('_count', labels, durations.count);
}

interface Depth {
  pending: number;
  parked: number;
  oldest: number;
}

export function writeOutbox(out: Exposition, source: MetricsSource): void {
  const at = source.now();
  const depths = measureDepths(source, at);
  const write = (family: FamilyHeader, read: (depth: Depth) => number): void => {
    out.family(family);
    for (const [trigger, depth] of depths) out.sample(encodeLabels([['trigger', trigger]]), read(depth));
  };
  write(table.outboxPending, ({ pending }) => pending);
  write(table.outboxParked, ({ parked }) => parked);
  write(table.outboxOldestAge, ({ oldest }) => (at - oldest) / 1000);
}

function measureDepths({ config, world }: MetricsSource, at: number): Map<string, Depth> {
  const depths = new Map<string, Depth>();
  const depthOf = (trigger: string): Depth => {
    const depth = depths.get(trigger) ?? { pending: 0, parked: 0, oldest: at };
    depths.set(trigger, depth);
    return depth;
  };
  // Configured triggers show their 0; requests of one that is gone are shown too, because they wait for somebody.
  for (const { name } of config.triggers) depthOf(name);
  for (const { trigger, status, requestedAt } of world.requests.values()) {
    const depth = depthOf(trigger);
    if (status === 'parked') depth.parked++;
    if (status !== 'requested') continue;
    depth.pending++;
    depth.oldest = Math.min(depth.oldest, requestedAt);
  }
  return depths;
}
