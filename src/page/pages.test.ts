/** Every page of one situation in which each has something to say, in the words that a reader has. */
import { expect, it } from 'vitest';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, SECOND } from '../core/scenario.testing.ts';
import { FakeBackend } from '../http/backend.testing.ts';
import { configPage } from './config-page.ts';
import { Html } from './html.ts';
import { modelPage } from './model-page.ts';
import { overviewPage } from './overview.ts';
import { wordsOf } from './page.testing.ts';
import { targetsPage } from './targets-page.ts';
import { triggersPage } from './triggers-page.ts';

const visit = { mayWrite: true, origin: 'http://gauge.example' };

const judge = makeConfig({
  rules: [
    makeRule({
      detector: { kind: 'threshold', bound: 'below', threshold: 0.85, clear: 0.87 },
      keepFiringForMs: 10 * MINUTE,
    }),
    makeRule({
      metric: 'latency',
      entry: 1,
      action: 'flag',
      detector: { kind: 'threshold', bound: 'above', threshold: 150, clear: 150 },
    }),
    makeRule({ metric: 'recall', entry: 2 }),
  ],
  policy: makePolicy({ cooldownMs: 4 * HOUR }),
  triggers: [
    { name: 'notes', models: ['churn', 'search'], outcome: 'none' },
    { name: 'training', models: [], outcome: 'reported' },
    { name: 'unused', models: ['none'], outcome: 'none' },
  ],
});

const durations = { bounds: [], counts: [], sum: 0, count: 0 };
const scraped = { job: 'models', durationSeconds: 0.0123, samples: 12, error: null, failures: new Map() };

/** fraud recovers after its first attempt has failed, churn was given up, search is being delivered, ranking is well. */
function situation(): FakeBackend {
  const backend = new FakeBackend(judge);
  const { scenario } = backend;
  scenario.sample(0.61);
  const [fraud] = scenario.requests;
  scenario.wait(MINUTE);
  scenario.sample(0.7, { model: 'churn' });
  scenario.report({ kind: 'attempt' });
  scenario.report({ kind: 'parked', reason: 'refused', message: 'answered 410 Gone', written: true });
  scenario.wait(MINUTE);
  scenario.sample(0.75, { model: 'search' });
  scenario.report({ kind: 'attempt' });
  scenario.wait(MINUTE);
  scenario.report({ kind: 'attempt' }, fraud);
  const retryAt = scenario.at + 10 * MINUTE;
  const message = 'answered 503 Service Unavailable';
  const failed = {
    kind: 'attempt_failed',
    reason: 'http_5xx',
    message,
    written: true,
    refused: false,
  } as const;
  scenario.report({ ...failed, retryAt }, fraud);
  scenario.sample(0.9);
  scenario.sample(171, { metric: 'latency' });
  scenario.sample(0.95, { model: 'ranking' });
  scenario.wait(2 * MINUTE);
  const at = backend.now();
  backend.triggerStatus = [
    {
      trigger: 'notes',
      attempts: 4,
      failures: new Map([
        ['connect', 2],
        ['http_4xx', 1],
      ]),
      durations,
      last: { at: at - 4 * MINUTE, failure: 'answered 410 Gone' },
    },
    {
      trigger: 'training',
      attempts: 1,
      failures: new Map(),
      durations,
      last: { at: at - 30 * SECOND, failure: null },
    },
  ];
  const error = 'connect ECONNREFUSED';
  backend.targetStatus = [
    { ...scraped, target: 'http://d:1/metrics', up: true, lastScrapeAt: at - SECOND },
    { ...scraped, target: 'http://a:1/metrics', up: true, lastScrapeAt: at - 5 * SECOND },
    { ...scraped, target: 'http://b:1/metrics', up: null, lastScrapeAt: null },
    {
      ...scraped,
      target: 'http://c:1/metrics',
      up: false,
      lastScrapeAt: at - SECOND,
      samples: 0,
      error,
      failures: new Map([['connect', 3]]),
    },
  ];
  return backend;
}

const mainOf = ({ text }: Html) => wordsOf(new Html(/<main.*<\/main>/s.exec(text)![0]));

const render: Readonly<Record<string, (backend: FakeBackend) => Html>> = {
  overview: (backend) => overviewPage(backend, visit, { filter: '', skip: 0 }),
  fraud: (backend) =>
    modelPage(backend, visit, { name: { name: 'fraud', version: '1' }, query: { skip: 0 } })!,
  search: (backend) =>
    modelPage(backend, visit, { name: { name: 'search', version: '1' }, query: { skip: 0 } })!,
  targets: targetsPage,
  triggers: triggersPage,
  config: configPage,
};

it.each<[page: string, title: string, ...parts: string[]]>([
  [
    'overview',
    '(3) Driftgauge',
    'Models 3 models drift. Retrains: 2 wait for delivery, 1 is parked.',
    'State Model Worst signal Recent time Since (UTC) Decision ● drifting churn 1 accuracy 0.7 < 0.85 00:01, 4m',
    '● drifting fraud 1 latency 171 > 150 00:03, 2m retrain requested 00:00, attempt 1 failed: http_5xx, next attempt 00:13 rt_fraud…',
    '○ ok ranking 1 accuracy 0.95 ≥ 0.85 00:03, 2m The plots begin when this process did, at most 4½ hours ago: the value thin, its average bold, the threshold dashed.',
  ],
  [
    'fraud',
    'fraud 1 – Driftgauge',
    'It drifts since 00:00, 5m: average of accuracy 0.9 ≥ 0.85 (recovering: ok at 00:13, if it stays so).',
    '✗ in_flight waits, no time is known: rt_fraud:1#1 is requested ✓ cooldown passes:',
    'The value thin, its average bold, the threshold dashed; shaded while it is pending or drifts. Upright lines: a retrain was requested; dotted: a version was first seen. latency ● drifting 171 > 150 Too little is remembered for a plot yet. average 171 value 171 drifts above 150 so since 00:03, 2m last sample 00:03, 2m ago samples 1 action flag',
    'drifts below 0.85, clear at 0.87 still drifts recovering: ok at 00:13, if it stays so so since',
    'Without a sample of this version recall was not pushed',
    '00:00, 5m: accuracy – open, retrain waits for delivery',
    '00:00 requested 00:03 1 attempt failed: http_5xx, answered 503 Service Unavailable next attempt not before 00:13 Cancel Gives the request up: it is not sent again, but a pipeline that has it is not stopped. The model’s slot becomes free. If this drift lasts',
  ],
  ['search', 'search 1 – Driftgauge', '00:02 requested an attempt to deliver it is under way Cancel'],
  [
    'targets',
    'Targets – Driftgauge',
    'Targets State Target Job Last scrape (UTC) Samples Took Failures ● down http://c:1/metrics models 00:04:59, 1s ago 0 samples 12.3 ms 3 connect',
    '◌ not scraped yet http://b:1/metrics models ○ up http://a:1/metrics models 00:04:55, 5s ago 12 samples 12.3 ms ○ up http://d:1/metrics',
  ],
  [
    'triggers',
    'Triggers – Driftgauge',
    'Triggers Trigger Models Outcome Pending Parked Attempts Failures Last answer (UTC) notes churn, search none 1 pending 1 parked 4 attempts 2 connect, 1 http_4xx answered 410 Gone at 00:01 training all reported 1 pending 0 parked 1 attempt delivered at 00:04:30 unused none none 0 pending 0 parked 0 attempts Requests that have not ended fraud 1 through training: retrain requested 00:00, attempt 1 failed: http_5xx, next attempt 00:13 churn 1 through notes: retrain parked after 1 attempt: refused search 1 through notes: retrain requested 00:02, being delivered',
  ],
  [
    'config',
    'Config – Driftgauge',
    'The built-in one, loaded 00:00 UTC.',
    'Build Driftgauge 1.2.3, revision abcdef0.',
  ],
])('the page of %s', (page, title, ...parts) => {
  const html = render[page]!(situation());
  expect(html.text).toContain(`<title>${title}</title>`);
  const words = mainOf(html);
  for (const part of parts) expect(words).toContain(part);
  expect(words).toContain(
    '1 target is down: http://c:1/metrics. 1 retrain request is parked: delivery was given up; somebody has to redeliver or cancel. 1 configured metric matches nothing: recall.',
  );
  expect(wordsOf(html)).toContain(
    'As of 00:05:00 UTC. 4 models, 5 signals. Config loaded 00:00. Driftgauge 1.2.3 (abcdef0).',
  );
});

it('a list that is filtered stays so from page to page', () => {
  const backend = new FakeBackend();
  for (let index = 0; index < 101; index++) backend.scenario.sample(0.9, { model: `m-${index}` });
  const page = (skip: number) => overviewPage(backend, visit, { filter: 'M-', skip }).text;
  expect(page(0)).toContain('<a href="./?q=M-&amp;skip=100">Next</a>');
  expect(page(100)).toContain('<a href="./?q=M-">The first models</a>');
});

it('an attempt that is due is no longer announced', () => {
  const backend = situation();
  backend.scenario.wait(8 * MINUTE);
  expect(mainOf(render['fraud']!(backend))).toContain('answered 503 Service Unavailable Cancel');
});

it('a model that recovers counts as one that drifts, in the title, too', () => {
  const backend = new FakeBackend(judge);
  backend.scenario.sample(0.5);
  backend.scenario.wait(MINUTE);
  backend.scenario.sample(0.9);
  expect(render['overview']!(backend).text).toContain('<title>(1) Driftgauge</title>');
});

it.each<[string, number, number, boolean]>([
  ['whole where it is short enough', 40_000, 40_000, false],
  ['cut where it is not, and says so', 40_001, 40_000, true],
])('a config is %s', (_, length, shown, cut) => {
  const backend = new FakeBackend();
  Object.assign(backend.config, { redactedYaml: '€'.repeat(length) });
  const html = configPage(backend);
  expect(html.text.match(/€/g)).toHaveLength(shown);
  expect(wordsOf(html).includes('Cut here; all of it.')).toBe(cut);
});
