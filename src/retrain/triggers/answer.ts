/** What a receiver's answer means for the request: the contract's table, as a pure function. The body plays no part. */
import { STATUS_CODES } from 'node:http';
import { reasonOfStatus } from '../../outgoing/failure.ts';
import type { Delivery } from '../trigger.ts';
import { retryAfterMs } from './retry-after.ts';

export interface Answer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
}

/** Client errors that pass by themselves: Request Timeout, Too Early, Too Many Requests. */
const PASSING = new Set([408, 425, 429]);
/** With a `Retry-After`, these ask for quiet from the whole trigger. */
const ASKING_FOR_QUIET = new Set([429, 503]);

export function classifyAnswer({ status, retryAfter }: Answer, wallMs: number): Delivery {
  // 409: this id is known already, so an earlier attempt arrived whose answer we never saw.
  if ((status >= 200 && status < 300) || status === 409) return { ok: true };
  const wait = retryAfterMs(retryAfter, wallMs);
  return {
    ok: false,
    reason: reasonOfStatus(status),
    message: describe(status),
    next: nextAfter(status),
    written: true,
    ...(wait === undefined ? {} : { retryAfterMs: wait, pause: ASKING_FOR_QUIET.has(status) }),
  };
}

function nextAfter(status: number): 'retry' | 'retry_slowly' | 'park' {
  if (status === 410) return 'park';
  return status >= 300 && status < 500 && !PASSING.has(status) ? 'retry_slowly' : 'retry';
}

/** In our own words: the receiver's reason phrase is not ours to log. */
function describe(status: number): string {
  const phrase = STATUS_CODES[status];
  const answered = `answered ${status}${phrase === undefined ? '' : ` ${phrase}`}`;
  return status >= 300 && status < 400 ? `${answered}; redirects are not followed` : answered;
}
