/** A real sidecar in trouble: a target that is down, parked requests, a drift without a trigger, one that is only flagged. */
import { writeFileSync } from 'node:fs';
import { Program } from './program.ts';
import { Receiver } from './receiver.ts';
import type { Scratch } from './scratch.ts';

export interface Troubled extends AsyncDisposable {
  readonly program: Program;
  /** Ids of the parked requests, oldest first. */
  readonly parked: readonly string[];
}

export const MODELS = ['fraud', 'churn'] as const;
/** No trigger is for it, and its name needs care in PromQL, in templates and on the page. */
export const ORPHAN = 'or"ph\\an {{ .Boom }}\n\u202e';

const GONE = 410;

export async function startTroubled(folder: Scratch): Promise<Troubled> {
  await using stack = new AsyncDisposableStack();
  const receiver = stack.use(await Receiver.start(folder.file('journal'), () => GONE));
  writeFileSync(
    folder.file('driftgauge.yaml'),
    `scrape_configs:
  - {job_name: gone, scrape_interval: 200ms, static_configs: [{targets: ["127.0.0.1:1"]}]}
metrics:
  - {name: accuracy, drift: {below: 0.85}, action: retrain}
  - {name: f1_score, drift: {below: 0.8}, action: flag}
  - {name: precision, from: {gauge: model_precison}, drift: {below: 0.8}}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers: [{name: training, models: ${JSON.stringify(MODELS)}, webhook: {url: "${receiver.url}"}}]
`,
  );
  const program = stack.use(
    await Program.start({ storagePath: folder.file('data'), configFile: folder.file('driftgauge.yaml') }),
  );
  const event = (name: string, metric: string) => ({ model: { name, version: '1' }, metric, value: 0.5 });
  const events = [
    ...[...MODELS, ORPHAN].map((name) => event(name, 'accuracy')),
    event('flagged', 'f1_score'),
  ];
  const answer = await program.post('/api/v1/events', events);
  if (answer.status !== 204) throw new Error(await answer.text());
  const parked: string[] = [];
  for (const model of MODELS) {
    const line = await program.logged('retrain request parked', (one) => one['model'] === model);
    parked.push(String(line['request']));
  }
  await program.logged('target is down');
  const kept = stack.move();
  return { program, parked, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
