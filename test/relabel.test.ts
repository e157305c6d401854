/** The relabelling table, judged by a real Prometheus: one job per row, whose page holds the row's one series. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RELABEL_CASES } from '../src/sources/relabel-cases.testing.ts';
import type { InstantSeries, Prometheus } from './support/prometheus.ts';
import { query, startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const rows = RELABEL_CASES.map((row, index) => ({ ...row, job: `row-${index}` }));
const shown = rows.filter(({ notShown }) => notShown === undefined);
const hidden = rows.filter(({ notShown }) => notShown !== undefined);

/** Relabelling leaves values alone, so that they tell the rows apart; Prometheus' own series have smaller ones. */
const markOf = (row: { readonly job: string }) => 1e6 + Number(row.job.slice('row-'.length));

function pageOf(row: (typeof rows)[number]): string {
  const { __name__: name, ...labels } = Object.fromEntries(row.labels);
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${escaped(value)}`);
  return `${name}{${pairs.join(',')}} ${markOf(row)}\n`;
}

function escaped(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

async function servePages(): Promise<AsyncDisposable & { readonly address: string }> {
  const pages = new Map(rows.map((row) => [`/${row.job}`, pageOf(row)]));
  const server = createServer((request, response) => response.end(pages.get(request.url ?? '')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function configFor(address: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: rows.map(({ job, rules }) => ({
      job_name: job,
      metrics_path: `/${job}`,
      // So that the page says all that the rules see.
      honor_labels: true,
      static_configs: [{ targets: [address] }],
      metric_relabel_configs: rules,
    })),
  };
}

/** `up` and the samples of one scrape are stored together: where the one is to be seen, so are the others. */
async function everyJobScraped(prometheus: Prometheus): Promise<ReadonlyMap<string, string>> {
  for (;;) {
    const up = await query(prometheus, 'up');
    if (up.length === rows.length) return new Map(up.map(({ metric, value }) => [metric['job']!, value[1]]));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describeWith(['prometheus'], 'a real Prometheus relabels as we do', () => {
  const stack = new AsyncDisposableStack();
  let up: ReadonlyMap<string, string>;
  let series: readonly InstantSeries[];

  beforeAll(async () => {
    const folder = stack.use(scratch());
    const { address } = stack.use(await servePages());
    const prometheus = stack.use(await startPrometheus(folder, configFor(address)));
    up = await everyJobScraped(prometheus);
    series = await query(prometheus, '{__name__=~".+"} >= 1e6');
  }, 60_000);

  afterAll(() => stack.disposeAsync());

  it.each(shown.map((row) => [row.sentence, row] as const))('%s', (_, row) => {
    const found = series.filter(({ value }) => Number(value[1]) === markOf(row));
    expect({
      up: up.get(row.job),
      series: found.map(({ metric }) => new Map(Object.entries(metric))),
    }).toEqual({
      up: '1',
      series: row.result === null ? [] : [row.result],
    });
  });

  it('the rows that it cannot show are few, and each says why', () => {
    expect(hidden.length).toBeLessThan(shown.length / 8);
    expect(hidden.filter(({ notShown }) => !notShown)).toEqual([]);
  });
});

describeWith(['promtool'], 'what we refuse', () => {
  const FOLDER = join(import.meta.dirname, 'data/config');
  const LATER = 'bad-relabel-target-plain.yaml';

  function promtoolTakes(metric_relabel_configs: unknown): boolean {
    using folder = scratch();
    const file = folder.file('prometheus.yml');
    writeFileSync(file, JSON.stringify({ scrape_configs: [{ job_name: 'fraud', metric_relabel_configs }] }));
    return spawnSync('promtool', ['check', 'config', file]).status === 0;
  }

  it('is checked with a way of asking that takes what is good', () => {
    expect(promtoolTakes([{ action: 'drop' }])).toBe(true);
  });

  // Version 2.42 takes the one that is left out, and later ones refuse it.
  it.each(readdirSync(FOLDER).filter((file) => file.startsWith('bad-relabel-') && file !== LATER))(
    '%s: promtool refuses it too',
    (file) => {
      const config = parse(readFileSync(join(FOLDER, file), 'utf8'));
      expect(promtoolTakes(config.scrape_configs[0].metric_relabel_configs)).toBe(false);
    },
  );
});
