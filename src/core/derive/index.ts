/** The derivations that one process makes of what its targets say. */

import { releaseCell } from '../cells.ts';
import type { Signal, World } from '../world.ts';
import { SharedGauge } from './aggregate.ts';
import { Counting } from './counting.ts';
import type { Derivation } from './derivation.ts';
import type { Feed, Feeds } from './feeds.ts';
import { Gauge } from './gauge.ts';
import { kindOf } from './kinds/index.ts';
import { partKey } from './parts.ts';

/** One derivation for each signal, made when its first series joins. */
export class Derivations {
  readonly #feeds: Feeds;
  readonly #made = new WeakMap<Signal, { readonly resets: number; readonly derivation: Derivation }>();

  constructor(feeds: Feeds) {
    this.#feeds = feeds;
  }

  /** The signal's rule must have a `from`. */
  of(world: World, signal: Signal): Derivation {
    const known = this.#made.get(signal);
    if (known?.resets === signal.resets) return known.derivation;
    const derivation = this.#make(world, signal);
    this.#made.set(signal, { resets: signal.resets, derivation });
    return derivation;
  }

  /** A loop no longer scrapes the target. Where it was the last one, what the target had a part in is forgotten. */
  leave(world: World, feed: Feed): void {
    this.#feeds.leave(world, feed);
    if (feed.users > 0) return;
    for (const signal of world.signals) {
      if (!signal?.cells) continue;
      this.#made.get(signal)?.derivation.leave(feed);
      for (const cell of [...signal.cells.values()])
        if (cell.key.startsWith(partKey(feed))) releaseCell(world, cell);
    }
  }

  #make(world: World, signal: Signal): Derivation {
    const from = signal.rule.from!;
    if (from.kind === 'gauge')
      return new (from.aggregate === null ? Gauge : SharedGauge)(world, signal, this.#feeds);
    return new Counting(kindOf(from), world, { signal, feeds: this.#feeds });
  }
}
