/** Debian's Prometheus and Alertmanager as child processes on ports of their own, and what a Prometheus answers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { LoggingChild } from './logging-child.ts';
import type { Scratch } from './scratch.ts';

export interface Prometheus extends AsyncDisposable {
  readonly url: string;
}

export interface InstantSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** Settles when it is ready; rejects with what it said where it ends before. `config` is written as JSON, which is YAML. */
export async function startPrometheus(
  folder: Scratch,
  config: object,
  flags: readonly string[] = [],
): Promise<Prometheus> {
  const file = folder.file('prometheus.yml');
  writeFileSync(file, JSON.stringify(config));
  const storage = `--storage.tsdb.path=${folder.file('tsdb')}`;
  const daemon = await Daemon.start(['prometheus', `--config.file=${file}`, storage, ...flags]);
  await daemon.logged('Server is ready to receive web requests.');
  return daemon;
}

/** One that notifies nobody. */
export async function startAlertmanager(
  folder: Scratch,
): Promise<AsyncDisposable & { readonly url: string }> {
  const file = folder.file('alertmanager.yml');
  writeFileSync(file, 'route: {receiver: none}\nreceivers: [{name: none}]\n');
  mkdirSync(folder.file('alertmanager'));
  const storage = `--storage.path=${folder.file('alertmanager')}`;
  const flags = [`--config.file=${file}`, storage, '--cluster.listen-address='];
  return Daemon.start(['prometheus-alertmanager', ...flags]);
}

class Daemon extends LoggingChild {
  url = '';

  /** Settles when it says which port it got. */
  static async start(command: readonly string[]): Promise<Daemon> {
    const daemon = new Daemon([...command, '--web.listen-address=127.0.0.1:0', '--log.format=json']);
    const { address } = await daemon.logged('Listening on');
    daemon.url = `http://${address}`;
    return daemon;
  }
}

/** An instant query, answered once. */
export async function query({ url }: Prometheus, expression: string): Promise<readonly InstantSeries[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  return ((await response.json()) as { data: { result: InstantSeries[] } }).data.result;
}
