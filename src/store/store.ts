/** The contract of a store: the world, its history and the outbox, in one transaction per commit. */
import type { Episode, RequestStatus, RetrainRequest } from '../core/retrain.ts';
import type { JudgeConfig } from '../core/rule.ts';
import type { World } from '../core/world.ts';

export interface HistoryFilter {
  readonly model?: string;
  readonly version?: string;
  readonly limit: number;
  /** Only rows older than the one with this id. */
  readonly before?: string;
}

/** Ended and open alike, newest first. */
export interface History {
  episodes(
    filter: HistoryFilter & { readonly metric?: string; readonly state?: 'open' | 'closed' },
  ): Episode[];
  episode(id: string): Episode | undefined;
  requests(filter: HistoryFilter & { readonly status?: RequestStatus }): RetrainRequest[];
  request(id: string): RetrainRequest | undefined;
}

export interface Store extends History {
  /** Rebuilds the world as it was at the last commit. Its signals have no rules before a config is adopted. */
  load(config: JudgeConfig): World;
  /**
   * Writes what `world.dirty` names, and the frozen bodies of new requests, in one transaction; then clears it.
   * Throws `StorageError` where nothing could be written: the world is then ahead of the store and must be loaded again.
   */
  commit(world: World, bodies: ReadonlyMap<string, Uint8Array>): void;
  /** Settles when everything committed before the call survives a power cut. */
  synced(): Promise<void>;
  /** The frozen body of a request that has not ended. */
  body(request: string): Uint8Array;
  /** Forgets history that ended before this time, but nothing that is open, parked or needed for numbering. */
  prune(before: number): void;
  close(): void;
}
