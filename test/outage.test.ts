/** A pipeline that is down for a simulated day: the request waits, one attempt at a time, and is delivered under its one id. */
import { expect, it } from 'vitest';
import {
  createSupervisor,
  type Delivery,
  loadConfig,
  ManualClock,
  type OutgoingRequest,
} from '../src/index.ts';

const HOUR = 3_600_000;
const DOWN: Delivery = {
  ok: false,
  reason: 'connect',
  message: 'connection refused',
  next: 'retry',
  written: false,
};

function setUp(deliver: (request: OutgoingRequest, clock: ManualClock) => Promise<Delivery>) {
  const loaded = loadConfig({
    file: null,
    env: {},
    text: `metrics: [{name: accuracy, drift: {below: 0.85}, action: retrain}]\nretrain: {initial_hold: 0s, group_wait: 0s}\n`,
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const clock = new ManualClock();
  const attempts: { readonly at: number; readonly id: string; readonly body: string }[] = [];
  let running = 0;
  let mostRunning = 0;
  const supervisor = createSupervisor(loaded.config, {
    clock,
    triggers: [
      {
        name: 'pipeline',
        async deliver(request) {
          mostRunning = Math.max(mostRunning, ++running);
          attempts.push({ at: clock.wall(), id: request.id, body: new TextDecoder().decode(request.body) });
          const delivery = await deliver(request, clock);
          running--;
          return delivery;
        },
      },
    ],
  });
  const drift = (name: string) =>
    supervisor.bus.publish({ model: { name, version: '1' }, metric: 'accuracy', value: 0.5 });
  return { supervisor, clock, attempts, drift, mostRunning: () => mostRunning };
}

it('24 hours down: nothing is lost, nothing is sent in parallel, and it is delivered within retry.max of the return', async () => {
  const start = new ManualClock().wall();
  const { supervisor, clock, attempts, drift, mostRunning } = setUp(async () =>
    clock.wall() < start + 24 * HOUR ? DOWN : { ok: true },
  );
  await using _running = supervisor;
  await supervisor.start();
  const models = Array.from({ length: 20 }, (_, index) => `model-${index}`);
  for (const model of models) await drift(model);
  for (let hour = 0; hour < 25; hour++) {
    await clock.advance(HOUR);
    for (const model of models) await drift(model);
  }
  const last = new Map(attempts.map(({ id, at }) => [id, at]));
  expect(last.size).toBe(20);
  for (const at of last.values()) expect(at - start).toBeLessThanOrEqual(24 * HOUR + 15 * 60_000);
  expect(new Set(attempts.map(({ id, body }) => `${id} ${body}`)).size).toBe(20);
  expect(mostRunning()).toBe(1);
  expect(supervisor.engine.pending()).toEqual([]);
  expect(supervisor.engine.world.requests.size).toBe(20);
  for (const { status } of supervisor.engine.world.requests.values()) expect(status).toBe('delivered');
});

it('an outage that the drift does not outlive: the request is taken back, because nobody has seen it', async () => {
  const { supervisor, clock, attempts, drift } = setUp(async () => DOWN);
  await using _running = supervisor;
  await supervisor.start();
  await drift('fraud');
  await clock.advance(60_000);
  await supervisor.bus.publish({ model: { name: 'fraud', version: '1' }, metric: 'accuracy', value: 2 });
  const { length } = attempts;
  expect(length).toBeGreaterThan(1);
  await clock.advance(24 * HOUR);
  expect(attempts).toHaveLength(length);
  expect(supervisor.engine.world.requests.size).toBe(0);
});
