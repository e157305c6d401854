/**
 * Makes the picture of the status page in README.md from the shipped program, to which a minute of seven models' metrics
 * is pushed. Run by hand after `npm run build`; needs Debian's Chromium.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, visit } from '../test/support/browser.ts';
import { Program } from '../test/support/program.ts';
import { Receiver } from '../test/support/receiver.ts';
import { scratch } from '../test/support/scratch.ts';

const FOLDER = join(import.meta.dirname, '../docs/images');
const FILE = join(FOLDER, 'status-page.png');
const SIZE = { width: 1200, height: 490 };
const MAX_BYTES = 150_000;
const STEPS = 60;
const STEP_MS = 1000;

const config = (receiver: string) => `
metrics:
  - {name: accuracy, models: [search], drift: {below: 0.85, for: 5m}, action: retrain}
  - {name: accuracy, drift: {below: 0.85, clear: 0.87}, action: retrain}
  - {name: f1_score, drift: {below: 0.8}, action: retrain}
  - {name: inference_latency, drift: {above: 150}}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers: [{name: training, webhook: {url: "${receiver}"}}]
`;

interface Story {
  readonly model: string;
  readonly version: string;
  readonly metric: string;
  readonly noise: number;
  /** From which step on it has which value. */
  readonly levels: Readonly<Record<number, number>>;
}

const STORIES: readonly Story[] = [
  story('fraud', '1.4.0', 'accuracy', { 0: 0.93, 24: 0.8, 30: 0.68, 36: 0.61 }),
  story('churn', '2.1.0', 'f1_score', { 0: 0.86, 8: 0.7, 20: 0.87, 40: 0.71 }),
  story('search', '9', 'accuracy', { 0: 0.88, 48: 0.82 }),
  story('pricing', '3.2.1', 'inference_latency', { 0: 120, 30: 158, 44: 171 }),
  story('forecast', '5', 'accuracy', { 0: 0.91 }),
  story('ranking', '7.0.2', 'accuracy', { 0: 0.94 }),
  story('recommender', '12', 'accuracy', { 0: 0.9, 33: 0.92 }),
];

function story(model: string, version: string, metric: string, levels: Story['levels']): Story {
  return { model, version, metric, levels, noise: levels[0]! / 60 };
}

function valueAt({ levels, noise, model }: Story, step: number): number {
  const [, level] = Object.entries(levels).findLast(([from]) => Number(from) <= step)!;
  return level + noise * Math.sin(step * 1.7 + model.length) * Math.cos(step * 0.6);
}

interface Order {
  readonly data: {
    readonly model: { readonly name: string };
    readonly outcome: { readonly url: string; readonly token: string };
  };
}

using folder = scratch();
const orders: Order[] = [];
await using receiver = await Receiver.start(folder.file('journal'), ({ body }) => {
  orders.push(JSON.parse(body) as Order);
  return 202;
});
const configFile = folder.file('driftgauge.yaml');
writeFileSync(configFile, config(receiver.url));
await using program = await Program.start({ storagePath: folder.file('data'), configFile });

for (let step = 0; step < STEPS; step++) {
  const events = STORIES.map((one) => ({
    model: { name: one.model, version: one.version },
    metric: one.metric,
    value: valueAt(one, step),
  }));
  await program.post('/api/v1/events', events);
  for (const { data } of orders.splice(0)) {
    const status = data.model.name === 'churn' ? 'succeeded' : 'running';
    const headers = { Authorization: `Bearer ${data.outcome.token}` };
    await program.post(new URL(data.outcome.url).pathname, { status }, headers);
  }
  await new Promise((resolve) => setTimeout(resolve, STEP_MS));
}

const browser = await launchBrowser();
try {
  await using visitor = await visit(browser, { origin: program.url, viewport: SIZE, colorScheme: 'light' });
  await visitor.page.goto('/');
  const picture = await visitor.page.screenshot();
  if (picture.length > MAX_BYTES) {
    throw new Error(`the picture has ${picture.length} bytes, expected at most ${MAX_BYTES}`);
  }
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, picture);
  console.log(`${FILE}: ${picture.length} bytes`);
} finally {
  await browser.close();
}
