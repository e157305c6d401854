/** Runs one attempt of any trigger so that it ends: also where the trigger throws, answers nonsense or never settles. */
import type { Clock } from '../clock.ts';
import { messageOf, oneLine, reasonOfError } from '../outgoing/failure.ts';
import type { Delivery, OutgoingRequest, RetrainTrigger } from './trigger.ts';
import { MAX_RETRY_AFTER_MS } from './triggers/retry-after.ts';

export interface LimitedDelivery {
  readonly trigger: RetrainTrigger;
  readonly request: OutgoingRequest;
  readonly limitMs: number;
  readonly clock: Clock;
  /** Aborts the attempt early. */
  readonly signal: AbortSignal;
}

/** How long a trigger may take to settle after its signal has aborted. */
export const SETTLE_MS = 2_000;

/** Never rejects; settles at the latest `SETTLE_MS` after the limit or the signal. */
export async function deliverWithin({
  trigger,
  request,
  limitMs,
  clock,
  signal,
}: LimitedDelivery): Promise<Delivery> {
  if (signal.aborted) return cut('stopped before it was sent', { written: false });

  const controller = new AbortController();
  const abort = () => controller.abort();
  const overdue = Promise.withResolvers<Delivery>();
  const timers = [clock.after(limitMs, abort)];
  signal.addEventListener('abort', abort, { once: true });
  controller.signal.addEventListener('abort', () => {
    timers.push(
      clock.after(SETTLE_MS, () =>
        overdue.resolve(cut('the trigger did not settle in time', { written: true })),
      ),
    );
  });
  try {
    return await Promise.race([guarded(trigger, request, controller.signal), overdue.promise]);
  } finally {
    for (const timer of timers) timer[Symbol.dispose]();
    signal.removeEventListener('abort', abort);
  }
}

async function guarded(
  trigger: RetrainTrigger,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<Delivery> {
  try {
    return checked(await trigger.deliver(request, signal));
  } catch (error) {
    return {
      ok: false,
      reason: reasonOfError(error),
      message: messageOf(error),
      next: 'retry',
      written: true,
    };
  }
}

/** Triggers of an embedding program need not be written in TypeScript: a wrong number must not reach the schedule. */
function checked(delivery: Delivery | undefined): Delivery {
  if (delivery?.ok === true) return { ok: true };
  if (delivery?.ok !== false) throw new TypeError('the trigger returned no delivery');
  const { retryAfterMs = 0, pause, ...facts } = delivery;
  const failed = {
    ...facts,
    message: oneLine(String(delivery.message)),
    written: delivery.written !== false,
  };
  if (!(retryAfterMs > 0)) return failed;
  return { ...failed, retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS), pause: pause === true };
}

function cut(message: string, { written }: { written: boolean }): Delivery {
  return { ok: false, reason: 'timeout', message, next: 'retry', written };
}
