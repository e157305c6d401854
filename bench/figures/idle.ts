/** What it costs to watch 10,000 signals each second: CPU seconds and memory, beside Prometheus and Alertmanager. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../test/support/program.ts';
import { scratch } from '../../test/support/scratch.ts';
import type { Figure, FigureModule, MeasureOptions, Skipped } from '../figure.ts';
import { exactRatio } from '../figure.ts';
import { GAUGE_FAMILIES, gaugeConfigYaml } from '../pages.ts';
import { Child, cpuSeconds, memoryMb } from '../proc.ts';
import { findPrometheus, PrometheusPair } from '../prometheus.ts';

const SIGNALS = 10_000;
const WARM_UP_MS = 10_000;

async function measure({ quick }: MeasureOptions): Promise<Figure | Skipped> {
  const programs = findPrometheus();
  if (typeof programs === 'string') return { skipped: programs };
  const windowMs = quick ? 8000 : 30_000;

  using folder = scratch();
  const { child: target, ready: address } = await Child.fork<string>('gauge-target.ts', [String(SIGNALS)]);
  await using _target = target;
  writeFileSync(folder.file('driftgauge.yaml'), gaugeConfigYaml({ target: address, interval: '1s' }));
  await using driftgauge = await Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('driftgauge.yaml'),
    args: ['--log.level=info'],
  });
  await using pair = await PrometheusPair.start({
    programs,
    folder: folder.file('prometheus'),
    target: address,
    gauges: GAUGE_FAMILIES.map(({ name }) => name),
    // Nothing drifts, so nothing is sent.
    webhookUrl: 'http://127.0.0.1:9/',
  });
  await sleep(WARM_UP_MS);

  const pids = [driftgauge.child.pid!, pair.prometheus.pid, pair.alertmanager.pid] as const;
  const before = pids.map(cpuSeconds);
  const started = performance.now();
  await sleep(windowMs);
  const seconds = (performance.now() - started) / 1000;
  const [own, prometheus, alertmanager] = pids.map((pid, index) => cpuSeconds(pid) - before[index]!) as [
    number,
    number,
    number,
  ];
  const memory = pids.map((pid) => memoryMb(pid).resident) as [number, number, number];
  await checkWork(driftgauge, pair, seconds);
  const afterPageMb = memoryMb(pids[0]).resident;

  const row = (what: string, cpu: number, mb: number) => ({
    what,
    cells: { 'CPU s': cpu, 'share of a core, %': (cpu / seconds) * 100, 'RSS MB': mb },
  });
  const peerCpu = prometheus + alertmanager;
  const peerMb = memory[1] + memory[2];
  return {
    rows: [
      row('Prometheus', prometheus, memory[1]),
      row('Alertmanager', alertmanager, memory[2]),
      row('Prometheus and Alertmanager', peerCpu, peerMb),
      row('Driftgauge', own, memory[0]),
      { what: 'Driftgauge, once its page of metrics has been read', cells: { 'RSS MB': afterPageMb } },
    ],
    ratios: [
      exactRatio('CPU of Prometheus and Alertmanager, over that of Driftgauge', peerCpu / own, 8),
      exactRatio('RSS of Prometheus and Alertmanager, over that of Driftgauge', peerMb / memory[0]),
    ],
    remarks: [
      {
        text: `The window was ${seconds.toFixed(1)} s long; both held an average of all ${SIGNALS.toLocaleString('en-US')} series and missed no scrape.`,
      },
    ],
  };
}

/** Both did the whole job, or their costs mean nothing. Asked after the window, because asking has a cost of its own. */
async function checkWork(driftgauge: Program, pair: PrometheusPair, seconds: number): Promise<void> {
  const page = await (await driftgauge.get('/metrics')).text();
  const signals = page.match(/^driftgauge_signal_samples_total\{/gm)?.length;
  const samples = Number(/^driftgauge_signal_samples_total\{.*\} (\S+)$/m.exec(page)?.[1]);
  if (signals !== SIGNALS || samples < seconds) {
    throw new Error(
      `Driftgauge has ${signals} signals and took ${samples} samples of the first in ${seconds} s`,
    );
  }
  let averages = 0;
  for (const { name } of GAUGE_FAMILIES) averages += await pair.query(`count(${name}:ema)`);
  const scrapes = await pair.query(`count_over_time(up[${Math.floor(seconds)}s])`);
  if (averages !== SIGNALS || scrapes < seconds - 2) {
    throw new Error(`Prometheus has ${averages} averages and ${scrapes} scrapes in ${seconds} s`);
  }
}

export default {
  title: 'Watching 10,000 signals each second',
  method: `A process of its own serves 10,000 gauges whose values change each second. \`driftgauge run\`, with its storage on disk, and
Debian's Prometheus and Alertmanager run beside each other and scrape it each second, uncompressed. Prometheus evaluates a recording
rule for each of the four families, \`(0.25 * m + 0.75 * m:ema) or m\`, and one alert, each second; Driftgauge keeps the same averages,
judges every one of them by a threshold and stores each scrape. After 10 s of warming up, CPU seconds (user and system, from
/proc/PID/stat, all threads) are taken over the same 30 s, resident memory at their end. Nothing drifts in it, and nobody reads
Driftgauge's own page of metrics. Prometheus keeps every sample for later queries; Driftgauge keeps state, not history, and that is
where much of the difference comes from.`,
  measure,
} satisfies FigureModule;
