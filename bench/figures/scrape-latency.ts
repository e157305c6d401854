/** From a step of a scraped gauge to the webhook, beside Prometheus and Alertmanager who see the same step. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../test/support/program.ts';
import type { Scratch } from '../../test/support/scratch.ts';
import { scratch } from '../../test/support/scratch.ts';
import { Arrivals } from '../arrivals.ts';
import type { Figure, FigureModule, MeasureOptions } from '../figure.ts';
import { latencyRow } from '../latency-samples.ts';
import { modelName } from '../pages.ts';
import { findPrometheus, PrometheusPair } from '../prometheus.ts';
import { ratioOf } from '../stats.ts';

const MODELS = 1000;
const WARM_UP_MS = 5000;
const PHASE_MS = 1000;

async function measure({ quick }: MeasureOptions): Promise<Figure> {
  const trials = quick ? 6 : 24;
  using folder = scratch();
  await using arrivals = await Arrivals.start();
  await using target = await StepTarget.start();
  await using _fast = await startProgram({ folder, name: 'fast', interval: '100ms', target, arrivals });
  await using _slow = await startProgram({ folder, name: 'slow', interval: '1s', target, arrivals });
  const programs = findPrometheus();
  await using pair =
    typeof programs === 'string'
      ? null
      : await PrometheusPair.start({
          programs,
          folder: folder.file('prometheus'),
          target: target.address,
          gauges: ['model_accuracy'],
          webhookUrl: arrivals.url('prometheus'),
        });
  await sleep(WARM_UP_MS);

  const senders = ['fast', 'slow', ...(pair ? ['prometheus'] : [])];
  const times = new Map<string, number[]>(senders.map((sender) => [sender, []]));
  for (let trial = 0; trial < trials; trial++) {
    await sleep(Math.random() * PHASE_MS);
    const steppedAt = performance.now();
    target.step(trial);
    for (const sender of senders) {
      times.get(sender)!.push((await arrivals.of(sender, modelName(trial))) - steppedAt);
    }
  }

  const own = times.get('fast')!;
  const slower = times.get('slow')!;
  const peer = times.get('prometheus');
  return {
    rows: [
      ...(peer ? [latencyRow('Prometheus and Alertmanager: scrape and rules each second', peer)] : []),
      latencyRow('Driftgauge: scrape each second', slower),
      latencyRow('Driftgauge: scrape every 100 ms', own),
    ],
    ratios: peer
      ? [
          {
            what: 'time of Prometheus and Alertmanager, over that of Driftgauge at 100 ms',
            ...ratioOf(peer, own),
          },
          { what: 'the same at 1 s', ...ratioOf(peer, slower) },
        ]
      : [],
    remarks: [
      { text: `The page has ${MODELS.toLocaleString('en-US')} gauges.` },
      ...(typeof programs === 'string' ? [{ text: `The peer was skipped: ${programs}.` }] : []),
    ],
  };
}

function startProgram({
  folder,
  name,
  interval,
  target,
  arrivals,
}: {
  folder: Scratch;
  name: string;
  interval: string;
  target: StepTarget;
  arrivals: Arrivals;
}): Promise<Program> {
  writeFileSync(
    folder.file(`${name}.yaml`),
    `scrape_configs:
  - job_name: models
    scrape_interval: ${interval}
    static_configs: [{targets: ["${target.address}"]}]
metrics:
  - name: accuracy
    from: {gauge: model_accuracy}
    drift: {below: 0.85}
    action: retrain
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: bench
      outcome: none
      webhook: {url: ${JSON.stringify(arrivals.url(name))}}
`,
  );
  return Program.start({
    storagePath: folder.file(name),
    configFile: folder.file(`${name}.yaml`),
    args: ['--log.level=info'],
  });
}

/** Gauges at 0.95 that fall to 0 one by one; so far that the first sample carries the average over the threshold. */
class StepTarget implements AsyncDisposable {
  readonly #server: Server;
  readonly #values = new Float64Array(MODELS).fill(0.95);

  private constructor() {
    this.#server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(this.#render());
    });
  }

  static async start(): Promise<StepTarget> {
    const target = new StepTarget();
    target.#server.listen(0, '127.0.0.1');
    await once(target.#server, 'listening');
    return target;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  step(index: number): void {
    this.#values[index] = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #render(): string {
    let text = '# HELP model_accuracy Share of predictions that were right.\n# TYPE model_accuracy gauge\n';
    for (let index = 0; index < MODELS; index++) {
      text += `model_accuracy{model="${modelName(index)}",version="1",stage="prod"} ${this.#values[index]}\n`;
    }
    return text;
  }
}

export default {
  title: 'From a step of a scraped gauge to the webhook',
  method: `A target holds 1,000 gauges at 0.95; at a random moment one falls to 0, so that its next sample takes the average over the threshold.
Two \`driftgauge run\` processes, one that scrapes each 100 ms and one each second, and Debian's Prometheus and Alertmanager all see the same
step, and the time is taken until each has posted its webhook to a receiver in the measuring process. Prometheus scrapes and evaluates
each second, without \`for\`; Alertmanager has \`group_wait: 0s\`. Most of each time is waiting for the next scrape, and for Prometheus then for the next
evaluation of its rules, whose phase it fixes per run: at one scrape per second the difference between the two is little more than that
phase. The gain lies in that scraping ten times as often costs Driftgauge little (see the CPU figure).`,
  measure,
} satisfies FigureModule;
