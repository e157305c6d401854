/** From the push of a drifting value to the webhook. */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { Program } from '../../test/support/program.ts';
import { scratch } from '../../test/support/scratch.ts';
import { Arrivals } from '../arrivals.ts';
import type { Figure, FigureModule, MeasureOptions } from '../figure.ts';
import { latencyRow } from '../latency-samples.ts';
import { Child } from '../proc.ts';
import { ratioOf } from '../stats.ts';

async function measure({ quick }: MeasureOptions): Promise<Figure> {
  const trials = quick ? 50 : 500;
  const warmUp = quick ? 20 : 100;

  using folder = scratch();
  await using arrivals = await Arrivals.start();
  writeFileSync(folder.file('driftgauge.yaml'), configYaml(arrivals.url('driftgauge')));
  await using driftgauge = await Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('driftgauge.yaml'),
    args: ['--log.level=info'],
  });
  const { child: relay, ready: relayUrl } = await Child.fork<string>('relay.ts', [
    folder.file('relay.log'),
    arrivals.url('relay'),
  ]);
  await using _relay = relay;

  const agent = new Agent({ keepAlive: true });
  const senders = [
    { name: 'driftgauge', url: `${driftgauge.url}/api/v1/events`, times: [] as number[] },
    { name: 'relay', url: `${relayUrl}/`, times: [] as number[] },
  ] as const;
  for (let trial = -warmUp; trial < trials; trial++) {
    for (const { name, url, times } of senders) {
      // A new model each time, so that each push is a drift of its own.
      const model = `model-${trial}`;
      const body = JSON.stringify({ model: { name: model, version: '1' }, metric: 'accuracy', value: 0.5 });
      const sentAt = performance.now();
      const answered = post(url, { agent, body });
      const arrivedAt = await arrivals.of(name, model);
      await answered;
      if (trial >= 0) times.push(arrivedAt - sentAt);
    }
  }
  agent.destroy();
  const expected = trials + warmUp;
  if (arrivals.count('driftgauge') !== expected) {
    throw new Error(`${arrivals.count('driftgauge')} webhooks for ${expected} drifts`);
  }

  const [own, floor] = senders;
  return {
    rows: [
      latencyRow('Driftgauge: push to webhook, stored durably before', own.times),
      latencyRow('floor: a bare relay that appends, syncs and posts on', floor.times),
    ],
    ratios: [{ what: 'time of Driftgauge, over that of the bare relay', ...ratioOf(own.times, floor.times) }],
    remarks: [{ text: `Each of the ${expected} drifts, warm-up included, gave exactly one webhook.` }],
  };
}

function configYaml(webhookUrl: string): string {
  return `metrics:
  - name: accuracy
    drift: {below: 0.85}
    action: retrain
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: bench
      outcome: none
      webhook: {url: ${JSON.stringify(webhookUrl)}}
`;
}

function post(url: string, { agent, body }: { agent: Agent; body: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 204) resolve();
        else reject(new Error(`a push was answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export default {
  title: 'From a push to the webhook',
  method: `One metric event beyond the threshold is posted to \`/api/v1/events\` of \`driftgauge run\`; the time is taken until the retrain
request reaches a receiver on the same machine. In between lie judgement, the transaction with episode, request and its body, the sync to
the disk, and the delivery. Each push is of a new model, so each is a drift that asks once. The floor, a trial of each in turn, is a bare
Node process that appends the body to a file, calls fdatasync and posts it on. Prometheus has no equivalent: its rules look once per
interval.`,
  measure,
} satisfies FigureModule;
