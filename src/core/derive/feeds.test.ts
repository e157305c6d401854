import { beforeEach, describe, expect, it } from 'vitest';
import { Scenario } from '../scenario.testing.ts';
import type { World } from '../world.ts';
import { Feeds } from './feeds.ts';

let world: World;
let feeds: Feeds;
beforeEach(() => {
  world = new Scenario().world;
  feeds = new Feeds();
});

describe('a target', () => {
  it('speaks of what it was heard with when it was last heard', () => {
    const feed = feeds.join('a');
    feed.hear(world, 1000);
    expect([999, 1000].map((at) => feed.speaks(world, at))).toEqual([false, true]);
    feed.hear(world, 2000);
    expect(feed.speaks(world, 1000)).toBe(false);
  });

  it('speaks until it is heard for the first time', () => {
    expect(feeds.join('a').speaks(world, 0)).toBe(true);
  });

  it('speaks of nothing once it has left', () => {
    const feed = feeds.join('a');
    feed.hear(world, 1000);
    feeds.leave(world, feed);
    expect(feed.speaks(world, 1000)).toBe(false);
  });

  it('is one, however many loops scrape it, and stays until the last of them ends', () => {
    const feed = feeds.join('a');
    expect(feeds.join('a')).toBe(feed);
    feed.hear(world, 1000);
    feeds.leave(world, feed);
    expect(feeds.get('a')).toBe(feed);
    expect(world.heard.get('a')).toBe(1000);
    feeds.leave(world, feed);
    expect(feeds.get('a')).toBeUndefined();
    expect(world.heard.has('a')).toBe(false);
  });

  it('is told to the store when it is heard and when it leaves', () => {
    const feed = feeds.join('a');
    feed.hear(world, 1000);
    expect([...world.dirty.heard]).toEqual(['a']);
    world.dirty.heard.clear();
    feeds.leave(world, feed);
    expect([...world.dirty.heard]).toEqual(['a']);
  });

  it('may come back, and is then new', () => {
    feeds.leave(world, feeds.join('a'));
    const feed = feeds.join('a');
    expect(feeds.get('a')).toBe(feed);
    expect(feeds.allHeardSince(world, 0)).toBe(false);
  });
});

describe('all targets', () => {
  it('were heard since a time when each of them was, well or not', () => {
    feeds.join('a').hear(world, 1000);
    const other = feeds.join('b');
    expect(feeds.allHeardSince(world, 1000)).toBe(false);
    other.hear(world, 1500);
    expect([1000, 1001].map((since) => feeds.allHeardSince(world, since))).toEqual([true, false]);
  });

  it('do not count where they have left', () => {
    feeds.join('a').hear(world, 1000);
    feeds.leave(world, feeds.join('b'));
    expect(feeds.allHeardSince(world, 1000)).toBe(true);
  });

  it('were all heard where there are none', () => {
    expect(feeds.allHeardSince(world, Infinity)).toBe(true);
  });

  it('are found by when they were heard', () => {
    const a = feeds.join('a');
    const b = feeds.join('b');
    a.hear(world, 1000);
    b.hear(world, 2000);
    expect([1000, 2000, 3000].map((at) => feeds.heardAt(world, at))).toEqual([a, b, null]);
    feeds.leave(world, b);
    expect(feeds.heardAt(world, 2000)).toBeNull();
  });
});
