/** The embedded store on node:sqlite: one file in WAL mode, one process, one transaction per commit. */

import { createHash, createHmac } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { attachCell } from '../core/cells.ts';
import { addPage, clearDirty, findFree, recordsPerPage } from '../core/records.ts';
import type { Episode, RequestStatus, RetrainRequest } from '../core/retrain.ts';
import type { JudgeConfig } from '../core/rule.ts';
import { PHASE, PHASES } from '../core/signal.ts';
import { attachSignal } from '../core/signals.ts';
import type { Dirty, IdMaker, World } from '../core/world.ts';
import { createWorld } from '../core/world.ts';
import { StorageError } from '../storage-error.ts';
import { Barrier } from './barrier.ts';
import { modelToRow, restoreEpisode, restoreModel, restoreRequest, storedRule } from './rows.ts';
import type { HistoryFilter, Store } from './store.ts';

interface StoreRow {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly created_at: number;
  readonly at: number;
  readonly episodes: number;
}

/** A file that SQLite reads without complaint, but whose content cannot be ours. */
export class CorruptStoreError extends Error {
  readonly code = 'CORRUPT_STORE';
}

type Row = Record<string, never>;

export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #identity: StoreRow;
  readonly #wal: number | undefined;
  readonly #barrier: Barrier | undefined;
  readonly #statements = new Map<string, StatementSync>();

  /** `database` is open, in exclusive WAL mode, and has the present schema; `walFile` is undefined for one in memory. */
  constructor(database: DatabaseSync, walFile: string | undefined, onFatal: (error: Error) => void) {
    this.#database = database;
    this.#identity = database
      .prepare('SELECT id, secret, created_at, at, episodes FROM store')
      .get() as unknown as StoreRow;
    if (!this.#identity) throw new CorruptStoreError('the store has no identity');
    if (walFile !== undefined) {
      // The main file is never opened a second time: closing it would drop SQLite's locks.
      const descriptor = openSync(walFile, 'r+');
      this.#wal = descriptor;
      this.#barrier = new Barrier(() => descriptor, onFatal);
    }
  }

  load(config: JudgeConfig): World {
    const {
      created_at: createdAt,
      at,
      episodes,
    } = this.#prepare('SELECT created_at, at, episodes FROM store').get() as unknown as StoreRow;
    const world = createWorld({ at, createdAt, episodes, config, makeId: this.#makeId });
    for (const { id, width, data } of this.#prepare(
      'SELECT id, width, data FROM pages ORDER BY id',
    ).iterate() as Iterable<{
      id: number;
      width: number;
      data: Uint8Array;
    }>) {
      if (data.byteLength !== recordsPerPage(width) * width * 8)
        throw new CorruptStoreError(`page ${id} has ${data.byteLength} bytes`);
      addPage(world, { id, width, data: new Float64Array(Uint8Array.from(data).buffer) });
    }
    const signals = this.#prepare(
      'SELECT ref, model, version, metric, input, judge FROM signals ORDER BY ref',
    );
    for (const row of signals.iterate() as Iterable<{ ref: number } & Record<string, string>>)
      restoreSignal(world, row);
    for (const { ref, signal, key } of this.#prepare(
      'SELECT ref, signal, key FROM cells ORDER BY ref',
    ).iterate() as Iterable<Row>) {
      attachCell(world, world.signals[signal!]!, { ref: ref!, key: key! });
    }
    for (const { target, at: heardAt } of this.#prepare(
      'SELECT target, at FROM heard',
    ).iterate() as Iterable<Row>) {
      world.heard.set(target!, heardAt!);
    }
    findFree(world);
    for (const { name, state } of this.#prepare(
      'SELECT name, state FROM models ORDER BY name',
    ).iterate() as Iterable<Row>) {
      restoreModel(world, name!, state!);
    }
    const open = 'WHERE ended_at IS NULL ORDER BY seq';
    for (const { state } of this.#prepare(`SELECT state FROM episodes ${open}`).iterate() as Iterable<Row>) {
      restoreEpisode(world, state!);
    }
    for (const { state } of this.#prepare(`SELECT state FROM requests ${open}`).iterate() as Iterable<Row>) {
      restoreRequest(world, state!);
    }
    return world;
  }

  commit(world: World, bodies: ReadonlyMap<string, Uint8Array>): void {
    const { dirty } = world;
    try {
      this.#prepare('BEGIN IMMEDIATE').run();
      this.#writeSignals(dirty);
      this.#writeRareThings(world, bodies);
      this.#prepare('UPDATE store SET at = ?, created_at = ?, episodes = ?').run(
        world.at,
        world.createdAt,
        world.episodes,
      );
      this.#prepare('COMMIT').run();
    } catch (error) {
      this.#rollback();
      throw storageError(error);
    }
    clearDirty(world);
  }

  #writeSignals({ pages, added, removed, rejudged, addedCells, removedCells }: Dirty): void {
    const remove = this.#prepare('DELETE FROM signals WHERE ref = ?');
    for (const ref of removed) remove.run(ref);
    const upsert = this.#prepare(
      'INSERT OR REPLACE INTO signals (ref, model, version, metric, input, judge) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const { ref, model, metric, rule } of new Set([...added, ...rejudged])) {
      upsert.run(ref, model.name, model.version, metric, rule.inputFingerprint, rule.judgeFingerprint);
    }
    const removeCell = this.#prepare('DELETE FROM cells WHERE ref = ?');
    for (const ref of removedCells) removeCell.run(ref);
    const addCell = this.#prepare('INSERT OR REPLACE INTO cells (ref, signal, key) VALUES (?, ?, ?)');
    for (const { ref, signal, key } of addedCells) addCell.run(ref, signal.ref, key);
    const page = this.#prepare('INSERT OR REPLACE INTO pages (id, width, data) VALUES (?, ?, ?)');
    for (const { id, width, data } of pages) page.run(id, width, new Uint8Array(data.buffer));
  }

  #writeRareThings(world: World, bodies: ReadonlyMap<string, Uint8Array>): void {
    const { models, episodes, requests, heard } = world.dirty;
    for (const target of heard) {
      const at = world.heard.get(target);
      if (at === undefined) this.#prepare('DELETE FROM heard WHERE target = ?').run(target);
      else this.#prepare('INSERT OR REPLACE INTO heard (target, at) VALUES (?, ?)').run(target, at);
    }
    for (const model of models) {
      if (world.models.get(model.name) !== model)
        this.#prepare('DELETE FROM models WHERE name = ?').run(model.name);
      else
        this.#prepare('INSERT OR REPLACE INTO models (name, state) VALUES (?, ?)').run(
          model.name,
          modelToRow(model),
        );
    }
    for (const episode of episodes) {
      const { id, model, endedAt } = episode;
      this.#prepare(
        `INSERT INTO episodes (id, model, version, ended_at, state) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, state = excluded.state`,
      ).run(id, model.name, model.version, endedAt, JSON.stringify(episode));
    }
    for (const request of requests) {
      const { id, model, status, endedAt } = request;
      this.#prepare(
        `INSERT INTO requests (id, model, version, status, ended_at, state) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at, state = excluded.state`,
      ).run(id, model.name, model.version, status, endedAt, JSON.stringify(request));
      if (endedAt !== null) this.#prepare('DELETE FROM outbox WHERE request = ?').run(id);
    }
    for (const [id, body] of bodies)
      this.#prepare('INSERT INTO outbox (request, body) VALUES (?, ?)').run(id, body);
  }

  #rollback(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The failure that led here is the one to tell; SQLite has rolled back or will when it is used next.
    }
  }

  synced(): Promise<void> {
    return this.#barrier?.passed() ?? Promise.resolve();
  }

  /** Settles when no sync is under way, so that the store may be closed. */
  async idle(): Promise<void> {
    await this.#barrier?.idle();
  }

  body(request: string): Uint8Array {
    const row = this.#prepare('SELECT body FROM outbox WHERE request = ?').get(request);
    if (!row) throw new Error(`request ${request} has no body in the outbox`);
    return row['body'] as Uint8Array;
  }

  episodes(
    filter: HistoryFilter & { readonly metric?: string; readonly state?: 'open' | 'closed' },
  ): Episode[] {
    const conditions: [string, string | undefined][] = [
      ["EXISTS (SELECT 1 FROM json_each(state, '$.metrics') WHERE value = ?)", filter.metric],
    ];
    const fixed =
      filter.state === undefined ? [] : [`ended_at IS ${filter.state === 'open' ? '' : 'NOT '}NULL`];
    return this.#select<Episode>('episodes', filter, conditions, fixed);
  }

  episode(id: string): Episode | undefined {
    return this.#one<Episode>('episodes', id);
  }

  requests(filter: HistoryFilter & { readonly status?: RequestStatus }): RetrainRequest[] {
    return this.#select<RetrainRequest>('requests', filter, [['status = ?', filter.status]], []);
  }

  request(id: string): RetrainRequest | undefined {
    return this.#one<RetrainRequest>('requests', id);
  }

  prune(before: number): void {
    try {
      for (const table of ['episodes', 'requests'])
        this.#prepare(`DELETE FROM ${table} WHERE ended_at < ?`).run(before);
    } catch (error) {
      throw storageError(error);
    }
  }

  /** The bearer token with which the outcome of a request, and of no other, may be reported. */
  outcomeToken(request: string): string {
    return createHmac('sha256', this.#identity.secret).update(request).digest('base64url');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
    if (this.#wal !== undefined) closeSync(this.#wal);
  }

  readonly #makeId: IdMaker = (kind, { name, version }, number) => {
    const source = JSON.stringify([this.#identity.id, kind, name, version, number]);
    return `${kind}_${createHash('sha256').update(source).digest('hex').slice(0, 24)}`;
  };

  #select<T>(
    table: string,
    filter: HistoryFilter,
    conditions: [string, string | undefined][],
    fixed: string[],
  ): T[] {
    const given = [
      ['model = ?', filter.model] as const,
      ['version = ?', filter.version] as const,
      [`seq < (SELECT seq FROM ${table} WHERE id = ?)`, filter.before] as const,
      ...conditions,
    ].filter(([, value]) => value !== undefined);
    const where = [...given.map(([condition]) => condition), ...fixed].join(' AND ') || 'TRUE';
    const rows = this.#prepare(`SELECT state FROM ${table} WHERE ${where} ORDER BY seq DESC LIMIT ?`).all(
      ...given.map(([, value]) => value!),
      filter.limit,
    );
    return rows.map(({ state }) => JSON.parse(String(state)) as T);
  }

  #one<T>(table: string, id: string): T | undefined {
    const row = this.#prepare(`SELECT state FROM ${table} WHERE id = ?`).get(id);
    return row && (JSON.parse(String(row['state'])) as T);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function restoreSignal(world: World, row: { ref: number } & Record<string, string>): void {
  const { ref, model, version, metric, input, judge } = row as { ref: number } & Record<
    'model' | 'version' | 'metric' | 'input' | 'judge',
    string
  >;
  const rule = storedRule(metric, input, judge);
  const signal = attachSignal(world, { ref, name: { name: model, version }, metric, rule });
  if (!PHASES[signal.record[PHASE]!] || !signal.record.every(Number.isFinite)) {
    throw new CorruptStoreError(`the record of signal ${ref} is not one`);
  }
}

function storageError(error: unknown): unknown {
  const { code, errcode, errstr } = error as { code?: string; errcode?: number; errstr?: string };
  if (code !== 'ERR_SQLITE_ERROR') return error;
  return new StorageError(`the store could not be written: ${errstr} (SQLite ${errcode})`, { cause: error });
}
