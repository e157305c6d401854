/** What the exported rules record of a scrape: each kind of `from`, whose models, and under which labels. */
import { expect, it } from 'vitest';
import { exported, scraping } from './support/exported.ts';
import { testRules } from './support/promtool.ts';
import { describeWith } from './support/requirements.ts';

const INTERVAL_MS = 15_000;

interface Case {
  /** One entry, or a whole config. */
  readonly entry: object;
  /** As promtool writes them; one without a `job` is of the config's. */
  readonly series: Readonly<Record<string, string>>;
  /** Recorded after 20 intervals, by the labels but for `metric` and `jobs`. */
  readonly recorded: Readonly<Record<string, number>>;
}

const drift = { below: 0.5 };
const FRAUD = 'model="fraud",version="1"';
const fraud = (name: string, more = '') => `${name}{${FRAUD}${more}}`;
const steady = (step: number) => `0+${step}x30`;
const bucket = (le: string, replica: string) => `m_bucket{${FRAUD},le="${le}",replica="${replica}"}`;

/** Two jobs that name model and version by different labels. */
function two(): object {
  const job = (job_name: string) => ({ job_name, static_configs: [{ targets: [job_name] }] });
  return { scrape_configs: [job('a'), { ...job('b'), identity: { model: 'name', version: 'release' } }] };
}

/** With a label `job`, as everything has it that was scraped. */
function ofJob(series: string, job: string): string {
  return series.includes('job=') ? series : series.replace('{', `{job="${job}",`);
}

const CASES: Readonly<Record<string, Case>> = {
  'a gauge is taken as it is, times its scale': {
    entry: { from: { gauge: 'm', scale: 100 } },
    series: { [fraud('m')]: '0.5x30' },
    recorded: { [FRAUD]: 50 },
  },
  'a gauge of several series is combined': {
    entry: { from: { gauge: 'm{stage="prod"}', aggregate: 'sum' } },
    series: {
      [fraud('m', ',stage="prod",replica="1"')]: '1x30',
      [fraud('m', ',stage="prod",replica="2"')]: '2x30',
      [fraud('m', ',stage="test"')]: '9x30',
    },
    recorded: { [FRAUD]: 3 },
  },
  'a series that is no number is left out of what is combined': {
    entry: { from: { gauge: 'm', aggregate: 'avg' } },
    series: { [fraud('m', ',replica="1"')]: '1x30', [fraud('m', ',replica="2"')]: 'NaN '.repeat(31).trim() },
    recorded: { [FRAUD]: 1 },
  },
  'a rate adds up the series of a model version, resets included': {
    entry: { from: { rate: 'm_total' } },
    series: {
      [fraud('m_total', ',replica="1"')]: steady(30),
      [fraud('m_total', ',replica="2"')]: '0+15x19 15+15x10',
    },
    recorded: { [FRAUD]: 3 },
  },
  'a rate of nothing is 0': {
    entry: { from: { rate: 'm_total' } },
    series: { [fraud('m_total')]: '7x30' },
    recorded: { [FRAUD]: 0 },
  },
  'a ratio divides the sums, and an absent numerator is 0': {
    entry: { from: { ratio: { numerator: 'e_total', denominator: 'm_total' } } },
    series: {
      [fraud('m_total', ',replica="1"')]: steady(30),
      [fraud('m_total', ',replica="2"')]: steady(10),
      [fraud('e_total', ',replica="2"')]: steady(10),
      'm_total{model="idle"}': steady(1),
    },
    recorded: { [FRAUD]: 0.25, 'model="idle",version="none"': 0 },
  },
  'a ratio of nothing is no value': {
    entry: { from: { ratio: { numerator: 'e_total', denominator: 'm_total' } } },
    series: { [fraud('m_total')]: '7x30', [fraud('e_total')]: '7x30' },
    recorded: {},
  },
  'below min_count there is no value': {
    entry: { from: { ratio: { numerator: 'e_total', denominator: 'm_total' }, min_count: 10 } },
    series: {
      [fraud('m_total')]: steady(10),
      [fraud('e_total')]: steady(1),
      'm_total{model="few"}': steady(9),
      'e_total{model="few"}': steady(1),
    },
    recorded: { [FRAUD]: 0.1 },
  },
  'a mean is the sum by the count': {
    entry: { from: { mean: 'm', scale: 1000 } },
    series: { [fraud('m_sum')]: steady(3), [fraud('m_count')]: steady(6) },
    recorded: { [FRAUD]: 500 },
  },
  'a quantile is that of the buckets of all replicas': {
    entry: { from: { histogram_quantile: { quantile: 0.375, of: 'm' } } },
    series: Object.fromEntries(
      ['a', 'b'].flatMap((replica) =>
        ['1', '2', '4', '+Inf'].map((le, index) => [bucket(le, replica), steady(30 * (index + 1))]),
      ),
    ),
    recorded: { [FRAUD]: 1.5 },
  },
  'a quantile of too few is no value': {
    entry: { from: { histogram_quantile: { quantile: 0.5, of: 'm' }, min_count: 121 } },
    series: {
      [bucket('1', 'a')]: steady(60),
      [bucket('+Inf', 'a')]: steady(120),
      [fraud('m_count')]: steady(120),
    },
    recorded: {},
  },
  'a model without a version has none, and a series without a model is left out': {
    entry: { from: { gauge: 'm' } },
    series: { 'm{model="fraud"}': '1x30', 'm{version="3"}': '2x30' },
    recorded: { 'model="fraud",version="none"': 1 },
  },
  'globs say whose': {
    entry: { from: { gauge: 'm' }, models: ['fraud*', 'a.b'] },
    series: { 'm{model="fraud-2"}': '1x30', 'm{model="a.b"}': '2x30', 'm{model="acb"}': '3x30' },
    recorded: { 'model="fraud-2",version="none"': 1, 'model="a.b",version="none"': 2 },
  },
  'what an earlier entry of the name has is left out': {
    entry: scraping([
      { name: 'm', models: ['fraud*'], drift },
      { name: 'm', from: { gauge: 'm' }, drift },
    ]),
    series: { 'm{model="fraud-2"}': '1x30', 'm{model="other"}': '2x30' },
    recorded: { 'model="other",version="none"': 2 },
  },
  'other labels may name model and version': {
    entry: scraping([{ name: 'm', from: { gauge: 'm' }, drift }], {
      identity: { model: 'name', version: 'release' },
    }),
    series: { 'm{name="fraud",release="7",model="x",version="y"}': '1x30', 'm{name="old"}': '2x30' },
    recorded: { 'model="fraud",version="7"': 1, 'model="old",version="none"': 2 },
  },
  'even with their names exchanged': {
    entry: scraping([{ name: 'm', from: { gauge: 'm' }, drift }], {
      identity: { model: 'version', version: 'model' },
    }),
    series: { 'm{version="fraud",model="7"}': '1x30' },
    recorded: { 'model="fraud",version="7"': 1 },
  },
  'a series of another job is left out': {
    entry: { from: { gauge: 'm' } },
    series: {
      [fraud('m')]: '1x30',
      [fraud('m', ',job="ranking"')]: '2x30',
      'm{job="ranking",model="r"}': '3x30',
    },
    recorded: { [FRAUD]: 1 },
  },
  'a target may have a job of its own': {
    entry: scraping([{ name: 'm', from: { gauge: 'm' }, drift }], {
      static_configs: [{ targets: ['a'], labels: { job: 'own' } }],
    }),
    series: { [fraud('m', ',job="own"')]: '1x30', [fraud('m')]: '2x30' },
    recorded: { [FRAUD]: 1 },
  },
  'a selector may name a job that only pages carry': {
    entry: { from: { gauge: 'm{job="pushed"}' } },
    series: { [fraud('m', ',job="pushed"')]: '1x30', [fraud('m')]: '2x30' },
    recorded: { [FRAUD]: 1 },
  },
  'of the jobs of the config, a selector may leave some': {
    entry: { ...two(), metrics: [{ name: 'm', from: { gauge: 'm{job!="a"}' }, drift }] },
    series: {
      'm{job="a",model="fraud",version="1"}': '1x30',
      'm{job="b",name="fraud",release="1"}': '2x30',
      'm{job="c",name="fraud",release="1"}': '3x30',
    },
    recorded: { [FRAUD]: 2 },
  },
  'each job has its own': {
    entry: { ...two(), metrics: [{ name: 'm', from: { gauge: 'm' }, drift }] },
    series: {
      'm{job="a",model="fraud",version="1"}': '1x30',
      'm{job="b",model="b",name="ranking",release="2"}': '2x30',
      'm{job="c",model="foreign"}': '3x30',
    },
    recorded: { [FRAUD]: 1, 'model="ranking",version="2"': 2 },
  },
  'a model version that each job names by other labels is one': {
    entry: { ...two(), metrics: [{ name: 'm', from: { gauge: 'm', aggregate: 'avg' }, drift }] },
    series: {
      'm{job="a",model="fraud",version="1",replica="1"}': '1x30',
      'm{job="a",model="fraud",version="1",replica="2"}': '2x30',
      'm{job="b",name="fraud",release="1",model="x"}': '3x30',
      'm{job="b",name="fraud",release="1",model="y"}': '6x30',
    },
    recorded: { [FRAUD]: 3 },
  },
  'its counts are added up before they are divided': {
    entry: {
      ...two(),
      metrics: [{ name: 'm', from: { ratio: { numerator: 'e_total', denominator: 'm_total' } }, drift }],
    },
    series: {
      'm_total{job="a",model="fraud",version="1"}': steady(30),
      'm_total{job="b",name="fraud",release="1"}': steady(10),
      'e_total{job="b",name="fraud",release="1"}': steady(10),
    },
    recorded: { [FRAUD]: 0.25 },
  },
  'its buckets are those of all jobs': {
    entry: {
      ...two(),
      metrics: [{ name: 'm', from: { histogram_quantile: { quantile: 0.5, of: 'm' } }, drift }],
    },
    series: Object.fromEntries(
      ['1', '2', '+Inf'].flatMap((le, index) => [
        [`m_bucket{job="a",model="fraud",version="1",le="${le}"}`, steady(30)],
        [`m_bucket{job="b",name="fraud",release="1",le="${le}"}`, steady(index === 0 ? 0 : 90)],
      ]),
    ),
    recorded: { [FRAUD]: 1 + 1 / 3 },
  },
};

describeWith(['promtool'], 'what is recorded', () => {
  it.each(Object.entries(CASES))('%s', (_, { entry, series, recorded }) => {
    const config = 'metrics' in entry ? entry : scraping([{ name: 'm', drift, ...entry }]);
    const tests = [
      {
        interval: `${INTERVAL_MS}ms`,
        input_series: Object.entries(series).map(([name, values]) => ({
          series: ofJob(name, 'fraud'),
          values,
        })),
        promql_expr_test: [
          {
            expr: 'sum without (jobs) (model_version:m:value)',
            eval_time: `${20 * INTERVAL_MS}ms`,
            exp_samples: Object.entries(recorded).map(([labels, number]) => ({
              labels: `{metric="m",${labels}}`,
              value: number,
            })),
          },
        ],
      },
    ];
    const rules = exported(config);
    expect(testRules(rules, { intervalMs: INTERVAL_MS, tests })).toEqual({
      code: 0,
      output: expect.any(String),
    });
  });
});

const SECOND_MS = 1000;

interface Timed {
  readonly from: object;
  readonly scrapeSeconds: number;
  /** From the first scrape to the next evaluation. */
  readonly untilEvaluation: number;
  /** One for each scrape; null: it is not stored yet, or was never made. */
  readonly scrapes: readonly (number | 'stale' | null)[];
  readonly evaluatedAfter: number;
  readonly recorded: number | null;
}

const TIMED: Readonly<Record<string, Timed>> = {
  'a rate is that between the newest two scrapes': {
    from: { rate: 'm' },
    scrapeSeconds: 15,
    untilEvaluation: 1,
    scrapes: [0, 15, 45, 105],
    evaluatedAfter: 60,
    recorded: 4,
  },
  'or between the two before, while the newest is not stored yet': {
    from: { rate: 'm' },
    scrapeSeconds: 15,
    untilEvaluation: 1,
    scrapes: [0, 15, 45, null],
    evaluatedAfter: 60,
    recorded: 2,
  },
  'but not where two are missing': {
    from: { rate: 'm' },
    scrapeSeconds: 15,
    untilEvaluation: 1,
    scrapes: [0, 15, null, null],
    evaluatedAfter: 60,
    recorded: null,
  },
  'a window has what was counted since the last scrape of the one before, and no more': {
    from: { rate: 'm', window: '1m' },
    scrapeSeconds: 15,
    untilEvaluation: 5,
    scrapes: [0, 15, 30, 90, 120, 120, 120, 120],
    evaluatedAfter: 120,
    recorded: 0.5,
  },
  'a gauge is that of the scrape before, while the newest is not stored yet, even after five minutes': {
    from: { gauge: 'm' },
    scrapeSeconds: 300,
    untilEvaluation: 1,
    scrapes: [7, null],
    evaluatedAfter: 600,
    recorded: 7,
  },
  'but not where both are missing': {
    from: { gauge: 'm' },
    scrapeSeconds: 300,
    untilEvaluation: 1,
    scrapes: [7, null, null],
    evaluatedAfter: 900,
    recorded: null,
  },
  'a gauge whose scrape failed is none, as long as an instant selector looks back over two scrapes': {
    from: { gauge: 'm' },
    scrapeSeconds: 150,
    untilEvaluation: 1,
    scrapes: [7, 'stale'],
    evaluatedAfter: 300,
    recorded: null,
  },
};

/** In steps of a second. */
function timed({ scrapes, scrapeSeconds, untilEvaluation }: Timed): string {
  const first = `_x${scrapeSeconds - untilEvaluation}`;
  const gap = `_x${scrapeSeconds - 1}`;
  return [first, ...scrapes.flatMap((value) => [value ?? '_', gap])].join(' ');
}

describeWith(['promtool'], 'what is recorded when evaluations are between two scrapes', () => {
  it.each(Object.entries(TIMED))('%s', (_, situation) => {
    const { from, scrapeSeconds, evaluatedAfter, recorded } = situation;
    const job = { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: '10s' };
    const tests = [
      {
        interval: '1s',
        input_series: [{ series: `m{job="fraud",${FRAUD}}`, values: timed(situation) }],
        promql_expr_test: [
          {
            expr: 'sum(model_version:m:value)',
            eval_time: `${evaluatedAfter}s`,
            exp_samples: recorded === null ? [] : [{ labels: '{}', value: recorded }],
          },
        ],
      },
    ];
    const rules = exported(scraping([{ name: 'm', from, drift }], job));
    const intervalMs = evaluatedAfter * SECOND_MS;
    expect(testRules(rules, { intervalMs, tests })).toEqual({ code: 0, output: expect.any(String) });
  });
});
