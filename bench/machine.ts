/** What a reader must know of the machine and the versions to make sense of numbers. */
import { readFileSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { findProgram, versionOf } from './proc.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Of the folder for temporary files, where the stores are. */
  readonly fileSystem: string;
  readonly node: string;
  readonly sqlite: string;
  readonly driftgauge: string;
  readonly promClient: string;
  readonly parsePrometheusTextFormat: string;
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** By the magic numbers of statfs(2). */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x794c7630, 'overlayfs'],
  [0x01021994, 'tmpfs, which is no disk: figures with a sync mean nothing'],
]);

export function describeMachine(): Machine {
  const { type } = statfsSync(tmpdir());
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release().split('.').slice(0, 2).join('.')}`,
    fileSystem: FILE_SYSTEMS.get(type) ?? `type 0x${type.toString(16)}`,
    node: process.versions.node,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    driftgauge: packageVersion('../package.json'),
    promClient: packageVersion('prom-client/package.json'),
    parsePrometheusTextFormat: packageVersion('parse-prometheus-text-format/package.json'),
    prometheus: programVersion('prometheus'),
    alertmanager: programVersion('prometheus-alertmanager', 'alertmanager'),
  };
}

function packageVersion(file: string): string {
  const found = createRequire(import.meta.url).resolve(file);
  return (JSON.parse(readFileSync(found, 'utf8')) as { version: string }).version;
}

function programVersion(...names: readonly string[]): string {
  const program = findProgram(...names);
  return program ? versionOf(program) : 'not installed';
}
