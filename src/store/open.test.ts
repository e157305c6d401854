import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimCell } from '../core/cells.ts';
import { makeConfig, Scenario, START } from '../core/scenario.testing.ts';
import { EMA } from '../core/signal.ts';
import { openMemoryStore, openStore } from './open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { now: START, onFatal: () => undefined };
const config = makeConfig();

/** A store with a signal, an episode and a request. */
function fill(at: string): void {
  const { store } = openStore(at, options);
  const scenario = new Scenario(config, store.load(config));
  scenario.sample(0.5);
  store.commit(scenario.world, new Map([[scenario.request.id, new TextEncoder().encode('{}')]]));
  store.close();
}

describe('a folder', () => {
  it('that does not exist is made, with a new store', () => {
    const { store, putAside } = openStore(join(folder, 'deep', 'er'), options);
    expect(putAside).toBeNull();
    expect(store.load(config)).toMatchObject({ at: START, createdAt: START, signalCount: 0 });
    store.close();
  });

  it('that holds a store gives back all of it', () => {
    fill(folder);
    const { store } = openStore(folder, { ...options, now: START + 1e9 });
    const world = store.load(config);
    expect(world.createdAt).toBe(START);
    expect(world.signals[0]!.record[EMA]).toBe(0.5);
    const [request] = store.requests({ limit: 10 });
    expect(world.models.get('fraud')!.inFlight).toEqual(request);
    expect(new TextDecoder().decode(store.body(request!.id))).toBe('{}');
    store.close();
  });

  it('that another process uses is refused in words', () => {
    const { store } = openStore(folder, options);
    const other = spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import { openStore } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)};
       try { openStore(${JSON.stringify(folder)}, { now: 0, onFatal() {} }); } catch (error) { console.log(error.message); }`,
    ]);
    expect(other.stdout.toString()).toContain('is in use by another Driftgauge process');
    store.close();
  });

  it('of a newer schema is refused, and not touched', () => {
    fill(folder);
    const database = new DatabaseSync(join(folder, 'driftgauge.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = readFileSync(join(folder, 'driftgauge.db'));
    expect(() => openStore(folder, options)).toThrow(/schema version 99; this program knows up to 3/);
    expect(readFileSync(join(folder, 'driftgauge.db')).equals(before)).toBe(true);
  });

  it('that cannot be made is refused in words', () => {
    expect(() => openStore('/proc/nope/data', options)).toThrow(/cannot be used as --storage.path/);
  });

  it('that is a file is refused in words', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openStore(file, options)).toThrow(/cannot be used as --storage.path/);
  });
});

describe('a file that cannot be read', () => {
  const faults: Record<string, (file: string, content: Buffer) => void> = {
    'is random bytes': (file, content) =>
      writeFileSync(
        file,
        content.map((_, index) => (index * 7919) % 251),
      ),
    'is cut in the middle': (file, content) => writeFileSync(file, content.subarray(0, 4096 * 3 + 17)),
    'is text': (file) => writeFileSync(file, 'not a database, but long enough to look like one '.repeat(100)),
    'has a broken page': (file, content) => writeFileSync(file, content.fill(0xa5, 4096, 8192)),
    'is of another program': (file) => {
      rmSync(file);
      const database = new DatabaseSync(file);
      database.exec('CREATE TABLE theirs (x)');
      database.close();
    },
    'lacks a table': (file) => {
      const database = new DatabaseSync(file);
      database.exec('DROP TABLE pages');
      database.close();
    },
    'has a page of the wrong size': (file) => {
      const database = new DatabaseSync(file);
      database.exec("UPDATE pages SET data = x'00'");
      database.close();
    },
    'has numbers that are none': (file) => {
      const database = new DatabaseSync(file);
      const { data } = database.prepare('SELECT data FROM pages').get() as { data: Uint8Array };
      new Float64Array(data.buffer, data.byteOffset, 2)[1] = Number.NaN;
      database.prepare('UPDATE pages SET data = ?').run(data);
      database.close();
    },
    'has a cell of a signal that is not there': (file) => {
      const database = new DatabaseSync(file);
      database.exec("INSERT INTO cells (ref, signal, key) VALUES (1, 5000, 'a ')");
      database.close();
    },
    'has a cell on a page that is not there': (file) => {
      const database = new DatabaseSync(file);
      database.exec("INSERT INTO cells (ref, signal, key) VALUES (6400, 0, 'a ')");
      database.close();
    },
    'has a row that is not JSON': (file) => {
      const database = new DatabaseSync(file);
      database.exec("UPDATE models SET state = '{'");
      database.close();
    },
  };

  it.each(Object.entries(faults))('because it %s is put aside, and a new store begins', (_fault, spoil) => {
    fill(folder);
    const file = join(folder, 'driftgauge.db');
    spoil(file, readFileSync(file));
    const spoiled = readFileSync(file);
    const { store, putAside } = openStore(folder, { ...options, now: START + 5000 });
    expect(putAside?.reason).not.toBe('');
    expect(readFileSync(putAside!.file).equals(spoiled)).toBe(true);
    // Nobody knows what was asked before: `initial_hold` runs from now.
    expect(store.load(config)).toMatchObject({ createdAt: START + 5000, signalCount: 0 });
    store.close();
  });
});

describe('a file of schema version 1', () => {
  /** As version 0.1.0 made it. */
  const SCHEMA_1 = `
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
    CREATE TABLE models (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
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
    PRAGMA application_id = 1148340065;
    PRAGMA user_version = 1;`;
  const TABLES_1 = ['store', 'pages', 'signals', 'models', 'episodes', 'requests', 'outbox'];

  /** The steps of requests came with version 3: steps-migration.test.ts. */
  const WITHOUT_STEPS = "UPDATE requests SET state = json_remove(state, '$.steps')";

  /** Every row of every table of version 1. */
  function rowsIn(file: string): Record<string, unknown[]> {
    const database = new DatabaseSync(file);
    const rows = TABLES_1.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]);
    database.close();
    return Object.fromEntries(rows) as Record<string, unknown[]>;
  }

  /** What `fill` stores, in a file of version 1. */
  function fillVersion1(at: string): string {
    fill(join(folder, 'present'));
    const file = join(at, 'driftgauge.db');
    const database = new DatabaseSync(file);
    database.exec(SCHEMA_1);
    database.exec(`ATTACH '${join(folder, 'present', 'driftgauge.db')}' AS present`);
    for (const table of TABLES_1) database.exec(`INSERT INTO ${table} SELECT * FROM present.${table}`);
    database.exec(WITHOUT_STEPS);
    database.close();
    return file;
  }

  it('is brought to the present version, and keeps everything', () => {
    const file = fillVersion1(folder);
    const before = rowsIn(file);
    expect(Object.values(before).every((rows) => rows.length > 0)).toBe(true);
    const { store, putAside } = openStore(folder, { ...options, now: START + 1e9 });
    expect(putAside).toBeNull();
    const world = store.load(config);
    expect(world).toMatchObject({ createdAt: START, signalCount: 1, cellCount: 0, episodes: 1 });
    expect(world.heard.size).toBe(0);
    expect(world.signals[0]!.record[EMA]).toBe(0.5);
    const [request] = store.requests({ limit: 10 });
    expect(world.models.get('fraud')!.inFlight).toEqual(request);
    expect(new TextDecoder().decode(store.body(request!.id))).toBe('{}');
    store.close();
    const database = new DatabaseSync(file);
    database.exec(WITHOUT_STEPS);
    database.close();
    expect(rowsIn(file)).toEqual(before);
  });

  it('takes what the present version remembers from then on', () => {
    fillVersion1(folder);
    const { store } = openStore(folder, options);
    const world = store.load(config);
    claimCell(world, world.signals[0]!, { key: 'a ', width: 3 }).record[2] = 7;
    world.heard.set('a', START);
    world.dirty.heard.add('a');
    store.commit(world, new Map());
    store.close();
    const { store: again, putAside } = openStore(folder, options);
    expect(putAside).toBeNull();
    const resumed = again.load(config);
    expect(resumed.signals[0]!.cells!.get('a ')!.record[2]).toBe(7);
    expect(resumed.heard).toEqual(new Map([['a', START]]));
    again.close();
  });

  it('is not touched where it cannot be brought there', () => {
    const file = fillVersion1(folder);
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE heard (theirs)');
    database.close();
    const before = rowsIn(file);
    const { store, putAside } = openStore(folder, options);
    expect(putAside?.reason).not.toBe('');
    expect(rowsIn(putAside!.file)).toEqual(before);
    const aside = new DatabaseSync(putAside!.file);
    expect(aside.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(aside.prepare("SELECT count(*) AS tables FROM sqlite_schema WHERE name = 'cells'").get()).toEqual({
      tables: 0,
    });
    aside.close();
    store.close();
  });
});

it('a new store never repeats the ids of a lost one', () => {
  const ids = [1, 2].map((n) => {
    const { store } = openStore(join(folder, String(n)), options);
    const id = store.load(config).makeId('rt', { name: 'fraud', version: '1' }, 1);
    store.close();
    return id;
  });
  expect(ids[0]).toMatch(/^rt_[0-9a-f]{24}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

it('a commit is durable in the files as they are, without closing', async () => {
  const { store } = openStore(folder, options);
  const scenario = new Scenario(config, store.load(config));
  scenario.sample(0.5);
  store.commit(scenario.world, new Map([[scenario.request.id, new Uint8Array()]]));
  await store.synced();
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  const { store: resumed } = openStore(copy, options);
  expect(resumed.load(config).signals[0]!.record[EMA]).toBe(0.5);
  expect(readdirSync(copy)).not.toContain('driftgauge.db-shm');
  resumed.close();
  store.close();
  rmSync(copy, { recursive: true });
});

describe('names that databases stumble over', () => {
  it.each(
    ['a\u0000b', '__proto__', "'; DROP TABLE pages; --", '\u202e', '🦊', 'x'.repeat(1024)].map((name) => [
      JSON.stringify(name).slice(0, 30),
      name,
    ]),
  )('%s are kept as they are', (_shown, name) => {
    const store = openMemoryStore(options);
    const scenario = new Scenario(config, store.load(config));
    scenario.sample(0.5, { model: name, version: name });
    store.commit(scenario.world, new Map([[scenario.request.id, new Uint8Array()]]));
    const world = store.load(config);
    expect(world.signals[0]!.model).toEqual({ name, version: name });
    expect(store.episodes({ model: name, version: name, metric: 'accuracy', limit: 1 })).toHaveLength(1);
    store.close();
  });
});

describe('history', () => {
  function history() {
    const store = openMemoryStore(options);
    const scenario = new Scenario(config, store.load(config));
    for (const model of ['a', 'b', 'c']) scenario.sample(0.5, { model });
    scenario.at += 1000;
    scenario.sample(0.9, { model: 'a' });
    store.commit(scenario.world, new Map());
    return { store, scenario };
  }

  it('is newest first, with filters, a limit and a place to go on from', () => {
    const { store } = history();
    const models = (filter: Parameters<typeof store.episodes>[0]) =>
      store.episodes(filter).map(({ model }) => model.name);
    expect(models({ limit: 10 })).toEqual(['c', 'b', 'a']);
    expect(models({ limit: 1 })).toEqual(['c']);
    expect(models({ limit: 10, model: 'b' })).toEqual(['b']);
    expect(models({ limit: 10, state: 'closed' })).toEqual(['a']);
    expect(models({ limit: 10, metric: 'f1_score' })).toEqual([]);
    expect(models({ limit: 10, before: store.episodes({ limit: 1 })[0]!.id })).toEqual(['b', 'a']);
    expect(store.requests({ limit: 10, status: 'requested' })).toHaveLength(2);
    expect(store.requests({ limit: 10, status: 'withdrawn' })).toHaveLength(1);
  });

  it('that has ended is pruned; what is open stays, and numbers go on', () => {
    const { store, scenario } = history();
    store.prune(START + 1e9);
    expect(store.episodes({ limit: 10 }).map(({ model }) => model.name)).toEqual(['c', 'b']);
    expect(store.load(config).models.get('a')!.versions.get('1')!.episodes).toBe(1);
    expect(scenario.world.signalCount).toBe(3);
  });
});
