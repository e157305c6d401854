/** The derivations that one process makes of what its targets say. */
import type { Signal, World } from '../world.ts';
import { SharedGauge } from './aggregate.ts';
import { Counting } from './counting.ts';
import type { Derivation } from './derivation.ts';
import type { Feeds } from './feeds.ts';
import { Gauge } from './gauge.ts';
import { kindOf } from './kinds/index.ts';

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

  #make(world: World, signal: Signal): Derivation {
    const from = signal.rule.from!;
    if (from.kind === 'gauge')
      return new (from.aggregate === null ? Gauge : SharedGauge)(world, signal, this.#feeds);
    return new Counting(kindOf(from), world, { signal, feeds: this.#feeds });
  }
}
