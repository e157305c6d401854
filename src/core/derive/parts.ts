/** Finds again, after a restart, which targets had a part in a signal; what belongs to no target any more is forgotten. */
import { releaseCell } from '../cells.ts';
import type { Cell, Signal, World } from '../world.ts';
import type { Feed, Feeds } from './feeds.ts';

/** The key of the cell that is about a target's part as a whole; the keys of its other cells go on after the blank. */
export function partKey(feed: Feed): string {
  return `${feed.key} `;
}

export interface StoredPart {
  readonly feed: Feed;
  readonly cells: readonly Cell[];
}

export function partsOf(world: World, signal: Signal, feeds: Feeds): StoredPart[] {
  const parts = new Map<Feed, Cell[]>();
  for (const cell of [...(signal.cells?.values() ?? [])]) {
    const blank = cell.key.indexOf(' ');
    if (blank < 0) continue;
    const feed = feeds.get(cell.key.slice(0, blank));
    if (!feed) {
      releaseCell(world, cell);
      continue;
    }
    const cells = parts.get(feed);
    if (cells) cells.push(cell);
    else parts.set(feed, [cell]);
  }
  return [...parts].map(([feed, cells]) => ({ feed, cells }));
}
