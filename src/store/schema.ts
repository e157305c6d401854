/** The tables of the embedded store. A change of them is a new SCHEMA_VERSION. */
import { STEPS } from './steps-migration.ts';

/** `DrGa`: tells our files from other SQLite files. */
export const APPLICATION_ID = 0x44724761;
export const SCHEMA_VERSION = 3;

/** What version 2 has added: the memory of derivations. */
const MEMORY = `
CREATE TABLE cells (ref INTEGER PRIMARY KEY, signal INTEGER NOT NULL, key TEXT NOT NULL) STRICT;
CREATE TABLE heard (target TEXT PRIMARY KEY, at REAL NOT NULL) STRICT;
`;

/** What brings a file of version n to version n + 1, at position n - 1. */
export const MIGRATIONS: readonly string[] = [MEMORY, STEPS];

export const SCHEMA = `
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  secret BLOB NOT NULL,
  created_at REAL NOT NULL,
  at REAL NOT NULL,
  episodes INTEGER NOT NULL
) STRICT;
CREATE TABLE pages (id INTEGER PRIMARY KEY, width INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE signals (
  ref INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  metric TEXT NOT NULL,
  input TEXT NOT NULL,
  judge TEXT NOT NULL
) STRICT;
${MEMORY}CREATE TABLE models (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE TABLE episodes (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  ended_at REAL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX episodes_by_model ON episodes (model, seq);
CREATE INDEX open_episodes ON episodes (seq) WHERE ended_at IS NULL;
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  ended_at REAL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX requests_by_model ON requests (model, seq);
CREATE INDEX live_requests ON requests (seq) WHERE ended_at IS NULL;
CREATE TABLE outbox (request TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;
