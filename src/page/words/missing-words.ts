/** What a metric without a sample waits for, in words. */
import type { Waiting } from '../../core/derive/view.ts';
import type { UnmatchedReason } from '../../core/unmatched.ts';

/** Finishes `waits for …`. */
export const WAITING: Readonly<Record<Waiting, string>> = {
  first_scrape: 'a second scrape to compare with',
  window: 'the end of its window',
  low_traffic: 'more observations (low_traffic)',
  reference: 'a complete reference',
};

const MISSING: Readonly<Record<Exclude<UnmatchedReason, Waiting>, string>> = {
  no_series: 'has no series of this version',
  no_events: 'was not pushed',
  no_samples: 'has no sample: all of them were dropped',
};

/** Follows the name of a metric. */
export function missingWords(why: UnmatchedReason): string {
  return why in MISSING
    ? MISSING[why as keyof typeof MISSING]
    : `waits for ${WAITING[why as keyof typeof WAITING]}`;
}
