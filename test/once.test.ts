/** The promise on the box: however many events breach, one drift episode makes one retrain request. */

import { writeFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { accuracy, Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { scratch } from './support/scratch.ts';

const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

it('ten breaching events under the built-in config: one request within 2 s', async () => {
  using folder = scratch();
  await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
  const begun = performance.now();
  for (let n = 0; n < 10; n++) expect((await program.post('/api/v1/events', accuracy())).status).toBe(204);
  await program.logged('retrain requested');
  expect(performance.now() - begun).toBeLessThan(2000);
  await program.logged('retrain request delivered');
  const retrains =
    await program.data<{ reason: string; trigger: string; episode: string }[]>('/api/v1/retrains');
  expect(retrains).toHaveLength(1);
  expect(retrains[0]).toMatchObject({
    trigger: 'log',
    status: 'delivered',
    reason: 'EMA for accuracy breached threshold 0.850, current 0.500',
  });
  expect(await program.data<unknown[]>('/api/v1/episodes')).toHaveLength(1);
});

it('a thousand breaching events: one request, one delivery, one id, and a signature that the reference accepts', async () => {
  using folder = scratch();
  await using receiver = await Receiver.start(folder.file('journal'));
  writeFileSync(folder.file('secret'), SECRET);
  writeFileSync(
    folder.file('driftgauge.yaml'),
    `metrics:
  - name: accuracy
    drift: {below: 0.85}
    action: retrain
global:
  external_labels: {env: test}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: training
      webhook: {url: "${receiver.url}", signing_secret_file: secret}
`,
  );
  await using program = await Program.start({
    storagePath: folder.file('data'),
    configFile: folder.file('driftgauge.yaml'),
  });
  const events = Array.from({ length: 100 }, () => accuracy());
  for (let n = 0; n < 10; n++) expect((await program.post('/api/v1/events', events)).status).toBe(204);
  const [delivery] = await receiver.received(1);
  await program.logged('retrain request delivered');
  const [retrain] =
    await program.data<{ id: string; status: string; attempts: number }[]>('/api/v1/retrains');
  expect(retrain).toMatchObject({ id: delivery!.id, status: 'delivered', attempts: 1 });
  expect(receiver.deliveries).toHaveLength(1);

  const payload = new Webhook(SECRET).verify(delivery!.body, delivery!.headers) as Record<string, never>;
  expect(delivery!.headers['idempotency-key']).toBe(delivery!.id);
  expect(payload).toMatchObject({
    type: 'retrain.requested',
    data: {
      id: delivery!.id,
      model: { name: 'fraud', version: '1' },
      labels: { env: 'test' },
      reason: 'EMA for accuracy breached threshold 0.850, current 0.500',
      signals: [{ metric: 'accuracy', value: 0.5, ema: 0.5, bound: 'below', threshold: 0.85 }],
    },
  });
});
