/**
 * Several targets speak of one signal, each when it is scraped. A round is over when each of them has spoken since the
 * last one ended; only then is what they said together a sample. So a sum is never over some of them, and the number of
 * replicas does not change how fast an average moves.
 */
import type { Time } from '../signal.ts';
import type { World } from '../world.ts';
import type { Feed, Feeds } from './feeds.ts';
import { COMPLETE, ROUND_AT, SINCE } from './memory.ts';

/** So long is a target waited for that has not been heard since the signal came; Prometheus’ lookback delta. */
export const LOOKBACK_DELTA_MS = 5 * 60_000;

/** One target's part in a signal. */
export interface Voice {
  readonly feed: Feed;
  /** When it last spoke of the signal, by our clock. */
  readonly heardAt: Time;
}

/** `own` is the record of the signal's own cell. */
export function isRoundOver(
  { world, feeds, own }: { world: World; feeds: Feeds; own: Float64Array },
  voices: Iterable<Voice>,
  at: Time,
): boolean {
  const roundAt = own[ROUND_AT]!;
  for (const { feed, heardAt } of voices) {
    if (heardAt <= roundAt && feed.speaks(world, heardAt)) return false;
  }
  if (own[COMPLETE] === 1) return true;
  // At first nobody knows who else will speak of it.
  const since = own[SINCE]!;
  if (!feeds.allHeardSince(world, since) && at - since <= LOOKBACK_DELTA_MS) return false;
  own[COMPLETE] = 1;
  return true;
}
