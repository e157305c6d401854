/** Keeps the shape of the code: which folder may import which, no circles, and a core without a clock. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '../src');
const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const shipped = files.filter((file) => !/\.(test|testing)\.ts$/.test(file));
const text = (file: string) => readFileSync(join(SRC, file), 'utf8');

const imports: Import[] = shipped.flatMap((from) =>
  [...text(from).matchAll(IMPORT)].map((match) => {
    const target = match[2] ?? match[3] ?? match[4]!;
    const to = target.startsWith('.') ? relative(SRC, join(SRC, dirname(from), target)) : target;
    return { from, to, typeOnly: match[1] !== undefined };
  }),
);
const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

/** What each folder may import besides itself: other folders, and files at the top of src. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  store: ['core', 'storage-error.ts'],
  selector: ['config/config.ts'],
  outgoing: ['config/config.ts', 'clock.ts'],
  config: ['core', 'selector', 'clock.ts', 'log.ts'],
  sources: [
    'core',
    'selector',
    'outgoing',
    'config/config.ts',
    'clock.ts',
    'log.ts',
    'storage-error.ts',
    'bus.ts',
  ],
  retrain: ['core', 'outgoing', 'config/config.ts', 'clock.ts', 'log.ts', 'storage-error.ts'],
  metrics: [
    'core',
    'config/config.ts',
    'outgoing',
    'retrain/trigger-status.ts',
    'sources/target-status.ts',
    'detector.ts',
  ],
  http: [
    'core',
    'config/config.ts',
    'retrain/trigger-status.ts',
    'sources/target-status.ts',
    'store/store.ts',
    'storage-error.ts',
    'clock.ts',
    'log.ts',
    'bus.ts',
    'detector.ts',
    'engine.ts',
    'page',
  ],
  page: [
    'core',
    'config/config.ts',
    'clock.ts',
    'detector.ts',
    'store/store.ts',
    'retrain/trigger-status.ts',
    'sources/target-status.ts',
  ],
  export: ['core', 'config', 'selector'],
  check: ['core', 'config', 'sources', 'outgoing', 'clock.ts', 'detector.ts'],
  cli: ['config', 'check', 'export', 'http', 'clock.ts', 'log.ts', 'supervisor.ts', 'version.ts', 'store'],
};

it('every folder has its rule', () => {
  expect([...new Set(shipped.map(folderOf))].filter((folder) => folder !== '').sort()).toEqual(
    Object.keys(MAY_IMPORT).sort(),
  );
});

it.each(Object.entries(MAY_IMPORT))('%s imports only what lies below it', (folder, allowed) => {
  const foreign = imports.filter(
    ({ from, to }) =>
      folderOf(from) === folder &&
      shipped.includes(to) &&
      folderOf(to) !== folder &&
      !allowed.includes(to) &&
      !(folderOf(to) !== '' && allowed.includes(folderOf(to))),
  );
  expect(foreign).toEqual([]);
});

it('nobody imports the supervisor but the command line and the package root', () => {
  const importers = imports.filter(({ to }) => to === 'supervisor.ts').map(({ from }) => from);
  expect(importers.filter((from) => folderOf(from) !== 'cli' && from !== 'index.ts')).toEqual([]);
});

it('no import circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports)
    if (shipped.includes(to)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      throw new Error(`circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of shipped) visit(file, []);
  expect(done.size).toBe(shipped.length);
});

describe('the core', () => {
  const core = shipped.filter((file) => folderOf(file) === 'core');

  it('imports nothing outside itself', () => {
    expect(imports.filter(({ from, to }) => folderOf(from) === 'core' && folderOf(to) !== 'core')).toEqual(
      [],
    );
  });

  it.each(core)('%s asks no clock, draws no random number, has no timer', (file) => {
    expect(text(file)).not.toMatch(
      /Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval|setImmediate|process\.|console\./,
    );
  });
});

it('only the command line touches the process', () => {
  const touching = shipped.filter((file) => /\bprocess\.(argv|env|exit|exitCode|on)\b/.test(text(file)));
  expect(touching.filter((file) => folderOf(file) !== 'cli' && file !== 'cli.ts')).toEqual([]);
});

it.each(shipped)('%s has at most 350 lines', (file) => {
  expect(text(file).split('\n').length).toBeLessThanOrEqual(351);
});
