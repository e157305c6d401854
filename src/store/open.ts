/**
 * Opens the store of a folder: makes a new one, refuses what a newer program wrote or another process holds, and
 * puts aside, never deletes, a file that cannot be read.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JudgeConfig } from '../core/rule.ts';
import { APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { CorruptStoreError, SqliteStore } from './sqlite.ts';

const FILE = 'driftgauge.db';
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** The folder's store cannot be used, and an operator must decide; the message says what to do. */
export class OpenStoreError extends Error {
  readonly code = 'OPEN_STORE';
}

export interface OpenOptions {
  /** Our time of now: the creation time of a new store. */
  readonly now: number;
  /** Called when a sync failed for another reason than a full disk: the process should end. */
  readonly onFatal: (error: Error) => void;
}

export interface OpenedStore {
  readonly store: SqliteStore;
  /** Where an unreadable file was put, if there was one. */
  readonly putAside: { readonly file: string; readonly reason: string } | null;
}

/** Throws `OpenStoreError`. */
export function openStore(folder: string, options: OpenOptions): OpenedStore {
  const file = join(folder, FILE);
  try {
    makeFolder(resolve(folder));
    return { store: openFile(file, options), putAside: null };
  } catch (error) {
    const reason = corruption(error);
    if (reason === undefined) throw explained(error, folder);
    const putAside = setAside(file, options.now);
    try {
      return { store: openFile(file, options), putAside: { file: putAside, reason } };
    } catch (again) {
      throw explained(again, folder);
    }
  }
}

/** One level after the other: on some file systems `recursive` never ends where a folder cannot be made. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeFolder(parent);
  if (!existsSync(folder)) mkdirSync(folder);
}

/** A store that lives as long as the process: for tests, and for programs that embed the engine without a disk. */
export function openMemoryStore(options: OpenOptions): SqliteStore {
  const database = new DatabaseSync(':memory:');
  create(database, options.now);
  return new SqliteStore(database, undefined, options.onFatal);
}

function openFile(file: string, { now, onFatal }: OpenOptions): SqliteStore {
  const database = new DatabaseSync(file);
  try {
    // Takes the lock now, not at the first commit.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;');
    const empty = verify(database, file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (empty) create(database, now);
    else migrate(database);
    // The write-ahead log exists once something was written.
    database.exec('BEGIN IMMEDIATE; UPDATE store SET at = at; COMMIT;');
    const store = new SqliteStore(database, `${file}-wal`, onFatal);
    store.load(NOTHING_JUDGED);
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether there is nothing yet; otherwise what is there is ours, of this schema and sound, or it throws. */
function verify(database: DatabaseSync, file: string): boolean {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
  if (application === 0 && version === 0 && tables === 0) return true;
  if (application !== APPLICATION_ID) throw new CorruptStoreError('it is a SQLite file of another program');
  if (version > SCHEMA_VERSION) {
    throw new OpenStoreError(
      `${file} has schema version ${version}; this program knows up to ${SCHEMA_VERSION}. Run the version that wrote it, or give another --storage.path.`,
    );
  }
  const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (check !== 'ok') throw new CorruptStoreError(String(check));
  return false;
}

function create(database: DatabaseSync, now: number): void {
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
  database
    .prepare('INSERT INTO store (one, id, secret, created_at, at, episodes) VALUES (1, ?, ?, ?, ?, 0)')
    .run(randomBytes(16).toString('hex'), randomBytes(32), now, now);
  database.exec('COMMIT');
}

/** Brings a file of an older version to the present one, whole or not at all. */
function migrate(database: DatabaseSync): void {
  const steps = MIGRATIONS.slice(pragma(database, 'user_version') - 1);
  if (steps.length === 0) return;
  database.exec(`BEGIN IMMEDIATE; ${steps.join('')} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Why a file counts as unreadable; undefined for every other failure. */
function corruption(error: unknown): string | undefined {
  if (error instanceof CorruptStoreError) return error.message;
  const { code, errcode, errstr } = error as { code?: string; errcode?: number; errstr?: string };
  if (error instanceof SyntaxError) return `a row is not JSON: ${error.message}`;
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined)
    return error instanceof TypeError ? error.message : undefined;
  const primary = errcode & 0xff;
  // A missing table or column: the version says ours, the content does not.
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB || primary === 1 ? errstr : undefined;
}

function explained(error: unknown, folder: string): Error {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message: string };
  if (error instanceof OpenStoreError) return error;
  const busy = code === 'ERR_SQLITE_ERROR' && errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
  return new OpenStoreError(
    busy
      ? `${folder} is in use by another Driftgauge process; give each its own --storage.path.`
      : `${folder} cannot be used as --storage.path: ${message}`,
    { cause: error },
  );
}

function setAside(file: string, now: number): string {
  const aside = `${file}.corrupt-${new Date(now).toISOString().replaceAll(':', '')}`;
  for (const suffix of ['-wal', '-shm', '-journal']) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  }
  renameSync(file, aside);
  return aside;
}

/** Enough of a config to read everything once. */
const NOTHING_JUDGED: JudgeConfig = {
  rules: [],
  policy: {
    mode: 'act',
    initialHoldMs: 0,
    groupWaitMs: 0,
    cooldownMs: 0,
    maxPerDay: 0,
    inFlightTimeoutMs: 0,
    replacedAfterMs: 0,
  },
  policies: [],
  triggers: [],
  maxSignals: 0,
  maxSeries: 0,
};
