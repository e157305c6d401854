/** A Prometheus and the shipped program, each of which scrapes the same snapshots every second, and the samples that the program made of them. */
import { writeFileSync } from 'node:fs';
import { Program } from './program.ts';
import type { Prometheus } from './prometheus.ts';
import { startPrometheus } from './prometheus.ts';
import type { Scratch } from './scratch.ts';
import type { Snapshot } from './snapshots.ts';
import { serveSnapshots } from './snapshots.ts';

/** One sample that the program made of a window. Times are milliseconds since 1970, as the snapshots give them. */
export interface WindowSample {
  readonly metric: string;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

export interface BesidePrometheus extends AsyncDisposable {
  readonly prometheus: Prometheus;
  /** Settles when so many snapshots were read by both; answers what the program made of them, but for each metric's first. */
  watch(snapshots: number): Promise<readonly WindowSample[]>;
}

export async function besidePrometheus(
  folder: Scratch,
  options: {
    readonly metrics: readonly object[];
    readonly take: (prometheus: Prometheus) => Promise<Snapshot>;
    readonly flags?: readonly string[];
  },
): Promise<BesidePrometheus> {
  await using stack = new AsyncDisposableStack();
  let reads = 0;
  let onRead = () => {};
  let prometheus: Prometheus | undefined;
  const { address } = stack.use(
    await serveSnapshots({
      take: () => options.take(prometheus!),
      read: () => {
        reads++;
        onRead();
      },
    }),
  );
  const job = (reader: string, rest: object) => ({
    scrape_configs: [
      {
        job_name: 'snapshots',
        metrics_path: `/${reader}`,
        scrape_interval: '1s',
        scrape_timeout: '1s',
        ...rest,
      },
    ],
  });
  prometheus = stack.use(
    await startPrometheus(
      folder,
      job('prometheus', { honor_labels: true, static_configs: [{ targets: [address] }] }),
      options.flags,
    ),
  );
  const configFile = folder.file('driftgauge.yaml');
  const labels = { model: 'watched', version: '1' };
  writeFileSync(
    configFile,
    JSON.stringify({
      ...job('driftgauge', { static_configs: [{ targets: [address], labels }] }),
      metrics: options.metrics,
    }),
  );
  const program = stack.use(await Program.start({ storagePath: folder.file('data'), configFile }));

  const parts = stack.move();
  return {
    prometheus,
    async watch(snapshots) {
      const samples: WindowSample[] = [];
      const last = new Map<string, number>();
      while (reads < snapshots) {
        await new Promise<void>((resolve) => {
          onRead = resolve;
        });
        for (const { metric, value, last_sample_at } of await program.data<Shown[]>('/api/v1/signals')) {
          const [start, end] = [last.get(metric), Date.parse(last_sample_at)];
          if (start === end) continue;
          last.set(metric, end);
          if (start !== undefined) samples.push({ metric, value, start, end });
        }
      }
      return samples;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

interface Shown {
  readonly metric: string;
  readonly value: number;
  readonly last_sample_at: string;
}
