/** A Debian Prometheus as a child process on a port of its own, and what it answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { freePort } from './free-port.ts';
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
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = folder.file('prometheus.yml');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder.file('tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`prometheus ended:\n${output}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** An instant query, answered once. */
export async function query({ url }: Prometheus, expression: string): Promise<readonly InstantSeries[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  return ((await response.json()) as { data: { result: InstantSeries[] } }).data.result;
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
  return answer?.ok === true;
}
