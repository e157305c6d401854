/**
 * The contract of a kind that counts; each is one file in `kinds/`. It says how its series are told apart, what a
 * window holds, and what value comes of it.
 */
import type { Time } from '../signal.ts';
import type { Signal, World } from '../world.ts';
import type { NativeHistogram } from './histogram/native.ts';
import type { CountingSettings, Role } from './settings.ts';

/** What the series of a model version have counted in a window, together. */
export interface Counted {
  /** Ascending. For buckets these are their upper bounds, and the counts are cumulative. */
  readonly keys: Float64Array;
  readonly counts: Float64Array;
  /** Null where no native histogram was there. */
  readonly native: NativeHistogram | null;
}

/** A window that is about to end. */
export interface Closing<Settings extends CountingSettings> extends Counted {
  readonly settings: Settings;
  /** Its length in data time. */
  readonly seconds: number;
  /** The data time at which it ends. */
  readonly end: Time;
  /** The record of the signal's own cell. */
  readonly own: Float64Array;
  readonly world: World;
  readonly signal: Signal;
}

export interface CountingKind<Settings extends CountingSettings = CountingSettings> {
  readonly kind: Settings['kind'];
  /**
   * How many counters a group has; a page that shows fewer of them says nothing. Null: as many buckets as there are, by
   * their upper bounds; layouts that differ have only their common bounds in common.
   */
  readonly groupSize: number | null;
  /**
   * Where a role's counters stand: counters of one series of labels that share a `group` belong to one process and are
   * reset together. A bucket's key is its bound.
   */
  placeOf(role: Role): { readonly group: string; readonly key: number };
  /** Whether a counter that falls was reset; a sum may fall by itself. */
  isMonotone(key: number): boolean;
  /** Whether classic histograms are wanted where a target shows both forms: what they are compared with is classic. */
  prefersClassic(signal: Signal): boolean;
  /** Whether its observations may also come as native histograms. */
  readonly takesNative: boolean;
  /**
   * What comes later on a target that was watched before began at 0, but what is not of this key can't have counted more
   * than that. Null: a series that is new says nothing at first.
   */
  readonly whole: number | null;
  /** The value is per time: what a target has counted while rounds ended without it belongs to no window. */
  readonly perTime: boolean;
  /** The observations in a window: what `min_count` is about. */
  countOf(counted: Counted): number;
  /** Null where there is none (yet). May remember things in cells of the signal. */
  valueOf(closing: Closing<Settings>): number | null;
}

/** The count under a key; 0 where there is none. */
export function countAt({ keys, counts }: Counted, key: number): number {
  const index = keys.indexOf(key);
  return index < 0 ? 0 : counts[index]!;
}
