/** A Prometheus that runs exported rules over a page whose numbers change with each scrape, and what its rules have recorded. */
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { startTarget } from '../../src/sources/target.testing.ts';
import type { Prometheus } from './prometheus.ts';
import { startPrometheus } from './prometheus.ts';
import type { RawSeries } from './raw-samples.ts';
import { rawSamples } from './raw-samples.ts';
import type { Scratch } from './scratch.ts';

export interface Recorded extends AsyncDisposable {
  readonly prometheus: Prometheus;
  /** Settles with their samples when each of these recording rules has so many series, each with samples over so long. */
  samples(
    names: readonly string[],
    least: { readonly seconds: number; readonly series: number },
  ): Promise<ReadonlyMap<string, readonly RawSeries[]>>;
}

/** `rules` are made once the page has an address. */
export async function recordRules(
  folder: Scratch,
  { page, rules }: { readonly page: RequestListener; readonly rules: (address: string) => string },
): Promise<Recorded> {
  await using stack = new AsyncDisposableStack();
  const target = stack.use(await startTarget(page));
  const start = Date.now();
  writeFileSync(folder.file('rules.yml'), rules(target.address));
  const prometheus = stack.use(
    await startPrometheus(folder, {
      rule_files: [folder.file('rules.yml')],
      scrape_configs: [
        {
          job_name: 'fraud',
          scrape_interval: '1s',
          scrape_timeout: '1s',
          honor_labels: true,
          static_configs: [{ targets: [target.address], labels: { model: 'fraud' } }],
        },
      ],
    }),
  );
  const parts = stack.move();
  return {
    prometheus,
    async samples(names, least) {
      for (;;) {
        await target.nextRequest();
        const end = Date.now();
        const all = await Promise.all(
          names.map(async (name) => [name, await rawSamples(prometheus, name, { start, end })] as const),
        );
        const done = all.every(
          ([, series]) =>
            series.length >= least.series &&
            series.every(({ times }) => times.at(-1)! - times[0]! >= 1000 * least.seconds),
        );
        if (done) return new Map(all);
      }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
