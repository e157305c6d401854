/**
 * What counts: counters and histograms. Deltas per series come first, then their sum over the series and targets of a
 * model version, then the value of a window; a window ends with the first round at which it is long enough and holds
 * enough observations.
 */
import type { Signal, World } from '../world.ts';
import type { CountingKind } from './counting-kind.ts';
import type { CountingHost } from './counting-part.ts';
import { CountingPart } from './counting-part.ts';
import type { Derivation, JoinAs, Member, PageTurn } from './derivation.ts';
import { appendEvent, countDropped } from './derivation.ts';
import type { Feed, Feeds } from './feeds.ts';
import { BEGAN, HEARD_AT, PREVIOUS_ROUND_AT, ROUND_AT, SINCE, STAMPED, START } from './memory.ts';
import { partsOf } from './parts.ts';
import { isRoundOver } from './rounds.ts';
import type { CountingSettings } from './settings.ts';
import { Window } from './window.ts';

/** A page may come a little early, by its jitter, and still end the window that it is meant to end. */
const EARLY = 0.01;

export class Counting implements Derivation, CountingHost {
  readonly signal: Signal;
  readonly kind: CountingKind;
  readonly window: Window;
  readonly #feeds: Feeds;
  readonly #parts = new Map<Feed, CountingPart>();

  constructor(kind: CountingKind, world: World, { signal, feeds }: { signal: Signal; feeds: Feeds }) {
    this.signal = signal;
    this.kind = kind;
    this.#feeds = feeds;
    this.window = new Window(world, signal, kind.groupSize === null);
    for (const { feed, cells } of partsOf(world, signal, feeds))
      this.#parts.set(feed, new CountingPart(this, feed, cells));
  }

  join(feed: Feed, as: JoinAs): Member {
    return this.#partOf(feed).join(as);
  }

  leave(feed: Feed): void {
    this.#parts.delete(feed);
  }

  settle(turn: PageTurn): void {
    const { world, receivedAt } = turn;
    const { window, signal } = this;
    const { own } = window;
    window.touch(world);
    own[HEARD_AT] = receivedAt;
    if (own[SINCE] === 0) own[SINCE] = receivedAt;
    if (!isRoundOver({ world, feeds: this.#feeds, own }, this.#parts.values(), receivedAt)) return;
    own[PREVIOUS_ROUND_AT] = own[ROUND_AT]!;
    own[ROUND_AT] = receivedAt;

    const newest = this.#newest(world);
    const end = newest?.time ?? -Infinity;
    const stamped = newest?.stamped ?? 1;
    const lengthMs = end - own[START]!;
    // What was counted before every target was known is not all there was, and where the target whose clock was ahead is
    // gone, what was counted has no length.
    if (own[START] === 0 || lengthMs < 0) {
      window.clear(world);
      if (own[START] === 0) own[BEGAN] = end;
      own[START] = end;
      own[STAMPED] = stamped;
      return;
    }
    const settings = signal.rule.from as CountingSettings;
    if (lengthMs === 0 || lengthMs < (1 - EARLY) * settings.windowMs) return;
    const { counted } = window;
    const weight = this.kind.countOf(counted);
    if (weight < settings.minCount) return;
    const { keys, counts, native } = counted;
    const seconds = lengthMs / 1000;
    const value = this.kind.valueOf({ keys, counts, native, settings, seconds, end, own, world, signal });
    if (value !== null && !Number.isFinite(value)) countDropped(turn, 'non_finite');
    else if (value !== null)
      appendEvent(turn, signal.ref, { time: end, value: value * settings.scale, weight, stamped });
    window.clear(world);
    own[START] = end;
    own[STAMPED] = stamped;
  }

  #partOf(feed: Feed): CountingPart {
    let part = this.#parts.get(feed);
    if (!part) {
      part = new CountingPart(this, feed);
      this.#parts.set(feed, part);
    }
    return part;
  }

  /** The part with the newest page among those that still speak. */
  #newest(world: World): CountingPart | null {
    let newest: CountingPart | null = null;
    for (const part of this.#parts.values()) {
      if (!part.feed.speaks(world, part.heardAt)) continue;
      if (newest === null || part.time > newest.time) newest = part;
    }
    return newest;
  }
}
