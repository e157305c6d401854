/** The whole state of the core, and the shapes of what goes in and comes out of `step`. */
import { DeadlineQueue } from './deadline-queue.ts';
import type { Episode, GateName, Report, RequestFacts, RetrainRequest } from './retrain.ts';
import type { JudgeConfig, Rule } from './rule.ts';
import type { ModelVersion, Phase, Ref, Time } from './signal.ts';

export interface Page {
  readonly id: number;
  /** Float64s per record. */
  readonly width: number;
  readonly data: Float64Array;
  /** Whether it is among the dirty ones: asked for each record that changes, and so kept where it costs least. */
  isDirty: boolean;
}

/** The stream of metric events of one (model, version, metric). */
export interface Signal {
  readonly ref: Ref;
  readonly model: ModelVersion;
  readonly version: Version;
  readonly metric: string;
  rule: Rule;
  readonly page: Page;
  /** This signal's record: a view into its page. */
  readonly record: Float64Array;
  /** What its derivation remembers, by key; null where that is nothing. */
  cells: Map<string, Cell> | null;
  /** How often it was begun anew: what was derived for it before is of no use. */
  resets: number;
}

/** Numbers that a derivation remembers for a signal: a record beside the signal's own, of a width of its own. */
export interface Cell {
  readonly ref: Ref;
  readonly signal: Signal;
  readonly key: string;
  readonly page: Page;
  readonly record: Float64Array;
}

/** Metric events as columns; a scrape or a push of any size is one batch. */
export interface Batch {
  length: number;
  ref: Uint32Array;
  /** The sample's own time; NaN: none was given, the time of receipt is used (1 µs past the newest where that is later). */
  time: Float64Array;
  value: Float64Array;
  /** The observations behind the value; 1 where it was taken as it came. */
  weight: Float64Array;
  /** 1 where we stamped the time (or will). */
  stamped: Uint8Array;
  /** Written by `step`: 1 where the sample entered its signal. */
  accepted: Uint8Array;
}

export type Source = 'scrape' | 'push';

/** Why a sample was dropped, as on `driftgauge_samples_dropped_total`. */
export type DropReason =
  | 'late'
  | 'duplicate'
  | 'future'
  | 'non_finite'
  | 'stale_marker'
  | 'duplicate_series'
  | 'unmatched'
  | 'no_model'
  | 'bad_name'
  | 'max_signals'
  | 'max_series';

export type Input =
  | { readonly type: 'samples'; readonly at: Time; readonly source: Source; readonly batch: Batch }
  | { readonly type: 'time'; readonly at: Time }
  | { readonly type: 'report'; readonly at: Time; readonly request: RetrainRequest; readonly report: Report }
  | { readonly type: 'config'; readonly at: Time; readonly config: JudgeConfig }
  /** The wall clock moved by so many milliseconds: shifts deadlines and the times that we stamped. */
  | { readonly type: 'clock_step'; readonly at: Time; readonly by: number };

export type Change =
  | {
      readonly type: 'phase';
      readonly at: Time;
      readonly signal: Signal;
      readonly from: Phase;
      readonly to: Phase;
    }
  | {
      readonly type: 'signal_removed';
      readonly at: Time;
      readonly signal: Signal;
      readonly cause: 'expired' | 'config';
    }
  | { readonly type: 'episode_opened'; readonly at: Time; readonly episode: Episode }
  | {
      readonly type: 'episode_held';
      readonly at: Time;
      readonly episode: Episode;
      readonly reason: GateName;
      readonly detail: string;
    }
  | { readonly type: 'episode_closed'; readonly at: Time; readonly episode: Episode }
  | {
      readonly type: 'requested';
      readonly at: Time;
      readonly request: RetrainRequest;
      readonly facts: RequestFacts;
    }
  | {
      readonly type: 'request_changed';
      readonly at: Time;
      readonly request: RetrainRequest;
      readonly report: Report['kind'] | 'timed_out' | 'withdrawn';
    };

/** One step in progress: what its parts share. */
export interface Turn {
  readonly world: World;
  readonly at: Time;
  readonly changes: Change[];
  /** Models of which something has changed: their deadlines are found anew at the end. */
  readonly touched: Set<Model>;
  /** Models whose slot became free: when all samples are in, their episodes are judged, the oldest first. */
  readonly freed: Set<Model>;
}

export interface Version {
  readonly model: Model;
  readonly name: ModelVersion;
  /** When its first sample was received; 0 before. */
  firstSeenAt: Time;
  readonly signals: Map<string, Signal>;
  /** The open episode. */
  episode: Episode | null;
  /** Episodes so far. */
  episodes: number;
  /** Requests so far. */
  requests: number;
  /** Episodes that closed unasked, by their last reason. */
  readonly suppressed: Map<GateName, number>;
  /** Ended requests, by final status. */
  readonly outcomes: Map<string, number>;
}

export interface Model {
  readonly name: string;
  readonly versions: Map<string, Version>;
  /** How many of them have an open episode. */
  openEpisodes: number;
  /** The request that has the model's one slot. */
  inFlight: RetrainRequest | null;
  /** When the last request that counts for `cooldown` ended. */
  lastEndedAt: Time | null;
  /** When the requests of the last 24 hours that count for `max_per_day` were made, oldest first. */
  asks: Time[];
}

/** Makes ids; injected because the core has no hash of its own. The same arguments give the same id. */
export type IdMaker = (kind: 'ep' | 'rt', model: ModelVersion, number: number) => string;

/** What has changed since the last commit; the store writes exactly this and then clears it. */
export interface Dirty {
  readonly pages: Set<Page>;
  readonly models: Set<Model>;
  readonly episodes: Set<Episode>;
  readonly requests: Set<RetrainRequest>;
  readonly added: Set<Signal>;
  readonly removed: Set<Ref>;
  readonly addedCells: Set<Cell>;
  readonly removedCells: Set<Ref>;
  /** Targets that were heard or are gone. */
  readonly heard: Set<string>;
  /** A signal's rule was replaced. */
  readonly rejudged: Set<Signal>;
}

export interface World {
  /** Time of the last input; never decreases but by a clock step. */
  at: Time;
  /** When this store was created: `initial_hold` runs from it. */
  createdAt: Time;
  config: JudgeConfig;
  readonly makeId: IdMaker;
  /** Episodes so far in this store: the last episode's number. Never used again, whatever is forgotten. */
  episodes: number;
  readonly pages: Map<number, Page>;
  /** Indexed by ref. */
  readonly signals: (Signal | undefined)[];
  /** Indexed by ref; a ref is a signal's or a cell's. */
  readonly cells: (Cell | undefined)[];
  cellCount: number;
  /** Float64s of all cells together. */
  remembered: number;
  /** When each target's last scrape ended, well or not, by its key. */
  readonly heard: Map<string, Time>;
  /** Refs of free records, by the width of their page. */
  readonly free: Map<number, Ref[]>;
  /** How many signals there are. */
  signalCount: number;
  /** How many were removed: a ref that was resolved before the last removal may mean another signal now. */
  removals: number;
  readonly models: Map<string, Model>;
  /** Requests that have not ended, by id. */
  readonly requests: Map<string, RetrainRequest>;
  /** When each signal could expire; a sample in between moves the true instant, not the entry. */
  readonly expiries: DeadlineQueue<Signal>;
  /** Models with something to settle, and when. */
  readonly wakes: DeadlineQueue<Model>;
  readonly dirty: Dirty;
  /** Samples dropped since the process began, by source and reason (`source reason`). */
  readonly drops: Map<string, number>;
}

export function createWorld(options: {
  at: Time;
  createdAt: Time;
  config: JudgeConfig;
  makeId: IdMaker;
  episodes?: number;
}): World {
  return {
    episodes: 0,
    ...options,
    pages: new Map(),
    signals: [],
    cells: [],
    cellCount: 0,
    remembered: 0,
    heard: new Map(),
    free: new Map(),
    signalCount: 0,
    removals: 0,
    models: new Map(),
    requests: new Map(),
    expiries: new DeadlineQueue(),
    wakes: new DeadlineQueue(),
    dirty: {
      pages: new Set(),
      models: new Set(),
      episodes: new Set(),
      requests: new Set(),
      added: new Set(),
      removed: new Set(),
      addedCells: new Set(),
      removedCells: new Set(),
      heard: new Set(),
      rejudged: new Set(),
    },
    drops: new Map(),
  };
}

export function countDrop(world: World, source: Source, reason: DropReason, count = 1): void {
  const key = `${source} ${reason}`;
  world.drops.set(key, (world.drops.get(key) ?? 0) + count);
}
