/**
 * `kill -9` at random instants under load. A client repeats each event until it is acknowledged; a receiver refuses
 * some deliveries and cuts off others. At the end the store and the receiver's journal must agree with what was
 * acknowledged. KILLS sets the size.
 */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { MetricEvent } from '../src/bus.ts';
import { check } from './support/checker.ts';
import { Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { scratch } from './support/scratch.ts';

const KILLS = Number(process.env['KILLS'] ?? 200);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WORKERS = 4;
/** Three good, three that breach, three good again: one episode each. */
const VALUES = [0.9, 0.91, 0.92, 0.5, 0.4, 0.3, 0.95, 0.95, 0.95];

/** Mulberry32: small, seeded, good enough to choose instants. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(`${KILLS} kills lose nothing that was acknowledged and ask nothing twice (seed ${SEED})`, {
  timeout: 60_000 + KILLS * 3000,
}, async () => {
  using folder = scratch();
  const random = createRandom(SEED);
  const journal = folder.file('journal');
  await using receiver = await Receiver.start(journal, (_delivery, response) => {
    const fate = random();
    if (fate < 0.1) response.destroy();
    return fate < 0.1 ? 0 : fate < 0.3 ? 503 : 202;
  });
  const configFile = folder.file('driftgauge.yaml');
  writeFileSync(
    configFile,
    `metrics: [{name: accuracy, smoothing: {alpha: 0.5}, drift: {below: 0.8}, action: retrain}]
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - {name: training, outcome: none, webhook: {url: "${receiver.url}", retry: {initial: 1ms, max: 20ms}}}
`,
  );
  const options = { storagePath: folder.file('data'), configFile };
  const acknowledged = new Map<string, MetricEvent[]>();
  let program = await Program.start(options);
  let up = Promise.withResolvers<void>();
  let over = false;
  let next = 0;

  /** Sends an event until it is acknowledged, over every restart. */
  const send = async (event: MetricEvent): Promise<void> => {
    const body = JSON.stringify({ ...event, timestamp: event.timestamp! / 1000 });
    for (;;) {
      try {
        const { status } = await program.post('/api/v1/events', body);
        if (status === 204) return;
        if (status !== 503) throw new Error(`a push was answered ${status}`);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        await up.promise;
      }
    }
  };
  const work = async (): Promise<void> => {
    while (!over) {
      const name = `model-${next++}`;
      const sent: MetricEvent[] = [];
      acknowledged.set(name, sent);
      const begun = Date.now() - 60_000;
      for (const [index, value] of VALUES.entries()) {
        const event = {
          model: { name, version: '1' },
          metric: 'accuracy',
          value,
          timestamp: begun + index * 1000,
        };
        await send(event);
        sent.push(event);
      }
    }
  };

  const workers = Array.from({ length: WORKERS }, work);
  let slowest = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    up.resolve();
    await new Promise((resolve) => setTimeout(resolve, random() * 120));
    up = Promise.withResolvers();
    program.kill('SIGKILL');
    await program.exited;
    const begun = performance.now();
    program = await Program.start(options);
    slowest = Math.max(slowest, performance.now() - begun);
  }
  up.resolve();
  over = true;
  await Promise.all(workers);
  const live = async () => {
    const open = await Promise.all(
      ['requested', 'parked'].map((status) => program.data<unknown[]>(`/api/v1/retrains?status=${status}`)),
    );
    return open.flat().length;
  };
  for (let seen = program.lines.length; (await live()) > 0; seen = program.lines.length) {
    await program.until(() => (program.lines.length > seen ? true : undefined), 'the outbox to empty');
  }
  program.kill('SIGTERM');
  await program.exited;

  const { faults, ...counts } = check(options.storagePath, journal, acknowledged);
  console.log(`${KILLS} kills:`, counts, `slowest start ${Math.round(slowest)} ms`);
  expect(faults).toEqual([]);
  expect(counts.requests).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(2000);
});
