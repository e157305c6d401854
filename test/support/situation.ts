/**
 * The shipped program in the middle of everything that can happen to a model: real targets, a real receiver, and each
 * state that dashboards and pages show. What it is waited for stands in SETTLED.
 */
import { writeFileSync } from 'node:fs';
import { Program } from './program.ts';
import { Receiver } from './receiver.ts';
import type { Scratch } from './scratch.ts';
import { situationConfig } from './situation-config.ts';
import { deadAddress, ServingPage, startTarget } from './situation-pages.ts';

export interface Situation extends AsyncDisposable {
  readonly program: Program;
  readonly receiver: Receiver;
}

/** What is there once the story has been told, as `/metrics` shows it. It stays, but for `seasonal`, which goes on asking. */
export const SETTLED: Readonly<Record<string, RegExp>> = {
  'one model is well': /^driftgauge_breach\{model="steady",version="1",metric="accuracy"\} 0$/m,
  'one is pending': /^driftgauge_breach\{model="slipping",version="1",metric="accuracy"\} 1$/m,
  'one drifts, and its retrain runs': /^driftgauge_retrain_in_flight\{model="churn"\} 1$/m,
  'its next version waits for that retrain':
    /^driftgauge_retrain_held\{model="churn",version="2",reason="in_flight"\} 1$/m,
  'one was retrained':
    /^driftgauge_retrain_outcomes_total\{model="fraud",version="1",outcome="succeeded"\} 1$/m,
  'and its new version is well': /^driftgauge_drift\{model="fraud",version="2",metric="accuracy"\} 0$/m,
  'the training of one has failed':
    /^driftgauge_retrain_outcomes_total\{model="pricing",version="1",outcome="failed"\} 1$/m,
  'and its next version is held by cooldown':
    /^driftgauge_retrain_held\{model="pricing",version="2",reason="cooldown"\} 1$/m,
  'one is held by another metric':
    /^driftgauge_retrain_held\{model="ranking",version="1",reason="inhibited"\} 1$/m,
  'one has nobody to ask': /^driftgauge_retrain_held\{model="orphan",version="1",reason="no_trigger"\} 1$/m,
  'one was suppressed':
    /^driftgauge_retrain_suppressed_total\{model="search",version="1",reason="group_wait"\} 1$/m,
  'one has timed out':
    /^driftgauge_retrain_outcomes_total\{model="forecast",version="1",outcome="timed_out"\} 1$/m,
  'one drifts and recovers again and again':
    /^driftgauge_retrain_outcomes_total\{model="seasonal",version="1",outcome="succeeded"\} ([2-9]|\d\d)/m,
  'one is stale': /^driftgauge_signal_stale\{model="checkout",version="1",metric="f1_score"\} 1$/m,
  'one is pushed': /^driftgauge_signal_ema\{model="steady",version="1",metric="precision"\} /m,
  'a metric matches nothing': /^driftgauge_metric_signals\{metric="recall"\} 0$/m,
  'a target is down': /^driftgauge_target_up\{scrape_job="dead",.*\} 0$/m,
  'a target fails now and then':
    /^driftgauge_scrape_failures_total\{scrape_job="flaky",.*"http_5xx"\} [1-9]/m,
  'no numbers were dropped':
    /^driftgauge_samples_dropped_total\{source="scrape",reason="non_finite"\} [1-9]/m,
  'doubled series were dropped':
    /^driftgauge_samples_dropped_total\{source="scrape",reason="duplicate_series"\} [1-9]/m,
  'a delivery fails and is tried again':
    /^driftgauge_delivery_failures_total\{trigger="overloaded",reason="http_5xx"\} ([2-9]|\d\d)/m,
  'a request waits': /^driftgauge_outbox_pending\{trigger="overloaded"\} 1$/m,
  'a request is parked': /^driftgauge_outbox_parked\{trigger="retired"\} 1$/m,
};

/** Settles when everything has happened; rejects with what has not after `withinMs`. */
export async function startSituation(
  folder: Scratch,
  { withinMs = 40_000, args = [] }: { readonly withinMs?: number; readonly args?: readonly string[] } = {},
): Promise<Situation> {
  await using stack = new AsyncDisposableStack();
  const page = new ServingPage();
  const serving = stack.use(await startTarget(() => page.text()));
  let scrapes = 0;
  const flaky = stack.use(
    await startTarget(() => (++scrapes % 3 === 0 ? null : 'model_accuracy{model="edge",version="1"} 0.91\n')),
  );
  const story = new Story(page);
  const receiver = stack.use(
    await Receiver.start(folder.file('receiver.ndjson'), ({ body }) => story.answer(body)),
  );
  const addresses = { serving: serving.address, flaky: flaky.address, dead: await deadAddress() };
  const configFile = folder.file('driftgauge.yaml');
  writeFileSync(configFile, situationConfig({ ...addresses, receiver: receiver.url }));
  const program = stack.use(await Program.start({ storagePath: folder.file('data'), configFile, args }));
  story.program = program;
  await push(program);
  await settle(program, { story, withinMs });
  const all = stack.move();
  return { program, receiver, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function push(program: Program): Promise<void> {
  const event = (name: string, metric: string, value: number) => ({
    model: { name, version: '1' },
    metric,
    value,
  });
  const events = [
    event('checkout', 'f1_score', 0.88),
    event('steady', 'precision', 0.9),
    event('steady', 'nobody_judges_this', 1),
  ];
  const { status } = await program.post('/api/v1/events', events);
  if (status !== 204) throw new Error(`POST /api/v1/events answered ${status}, expected 204`);
}

interface Body {
  readonly data: {
    readonly model: { readonly name: string };
    readonly outcome: { readonly url: string; readonly token: string };
  };
}

/** What the pipeline does with a request, and what comes of it on the pages. */
class Story {
  program: Program | undefined;
  failure: unknown;
  readonly #page: ServingPage;

  constructor(page: ServingPage) {
    this.#page = page;
  }

  answer(text: string): number {
    const body = JSON.parse(text) as Body;
    const model = body.data.model.name;
    if (model === 'reports') return 503;
    if (model === 'legacy') return 410;
    this.#train(model, body).catch((error: unknown) => {
      this.failure = error;
    });
    return 202;
  }

  /** Once `search` is seen to be held, it recovers: its episode is suppressed. */
  watch(page: string): void {
    if (page.includes('driftgauge_retrain_held{model="search"')) this.#page.set('search:1', 0.96);
  }

  async #train(model: string, body: Body): Promise<void> {
    switch (model) {
      case 'churn':
        return this.#report(body, { status: 'running' });
      case 'fraud':
        await this.#report(body, { status: 'succeeded', version: '2' });
        this.#page.remove('fraud:1');
        return this.#page.set('fraud:2', 0.94);
      case 'pricing':
        await this.#report(body, { status: 'failed', message: 'no training data' });
        this.#page.remove('pricing:1');
        return this.#page.set('pricing:2', 0.65);
      case 'seasonal':
        return this.#report(body, { status: 'succeeded' });
    }
  }

  async #report({ data: { outcome } }: Body, report: object): Promise<void> {
    const { pathname } = new URL(outcome.url);
    const response = await this.program!.post(pathname, report, { Authorization: `Bearer ${outcome.token}` });
    if (!response.ok) throw new Error(`POST ${pathname}: ${response.status} ${await response.text()}`);
  }
}

async function settle(
  program: Program,
  { story, withinMs }: { readonly story: Story; readonly withinMs: number },
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const page = await (await program.get('/metrics')).text();
    story.watch(page);
    if (story.failure !== undefined) throw story.failure;
    const missing = Object.entries(SETTLED).filter(([, sign]) => !sign.test(page));
    if (missing.length === 0) return;
    if (performance.now() > deadline) {
      const what = missing.map(([sentence, sign]) => `${sentence}: ${sign}`).join('\n');
      throw new Error(
        `not after ${withinMs} ms:\n${what}\non this page:\n${page.match(/^driftgauge_(retrain|drift\{|outbox).*$/gm)?.join('\n')}`,
      );
    }
    // Pace of asking, nothing is expected of it.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
