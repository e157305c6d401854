import { describe, expect, it } from 'vitest';
import { classifyAnswer } from './answer.ts';

const NOW = Date.UTC(2026, 10, 24, 10, 0, 0);
const classify = (status: number, retryAfter?: string) => classifyAnswer({ status, retryAfter }, NOW);

/** The contract's words, written down once more and differently: by ranges. */
function expectedNext(status: number): string {
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 409) return 'delivered';
  if (status === 410) return 'park';
  if ([408, 425, 429].includes(status)) return 'retry';
  return status >= 300 && status <= 499 ? 'retry_slowly' : 'retry';
}

function expectedReason(status: number): string {
  if (status >= 300 && status <= 399) return 'redirect';
  return status >= 400 && status <= 499 ? 'http_4xx' : 'http_5xx';
}

const RETRY_AFTER: Record<string, number | undefined> = {
  '30': 30_000,
  'Tue, 24 Nov 2026 10:00:45 GMT': 45_000,
  '315360000': 3_600_000,
  '-1': undefined,
  garbage: undefined,
};

describe('an answer', () => {
  it('means for every status with every Retry-After what the contract says', () => {
    for (let status = 100; status <= 999; status++) {
      for (const [retryAfter, waitMs] of [['', undefined] as const, ...Object.entries(RETRY_AFTER)]) {
        const delivery = classify(status, retryAfter);
        const context = `${status} with Retry-After ${retryAfter}`;
        if (expectedNext(status) === 'delivered') {
          expect(delivery, context).toEqual({ ok: true });
          continue;
        }
        expect(delivery, context).toMatchObject({
          ok: false,
          next: expectedNext(status),
          reason: expectedReason(status),
          written: true,
        });
        if (delivery.ok) continue;
        expect(delivery.retryAfterMs, context).toBe(waitMs);
        expect(delivery.pause ?? false, context).toBe(
          waitMs !== undefined && (status === 429 || status === 503),
        );
      }
    }
  });

  it.each([
    [503, 'answered 503 Service Unavailable'],
    [302, 'answered 302 Found; redirects are not followed'],
    [599, 'answered 599'],
  ])('%d is told in our own words', (status, message) => {
    expect(classify(status)).toMatchObject({ message });
  });
});
