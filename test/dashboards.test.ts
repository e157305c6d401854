/**
 * Every question of the dashboards, put to a real Prometheus that scrapes a real sidecar: each panel shows something, or
 * has its reason. It is scraped under two instance labels, so that no query may count on there being one process.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { COMMITTED, type Question } from '../grafana/src/committed.testing.ts';
import { type Answer, ask, variableValues } from './support/panel-answers.ts';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/requirements.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { type Situation, startSituation } from './support/situation.ts';

const DEADLINE_MS = 30_000;
const TIMEOUT_MS = 45_000;

/** What shows nothing in this situation, and why that is right, by `dashboard, panel, query`. At present nothing does. */
const EMPTY_BECAUSE: Readonly<Record<string, string>> = {};

/** What single numbers must say: the least and the most, because `seasonal` comes and goes, and so does `flaky`. */
const SAYS: Readonly<Record<string, Readonly<Record<string, readonly [least: number, most: number]>>>> = {
  'driftgauge-overview, Models, A': { models: [14, 14] },
  'driftgauge-overview, Models that drift, A': { models: [8, 9] },
  'driftgauge-overview, Signals in breach, A': { signals: [13, 14] },
  'driftgauge-overview, Episodes held, A': { episodes: [4, 5] },
  'driftgauge-overview, Retrains in flight, A': { models: [3, 4] },
  'driftgauge-overview, Stale signals, A': { signals: [1, 1] },
  'driftgauge-overview, Metrics without signals, A': { metrics: [1, 1] },
  'driftgauge-overview, Held, by reason, A': {
    in_flight: [1, 1],
    cooldown: [1, 2],
    inhibited: [1, 1],
    no_trigger: [1, 1],
  },
  'driftgauge-overview, Outcomes, A': { failed: [1, 1], timed_out: [1, 1], succeeded: [2, 60] },
  'driftgauge-overview, Suppressed, A': { group_wait: [1, 60] },
  'driftgauge-model, Held by, A': { in_flight: [1, 1], inhibited: [1, 1], no_trigger: [1, 1] },
  // From here on each process counts for itself.
  'driftgauge-self, Processes, A': { processes: [2, 2] },
  'driftgauge-self, Targets down, A': { targets: [2, 4] },
  'driftgauge-self, Storage down, A': { processes: [0, 0] },
  'driftgauge-self, Config refused, A': { processes: [0, 0] },
  'driftgauge-self, Requests waiting, A': { requests: [2, 4] },
  'driftgauge-self, Requests parked, A': { requests: [2, 2] },
};

const MANY = 300;
/** Lines of one graph that a reader can still follow, and rows of one table that a browser shows at once. */
const MOST_LINES = 50;
const MOST_ROWS = 350;

const keyOf = ({ dashboard, where, refId }: Question) => `${dashboard}, ${where}, ${refId}`;
const hasData = ({ instant, range }: Answer) => instant > 0 && range > 0;

function tableOf(answers: readonly Answer[]): string {
  const rows = answers.map((answer) => {
    const { dashboard, where, refId, instant, range } = answer;
    const reason = hasData(answer)
      ? ''
      : (EMPTY_BECAUSE[keyOf(answer)] ?? 'NOTHING, and no reason is stated');
    return [dashboard, where, refId, String(instant), String(range), reason];
  });
  const all = [['dashboard', 'panel', 'query', 'series now', 'in range', 'empty because'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

describeWith(['prometheus'], 'dashboards on a real Prometheus', () => {
  let folder: Scratch;
  let situation: Situation;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = scratch();
    situation = await startSituation(folder);
    const { port } = new URL(situation.program.url);
    prometheus = await startPrometheus(folder, {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'driftgauge',
          honor_labels: true,
          static_configs: [{ targets: [`127.0.0.1:${port}`, `localhost:${port}`] }],
        },
      ],
    });
  }, 60_000);
  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await situation?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  /** Asks some questions again until the answers fit; the last ones where they never do. */
  async function askUntil(
    fits: (answers: readonly Answer[]) => boolean,
    asks?: (question: Question) => boolean,
  ): Promise<readonly Answer[]> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const all = COMMITTED.map((dashboard) => ask(prometheus, dashboard, asks && { asks }));
      const answers = (await Promise.all(all)).flat();
      if (fits(answers) || performance.now() > deadline) return answers;
      // Not more often than Prometheus learns something.
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  it('every panel shows data, or is empty for a stated reason', { timeout: TIMEOUT_MS }, async () => {
    const best = new Map<string, Answer>();
    const missing = () => [...best.values()].filter((one) => !hasData(one) && !EMPTY_BECAUSE[keyOf(one)]);
    // Some marks come and go: an answer that was there once counts.
    const isOpen = (question: Question) => {
      const before = best.get(keyOf(question));
      return before === undefined || !hasData(before);
    };
    await askUntil((answers) => {
      for (const answer of answers) best.set(keyOf(answer), answer);
      return missing().length === 0;
    }, isOpen);
    console.log(tableOf([...best.values()]));
    expect(missing().map(keyOf)).toEqual([]);
    expect([...best.values()].filter(({ unnamed }) => unnamed.length > 0)).toEqual([]);
    expect([...best.keys()]).toEqual(expect.arrayContaining(Object.keys(EMPTY_BECAUSE)));
  });

  it('every variable offers something', async () => {
    for (const dashboard of COMMITTED) {
      for (const [name, values] of await variableValues(prometheus, dashboard))
        expect(values, `${dashboard.uid}, variable ${name}`).not.toEqual([]);
    }
  });

  it('numbers say what is the case, whoever scrapes how often', { timeout: TIMEOUT_MS }, async () => {
    const wrong = (answers: readonly Answer[]) => {
      const now = new Map(answers.map((answer) => [keyOf(answer), answer.now]));
      return Object.entries(SAYS).flatMap(([key, numbers]) =>
        Object.entries(numbers)
          .map(([legend, [least, most]]) => ({ key, legend, least, most, found: now.get(key)?.[legend] }))
          .filter(({ found, least, most }) => found === undefined || found < least || found > most),
      );
    };
    const answers = await askUntil(
      (some) => wrong(some).length === 0,
      (question) => keyOf(question) in SAYS,
    );
    expect(wrong(answers)).toEqual([]);
  });

  it('one model can be looked at alone', { timeout: TIMEOUT_MS }, async () => {
    const model = COMMITTED.find(({ uid }) => uid === 'driftgauge-model')!;
    const about = async (only: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        (await ask(prometheus, model, { only })).map(({ where, refId, now }) => [`${where}, ${refId}`, now]),
      );
    // A scrape that fails on a busy machine leaves a gap.
    await vi.waitFor(
      async () => {
        const churn = await about({ model: 'churn', version: '2', metric: 'accuracy' });
        expect(churn).toMatchObject({
          'State of each signal, A': { 'churn:2 accuracy': 3 },
          'Held by, A': { in_flight: 1 },
          'In flight, A': { churn: 1 },
          '$metric, C': { 'churn:2 threshold below': 0.85 },
        });
        expect(churn['Beyond the threshold, A']!['churn:2 accuracy']).toBeCloseTo(0.15 / 0.85, 1);
        expect(await about({ model: 'fraud' })).toMatchObject({
          'State of each signal, A': { 'fraud:1 accuracy': 3, 'fraud:2 accuracy': 0 },
          'Outcomes, A': { succeeded: 1 },
        });
        expect(await about({ model: 'search' })).toMatchObject({ 'Suppressed, A': { group_wait: 1 } });
      },
      { timeout: DEADLINE_MS, interval: 500 },
    );
  });

  it(`with ${MANY} models in breach more, no graph has more than ${MOST_LINES} lines`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const events = Array.from({ length: MANY }, (_, index) => ({
      model: { name: `m${index}`, version: '1' },
      metric: 'f1_score',
      value: 0.5,
    }));
    expect((await situation.program.post('/api/v1/events', events)).status).toBe(204);
    const counted = await askUntil(
      ([models]) => (models?.now['models'] ?? 0) > MANY,
      ({ dashboard, where }) => dashboard === 'driftgauge-overview' && where === 'Models',
    );
    expect(counted[0]!.now).toEqual({ models: MANY + 14 });
    const answers = await askUntil(() => true);
    // On the dashboard of one model nobody chooses them all: it has no "All".
    const bounded = answers.filter(({ dashboard }) => dashboard !== 'driftgauge-model');
    const tooMany = bounded.filter(({ type, range }) => range > (type === 'table' ? MOST_ROWS : MOST_LINES));
    expect(tooMany.map((answer) => `${keyOf(answer)}: ${answer.range}`)).toEqual([]);
    expect(bounded.find(({ where }) => where === 'Drift by model version')!.range).toBe(40);
  });
});
