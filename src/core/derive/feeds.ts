/**
 * The targets, as far as derivations are concerned: which there are, when each was last heard, and whether it still speaks
 * of what it spoke of before. When it was heard is part of the world, so that a restart changes nothing.
 */
import type { Time } from '../signal.ts';
import type { World } from '../world.ts';

export class Feed {
  /** The same for the same target over restarts; without blanks. */
  readonly key: string;
  /** Counts its pages; the present one while it is derived. */
  page = 0;
  /** Its last page told all its series: none was refused for want of room. */
  complete = true;
  /** Loops that scrape it: two while a reload replaces one by the other; 0 where it is gone. */
  users = 0;

  constructor(key: string) {
    this.key = key;
  }

  /** A scrape has ended, well or not. What it has not spoken of on a page that ended now is silent. */
  hear(world: World, at: Time): void {
    world.heard.set(this.key, at);
    world.dirty.heard.add(this.key);
  }

  /** Whether the last scrape spoke of what was last heard at this time. */
  speaks(world: World, heardAt: Time): boolean {
    return this.users > 0 && heardAt >= (world.heard.get(this.key) ?? -Infinity);
  }
}

export class Feeds {
  readonly #feeds = new Map<string, Feed>();

  join(key: string): Feed {
    let feed = this.#feeds.get(key);
    if (!feed) {
      feed = new Feed(key);
      this.#feeds.set(key, feed);
    }
    feed.users++;
    return feed;
  }

  leave(world: World, feed: Feed): void {
    if (--feed.users > 0) return;
    this.#feeds.delete(feed.key);
    world.heard.delete(feed.key);
    world.dirty.heard.add(feed.key);
  }

  /** Undefined where there is no such target any more. */
  get(key: string): Feed | undefined {
    const feed = this.#feeds.get(key);
    return feed && feed.users > 0 ? feed : undefined;
  }

  /** Forgets when targets were heard that there are no more. */
  forgetOthers(world: World): void {
    for (const key of world.heard.keys()) {
      if (this.get(key)) continue;
      world.heard.delete(key);
      world.dirty.heard.add(key);
    }
  }

  /** The target whose last scrape ended at this time. */
  heardAt(world: World, at: Time): Feed | null {
    for (const feed of this.#feeds.values())
      if (feed.users > 0 && world.heard.get(feed.key) === at) return feed;
    return null;
  }

  /** Whether every target was heard, well or not, since this time. */
  allHeardSince(world: World, since: Time): boolean {
    for (const { key, users } of this.#feeds.values())
      if (users > 0 && (world.heard.get(key) ?? -Infinity) < since) return false;
    return true;
  }
}
