/** `driftgauge export prometheus-rules`: its rules pass promtool, and alert when Driftgauge says that there is a drift. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoConfig } from '../demo/config.ts';
import { BUILTIN_YAML } from '../src/config/builtin.ts';
import { readConfig } from '../src/config/load.ts';
import { prometheusRules } from '../src/export/prometheus-rules.ts';
import { drifts, walk } from './support/drifts.ts';
import { configOf, exported, scraping } from './support/exported.ts';
import { CLI } from './support/program.ts';
import { checkRules, testRules } from './support/promtool.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const drift = { below: 0.5 };

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly {
      readonly record?: string;
      readonly alert?: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels?: Readonly<Record<string, string>>;
    }[];
  }[];
}

const HOSTILE_NAMES = [
  'accuracy"\n# not a comment\n- alert: X',
  "it's {{ $value }} }} {{",
  '精度 <img src=x onerror=alert(1)>',
  '\u0085\u2028\u202e\ufeff\u{e0001}\u007f\u001b',
  '<<',
  '~',
  'no',
  '1_000',
  '$1 $HOME',
  'x'.repeat(1024),
];

const SELECTORS = [
  'm{a="\\n\\"\\u2028"}',
  'm{a=~"a|b\\\\.c"}',
  '{__name__=~"m.*",__name__!="mx"}',
  '{__name__="m.x-y",a!~\'b\'}',
  'm # a comment\n{a="b",}',
];

const kinds = (window: object) => [
  { gauge: 'm', aggregate: 'max', scale: -1e-9 },
  { rate: 'm_total', ...window },
  { ratio: { numerator: 'm_total', denominator: '{__name__=~"n.*_total"}' }, scale: 100, ...window },
  { mean: 'm', ...window },
  { histogram_quantile: { quantile: 0.99, of: 'm{a="b"}' }, ...window },
];

const named = (froms: readonly object[], rest: object = { drift }) =>
  froms.map((from, index) => ({ name: `m${index}`, from, ...rest }));

const CONFIGS: Readonly<Record<string, object | string>> = {
  "README's config": /```yaml\n(.*?)```/s.exec(read('README.md'))![1]!,
  "the demo's config": demoConfig({ target: 'localhost:8000', trainerUrl: 'http://localhost:1/' }),
  'the built-in config, of which nothing can be said': BUILTIN_YAML,
  'names that are YAML, templates, or nothing that one can see': scraping(
    HOSTILE_NAMES.map((name) => ({
      name,
      from: { gauge: 'm' },
      drift,
      models: [`${name.slice(0, 9).replace(/[{}]/g, '')}*`, 'x'],
    })),
  ),
  'selectors of every form': scraping(named(SELECTORS.map((gauge) => ({ gauge })))),
  'every kind': scraping(named(kinds({}))),
  'every kind, over windows that must hold something': scraping(
    named(kinds({ window: '1h30m', min_count: 100 }).slice(1)),
  ),
  'windows and times as long as there can be': scraping(
    named([{ rate: 'm_total', window: '292y' }], {
      drift: { above: 1e300, for: '292y', keep_firing_for: '292y', min_samples: 1e9 },
      stale_after: '292y',
      ttl: '292y',
    }),
  ),
  'a scrape an hour, and hysteresis': scraping(named(kinds({}), { drift: { below: 0.5, clear: 0.6 } }), {
    scrape_interval: '1h',
  }),
  'times in milliseconds, warm-up, half-life, hysteresis': scraping(
    named(kinds({}), {
      smoothing: { half_life: '1ms', warm_up: 3 },
      drift: { above: -0, clear: -1e-320, for: '1ms', min_samples: 7 },
      action: 'retrain',
    }),
    { scrape_interval: '7ms', scrape_timeout: '7ms' },
  ),
  'jobs that name models by different labels': {
    scrape_configs: [
      { job_name: 'a.b|c"', static_configs: [{ targets: ['a'] }] },
      { job_name: 'a*\n{{', static_configs: [{ targets: ['a'] }], schedule: '*/20 * * * * *' },
      { job_name: 'c', static_configs: [{ targets: ['a'] }], identity: { model: 'name', version: 'model' } },
      {
        job_name: 'd',
        static_configs: [{ targets: ['a'] }],
        identity: { model: 'version', version: 'model' },
      },
      { job_name: 'e', static_configs: [{ targets: ['a'] }], identity: { model: 'le', version: 'le' } },
    ],
    metrics: named(kinds({})),
  },
  'one name for many models, the first of which has them': scraping([
    { name: 'a', models: ['fraud', 'x.?'], drift },
    { name: 'a', models: ['f*'], from: { gauge: 'm' }, drift },
    { name: 'a', from: { gauge: 'm' }, drift },
  ]),
};

describeWith(['promtool'], 'promtool check rules', () => {
  it.each(Object.entries(CONFIGS))('passes for %s', (_, config) => {
    const rules = exported(config);
    const { groups } = parse(rules) as Rules;
    const count = groups.flatMap((group) => group.rules).length;
    expect(checkRules(rules)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`SUCCESS: ${count} rules found\n`),
    });
  });

  it.each([
    'config/driftgauge.example.yaml',
    ...readdirSync(join(ROOT, 'test/data/config'))
      .filter((name) => name.startsWith('good-'))
      .map((name) => `test/data/config/${name}`),
  ])('passes for %s', async (file) => {
    const loaded = await readConfig(join(ROOT, file), { STAGE: 'prod', PASSWORD: 'planted' });
    if (!loaded.ok) throw new Error(`${file} is bad`);
    const rules = prometheusRules(loaded.config);
    expect(rules).not.toContain('planted');
    expect(checkRules(rules)).toEqual({ code: 0, output: expect.any(String) });
  });
});

it('a file holds nothing that cannot be seen, and one line for each that was meant', () => {
  for (const config of Object.values(CONFIGS)) {
    for (const line of exported(config).split('\n')) expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }
});

it('labels hold the names as they are', () => {
  const { groups } = parse(
    exported(CONFIGS['names that are YAML, templates, or nothing that one can see']!),
  ) as Rules;
  expect(groups.map(({ rules }) => rules[0]!.labels)).toEqual(
    HOSTILE_NAMES.map((metric) => ({ metric, jobs: 'fraud' })),
  );
});

it('entries that Prometheus has no word for are named at the top, with the reason', () => {
  const metrics = [
    { name: 'f1\n', drift },
    { name: 'shift', from: { histogram: 'm', distance: 'ks', reference: { first: '1d' } }, drift },
  ];
  const rules = exported(scraping(metrics));
  expect(rules).toContain('# - metrics[0] "f1\\n", action: flag: it is pushed,');
  expect(rules).toContain(
    '# - metrics[1] "shift", action: flag: PromQL has no distance between distributions',
  );
  expect(parse(rules)).toEqual({ groups: [] });
});

it('the comment at a retrain has the gates of the policy that fits, where there can be one only', () => {
  const cooldownOf = (...models: string[]) => {
    const config = {
      ...scraping([{ name: 'm', models, from: { gauge: 'm' }, drift, action: 'retrain' }]),
      retrain: { cooldown: '9h', policies: [{ models: ['cheap*'], cooldown: '2h' }] },
    };
    return /cooldown (\d+h)/.exec(exported(config))![1];
  };
  expect(cooldownOf('cheap-1')).toBe('2h');
  expect(cooldownOf('fraud')).toBe('9h');
  expect(cooldownOf('cheap-?')).toBe('9h');
  expect(cooldownOf('cheap-1', 'fraud')).toBe('9h');
});

it('native histograms are numbers before labels are replaced, where Prometheus 2.42 would lose them', () => {
  const identity = { model: 'name', version: 'release' };
  const lines = exported(scraping(named(kinds({})), { identity })).split('\n');
  const rates = lines.filter((line) => /\brate\(m\{/.test(line));
  expect(rates.length).toBeGreaterThan(2);
  for (const line of rates) expect(line).toMatch(/histogram_(sum|count|quantile)\(/);
});

it('rules that would fail for series that only their names tell apart say so', () => {
  const takes = [{ rate: '{__name__=~"a|b"}' }, { rate: 'a' }, { gauge: '{__name__=~"a|b"}' }];
  const said = takes.map((from) => exported(scraping(named([from]))).includes('have the same labels'));
  expect(said).toEqual([true, false, false]);
});

describe('the interval of a group', () => {
  const job = (name: string, scrape_interval: string) => ({
    job_name: name,
    scrape_interval,
    scrape_timeout: '1s',
    static_configs: [{ targets: ['localhost:8000'] }],
  });
  it.each<[sentence: string, from: object, interval: string]>([
    ['is the longest of all jobs', { gauge: 'm' }, '1m'],
    ['is that of the job that the selector names', { gauge: 'm{job="fast"}' }, '5s'],
    ['is the longest of those that the selector leaves', { gauge: 'm{job=~"f.*"}' }, '5s'],
    ['is the window where that is longer', { rate: 'm', window: '5m' }, '5m'],
    ['is the window in whole scrapes, with which it ends', { rate: 'm', window: '61s' }, '2m'],
    ['is a scrape where the window is shorter', { rate: 'm', window: '10s' }, '1m'],
  ])('%s', (_, from, interval) => {
    const scrape_configs = [job('fast', '5s'), job('slow', '1m')];
    const { groups } = parse(exported({ scrape_configs, metrics: [{ name: 'm', from, drift }] })) as Rules;
    expect(groups.map((group) => group.interval)).toEqual([interval]);
  });
});

describe('the command', () => {
  const command = (cwd: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [CLI, 'export', 'prometheus-rules', ...args],
      { cwd, encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  };

  it('prints the rules of a config, of driftgauge.yaml, or of the built-in one', () => {
    using folder = scratch();
    const builtIn = command(folder.path);
    expect(builtIn).toMatchObject({ status: 0, stderr: '' });
    expect(builtIn.stdout).toContain("nearest to Driftgauge's built-in config,");
    const config = scraping([{ name: 'accuracy', from: { gauge: 'm' }, drift }]);
    writeFileSync(folder.file('driftgauge.yaml'), JSON.stringify(config));
    const found = { status: 0, stdout: exported(config), stderr: '' };
    expect(command(folder.path)).toEqual(found);
    expect(command(folder.path, '--config.file', 'driftgauge.yaml')).toEqual(found);
  });

  it('tells every problem of a bad config as check config does, prints no rules, and ends with 1', () => {
    const file = 'test/data/config/ten-faults.yaml';
    const checked = spawnSync(process.execPath, [CLI, 'check', 'config', file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(checked.stdout.split('\n').length).toBeGreaterThan(10);
    expect(command(ROOT, '--config.file', file)).toEqual({ status: 1, stdout: '', stderr: checked.stdout });
    expect(command(ROOT, '--config.file', 'missing.yaml')).toMatchObject({ status: 1, stdout: '' });
  });

  it('ends with 2 where it is used wrongly', () => {
    expect(command(ROOT, '--config.fil', 'x')).toMatchObject({ status: 2, stdout: '' });
  });
});

const INTERVAL_MS = 15_000;
const SAMPLES = 160;

const firing = (action: string) => ({
  labels: `ALERTS{alertname="ModelAccuracyDrift", alertstate="firing", action="${action}", severity="${action === 'flag' ? 'info' : 'warning'}", metric="accuracy", jobs="fraud", model="fraud", version="1"}`,
  value: 1,
});

const alertsAt = (
  index: number,
  fires: boolean,
  { action = 'flag', intervalMs = INTERVAL_MS }: { action?: string; intervalMs?: number } = {},
) => ({
  expr: 'ALERTS{alertstate="firing"}',
  eval_time: `${index * intervalMs}ms`,
  exp_samples: fires ? [firing(action)] : [],
});

const configFor = (entry: object, job: object = {}) =>
  scraping([{ name: 'accuracy', from: { gauge: 'm' }, ...entry }], job);

const ENTRIES: Readonly<Record<string, object>> = {
  'a threshold alone': { drift: { below: 0.85 } },
  'a bound above, with hysteresis': { drift: { above: 0.86, clear: 0.84 } },
  'for, and its own weight': { smoothing: { alpha: 0.6 }, drift: { below: 0.85, for: '45s' } },
  'half_life, and keep_firing_for': {
    smoothing: { half_life: '20s' },
    drift: { below: 0.85, keep_firing_for: '1m' },
  },
  'min_samples, longer than for': {
    smoothing: { alpha: 1 },
    drift: { below: 0.85, for: '10s', min_samples: 4 },
  },
  warm_up: { smoothing: { warm_up: 30 }, drift: { below: 0.9 } },
  'all of it': {
    smoothing: { alpha: 0.5, warm_up: 7 },
    drift: { below: 0.84, clear: 0.855, for: '30s', keep_firing_for: '45s', min_samples: 2 },
    action: 'retrain',
  },
};

describeWith(
  ['promtool'],
  'alerts fire exactly while Driftgauge says that there is a drift, without gaps',
  () => {
    it.each(Object.entries(ENTRIES))('%s', (_, entry) => {
      const action = 'action' in entry ? String(entry.action) : 'flag';
      const tests = [1, 2].map((seed) => {
        const values = walk(seed, SAMPLES);
        const expected = drifts(configOf(configFor(entry)), { values, intervalMs: INTERVAL_MS });
        // Otherwise there would be nothing to compare.
        expect(new Set(expected).size, `seed ${seed}`).toBe(2);
        return {
          interval: `${INTERVAL_MS}ms`,
          input_series: [{ series: 'm{model="fraud",version="1",job="fraud"}', values: values.join(' ') }],
          promql_expr_test: expected.map((fires, index) => alertsAt(index, fires, { action })),
        };
      });
      expect(testRules(exported(configFor(entry)), { intervalMs: INTERVAL_MS, tests })).toEqual({
        code: 0,
        output: expect.any(String),
      });
    });
  },
);

const ONE = 'm{job="fraud",model="fraud",version="1"}';

/** Series as promtool writes them, and whether it fires after so many intervals. */
const GAPS: Readonly<
  Record<
    string,
    {
      entry: object;
      intervalMs?: number;
      series: Record<string, string>;
      fires: Record<number, boolean>;
    }
  >
> = {
  'a scrape that failed neither ends an alert nor starts the average anew': {
    entry: { smoothing: { alpha: 0.1 }, drift },
    series: { [ONE]: '0.4x3 stale 1x3' },
    fires: { 0: true, 3: true, 4: true, 5: true, 6: false },
  },
  'five minutes without a sample end it': {
    entry: { drift },
    series: { [ONE]: '0.4 stale' },
    fires: { 0: true, 20: true, 21: false },
  },
  'or stale_after, but never fewer than three intervals': {
    entry: { drift, stale_after: '20s' },
    series: { [ONE]: '0.4 stale' },
    fires: { 0: true, 3: true, 4: false },
  },
  'hysteresis lasts from hour to hour, and begins anew where it has ended': {
    entry: { smoothing: { alpha: 1 }, drift: { below: 0.5, clear: 0.7 } },
    intervalMs: 3_600_000,
    series: { [ONE]: '0.6 0.4 0.6 0.8 0.6' },
    fires: { 0: false, 1: true, 2: true, 3: false, 4: false },
  },
  'what is not a number never enters the average': {
    entry: { smoothing: { alpha: 0.5 }, drift },
    series: { [ONE]: '0.4 NaN Inf -Inf 0.4 1' },
    fires: { 0: true, 1: true, 2: true, 3: true, 4: true, 5: false },
  },
  'several series are put together, and those without a model are left out': {
    entry: { from: { gauge: 'm', aggregate: 'max' }, drift },
    series: {
      [ONE]: '0.4 0.4',
      'm{job="fraud",model="fraud",version="1",replica="2"}': '0.6 0.4',
      'm{job="fraud"}': '0.1 0.9',
    },
    fires: { 0: false, 1: false },
  },
};

describeWith(['promtool'], 'what promtool says of gaps and of values that are none', () => {
  it.each(Object.entries(GAPS))('%s', (_, { entry, intervalMs = INTERVAL_MS, series, fires }) => {
    const tests = [
      {
        interval: `${intervalMs}ms`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(fires).map(([index, yes]) =>
          alertsAt(Number(index), yes, { intervalMs }),
        ),
      },
    ];
    const rules = exported(configFor(entry, { scrape_interval: `${intervalMs}ms` }));
    expect(testRules(rules, { intervalMs, tests })).toEqual({
      code: 0,
      output: expect.any(String),
    });
  });
});

describeWith(['promtool'], 'the rules of two configs in one Prometheus', () => {
  const entry = { name: 'accuracy', from: { gauge: 'm' }, drift: { below: 0.5, clear: 0.7 } };
  const ofJob = (job_name: string, alpha: number) =>
    exported(scraping([{ ...entry, smoothing: { alpha, warm_up: 1 } }], { job_name }));
  // Promtool would take two files as they are; a group's name is unique in its file.
  const both =
    ofJob('fraud', 0.5) +
    ofJob('ranking', 1).replace('groups:\n', '').replace('name: driftgauge:', 'name: other:');

  it('follow the series of their own jobs, whatever the others have of the same model version', () => {
    const series = (job: string) => `m{job="${job}",model="fraud",version="1"}`;
    const ema = (jobs: string) =>
      `model_version:accuracy:ema{jobs="${jobs}",metric="accuracy",model="fraud",version="1"}`;
    const values = { fraud: '0.25 0.5 0.5', ranking: '0.9 0.6 0.6', foreign: '0.1 0.1 0.1' };
    const tests = [
      {
        interval: `${INTERVAL_MS}ms`,
        input_series: Object.entries(values).map(([job, values]) => ({ series: series(job), values })),
        promql_expr_test: [
          alertsAt(0, false),
          // The other one is between its bounds, where only its own alert could go on.
          alertsAt(2, true),
          {
            expr: 'model_version:accuracy:ema',
            eval_time: `${INTERVAL_MS}ms`,
            exp_samples: [
              { labels: ema('fraud'), value: 0.375 },
              { labels: ema('ranking'), value: 0.6 },
            ],
          },
        ],
      },
    ];
    expect(testRules(both, { intervalMs: INTERVAL_MS, tests })).toEqual({
      code: 0,
      output: expect.any(String),
    });
  });
});
