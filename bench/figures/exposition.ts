/** The page of metrics at 10,000 signals, against prom-client holding the same series. */
import { Gauge, Registry } from 'prom-client';
import type { MetricsSource } from '../../src/metrics/source.ts';
import type { Figure, FigureModule, MeasureOptions } from '../figure.ts';
import { GAUGE_FAMILIES, gaugeConfigYaml, modelName } from '../pages.ts';
import { loadShippedConfig, shipped } from '../shipped.ts';
import type { Variant } from '../stats.ts';
import { median, ratioOf, takeTurns } from '../stats.ts';

const SIGNALS = 10_000;
const SECOND_MS = 1000;

/** The families that every signal has a series in. */
const PER_SIGNAL = [
  'driftgauge_signal_value',
  'driftgauge_signal_ema',
  'driftgauge_signal_threshold',
  'driftgauge_signal_samples_total',
  'driftgauge_signal_last_sample_timestamp_seconds',
  'driftgauge_signal_stale',
  'driftgauge_breach',
  'driftgauge_drift',
] as const;

async function measure({ quick }: MeasureOptions): Promise<Figure> {
  const fleet = await createFleet();
  const { createMetricsPage } = await shipped<typeof import('../../src/metrics/page.ts')>('metrics/page.js');
  const page = createMetricsPage(fleet.source);
  const peer = createPeer(await readSeries(page));

  let bytes = 0;
  let peerBytes = 0;
  const variants: readonly Variant[] = [
    {
      name: 'driftgauge',
      repeat: quick ? 2 : 3,
      prepare: () => fleet.sample(),
      run: async () => {
        using rendered = await page.render(undefined);
        bytes = rendered.body.length;
      },
    },
    { name: 'set', repeat: 1, run: (call) => peer.set(call) },
    {
      name: 'collect',
      repeat: 1,
      run: async () => {
        peerBytes = Buffer.from(await peer.registry.metrics()).length;
      },
    },
  ];
  const times = await takeTurns(variants, quick ? { rounds: 5, warmUp: 2 } : { rounds: 20, warmUp: 5 });
  const { body } = await page.render(undefined);
  const lines = samplesIn(body.toString());
  const peerLines = samplesIn(await peer.registry.metrics());
  if (peerLines !== SIGNALS * PER_SIGNAL.length || lines < peerLines) {
    throw new Error(`the pages do not hold the same: ${lines} and ${peerLines} samples`);
  }

  const own = times.get('driftgauge')!;
  const set = times.get('set')!;
  const collect = times.get('collect')!;
  const setAndCollect = collect.map((ms, round) => ms + set[round]!);
  const row = (what: string, rounds: readonly number[], size: number) => ({
    what,
    cells: { ms: median(rounds), ...(size > 0 && { 'MB/s': size / median(rounds) / 1000 }) },
  });
  return {
    rows: [
      row('prom-client: set, collect and encode', setAndCollect, peerBytes),
      row('prom-client: set alone', set, 0),
      row('prom-client: collect and encode', collect, peerBytes),
      row('Driftgauge: the whole page', own, bytes),
    ],
    ratios: [
      { what: 'page, against prom-client with set', ...ratioOf(setAndCollect, own), goal: 8 },
      { what: 'page, against prom-client without set', ...ratioOf(collect, own) },
    ],
    remarks: [
      {
        text: `prom-client's page has ${peerLines.toLocaleString('en-US')} samples; Driftgauge's has the same ones and ${(lines - peerLines).toLocaleString('en-US')} more (per model version, per model and of the program itself), which are in its time.`,
      },
    ],
  };
}

/** The core with 10,000 signals that are fed between two pages, as the page's source. */
async function createFleet(): Promise<{ readonly source: MetricsSource; sample(): void }> {
  const config = await loadShippedConfig(gaugeConfigYaml({ target: '127.0.0.1:1', interval: '1s' }));
  const { DriftDetector } = await shipped<typeof import('../../src/detector.ts')>('detector.js');
  const { createBatch, growBatch } = await shipped<typeof import('../../src/core/batch.ts')>('core/batch.js');
  let at = Date.now();
  const detector = DriftDetector.create(config.judge, { at });
  const models = Array.from({ length: SIGNALS / GAUGE_FAMILIES.length }, (_, index) => ({
    name: modelName(index),
    version: `1.${index % 7}.0`,
  }));
  const refs = config.judge.rules.flatMap((rule) =>
    models.map((model) => detector.resolve(rule, model)!.ref),
  );
  const batch = createBatch();
  growBatch(batch, SIGNALS);

  const sample = () => {
    at += SECOND_MS;
    batch.length = SIGNALS;
    for (const [row, ref] of refs.entries()) {
      batch.ref[row] = ref;
      batch.time[row] = at;
      batch.value[row] = 0.9 + Math.random() / 10;
      batch.stamped[row] = 1;
    }
    detector.take('scrape', batch, at);
  };
  sample();
  const source: MetricsSource = {
    world: detector.world,
    config,
    build: { version: '0.0.0', revision: 'bench' },
    now: () => at,
    reloadState: { successful: true, lastSuccessAt: at },
    storageUp: true,
    clockSteps: 0,
    targets: () => [],
    triggers: () => [],
  };
  return { source, sample };
}

interface Series {
  readonly family: string;
  readonly labels: Record<string, string>;
}

/** Reads our own page, so that the peer holds just the same series. */
async function readSeries(page: { render(accept: undefined): Promise<{ body: Buffer }> }): Promise<Series[]> {
  const { body } = await page.render(undefined);
  const families: ReadonlySet<string> = new Set(PER_SIGNAL);
  const series: Series[] = [];
  for (const [, family, text] of body.toString().matchAll(/^(\w+)\{(.*)\} /gm)) {
    if (!families.has(family!)) continue;
    const labels = Object.fromEntries(
      [...text!.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    series.push({ family: family!, labels });
  }
  return series;
}

/** prom-client as one would use it: a gauge per family, and `set` with a labels object for each series. */
function createPeer(series: readonly Series[]): { readonly registry: Registry; set(call: number): void } {
  const registry = new Registry();
  const gauges = new Map(
    PER_SIGNAL.map((name) => {
      const first = series.find(({ family }) => family === name)!;
      const labelNames = Object.keys(first.labels);
      return [
        name as string,
        new Gauge({ name, help: 'The same family in prom-client.', labelNames, registers: [registry] }),
      ];
    }),
  );
  const held = series.map(({ family, labels }) => ({ gauge: gauges.get(family)!, labels }));
  const flags: ReadonlySet<string> = new Set(PER_SIGNAL.slice(5));
  const flag = series.map(({ family }) => flags.has(family));
  return {
    registry,
    set(call) {
      for (let row = 0; row < held.length; row++) {
        const { gauge, labels } = held[row]!;
        gauge.set(labels, flag[row] ? 0 : 0.9 + ((row + call) % 9973) / 99_731);
      }
    },
  };
}

function samplesIn(page: string): number {
  return page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

export default {
  title: 'The page of metrics at 10,000 signals',
  method: `The shipped page code over the real core with 10,000 signals of 2,500 model versions, which takes a sample of every signal
between two pages. The peer is prom-client with the same eight families (value, EMA, threshold, samples, time, stale, breach, drift),
the same labels and numbers of the same length. It keeps copies, so it must be told every value before a page is made (\`set\` with a
labels object); its time is that of \`set\`, of \`registry.metrics()\` and of making the string bytes. Driftgauge reads the core's own state
and has no such step; both ratios are given. Neither is compressed.`,
  measure,
} satisfies FigureModule;
