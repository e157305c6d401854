/** The shipped program with a model in each state that its page can act on; nothing in it changes until somebody pushes. */
import { writeFileSync } from 'node:fs';
import { Program } from './program.ts';
import { Receiver } from './receiver.ts';
import type { Scratch } from './scratch.ts';

export interface PageSituation extends AsyncDisposable {
  readonly program: Program;
  readonly receiver: Receiver;
  /** Ids of retrain requests: given up by the dispatcher, and ended. */
  readonly parked: string;
  readonly ended: string;
  push(...events: readonly MetricEvent[]): Promise<void>;
}

export type MetricEvent = readonly [name: string, value: number, metric?: string, version?: string];

const GONE = 410;

const config = (receiver: string) => `
scrape_configs:
  - {job_name: dead, scrape_interval: 1s, static_configs: [{targets: ["127.0.0.1:1"]}]}
metrics:
  - {name: accuracy, models: [slipping], smoothing: {alpha: 1}, drift: {below: 0.85, for: 1h}, action: retrain}
  - {name: accuracy, smoothing: {alpha: 1}, drift: {below: 0.85}, action: retrain}
  - {name: latency, smoothing: {alpha: 1}, drift: {above: 150}}
  - {name: recall, from: {gauge: model_recall}, drift: {below: 0.7}}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - {name: training, models: [fraud, legacy], webhook: {url: "${receiver}"}}
    - {name: notes, models: [churn], log: {}}
`;

export async function startPageSituation(folder: Scratch): Promise<PageSituation> {
  await using stack = new AsyncDisposableStack();
  const receiver = stack.use(
    await Receiver.start(folder.file('journal'), ({ body }) => (body.includes('"legacy"') ? GONE : 202)),
  );
  const configFile = folder.file('driftgauge.yaml');
  writeFileSync(configFile, config(receiver.url));
  const program = stack.use(await Program.start({ storagePath: folder.file('data'), configFile }));
  const push: PageSituation['push'] = (...events) => pushEvents(program, events);
  await push(['fraud', 0.612], ['fraud', 171, 'latency'], ['legacy', 0.63], ['churn', 0.7]);
  await push(['slipping', 0.81], ['steady', 0.95], ['steady', 48, 'latency']);
  const { request } = await program.logged('retrain request parked');
  const [ended] = await program.data<{ id: string }[]>('/api/v1/retrains?model=churn');
  await program.logged('retrain request delivered', ({ model }) => model === 'churn');
  await program.logged('retrain request delivered', ({ model }) => model === 'fraud');
  await program.logged('target is down');
  // One episode is over, the next is held.
  await push(['churn', 0.93]);
  await push(['churn', 0.71]);
  const all = stack.move();
  return {
    program,
    receiver,
    parked: String(request),
    ended: ended!.id,
    push,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

export async function pushEvents(program: Program, events: readonly MetricEvent[]): Promise<void> {
  const body = events.map(([name, value, metric = 'accuracy', version = '1']) => ({
    model: { name, version },
    metric,
    value,
  }));
  const response = await program.post('/api/v1/events', body);
  if (response.status !== 204) throw new Error(`POST /api/v1/events: ${await response.text()}`);
}
