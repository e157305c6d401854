/** The alerting rules: their form, what they name, that each is tested by promtool, and what a real sidecar's page sets off. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GATE_NAMES } from '../src/core/retrain.ts';
import { ALERTS, faultsOf, PROCESS_METRICS, RULE_TESTS, RULES_FILE, ruleTests } from './support/alerts.ts';
import { describeWith } from './support/requirements.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { ORPHAN, startTroubled } from './support/troubled.ts';

const BY_NAME = ALERTS.map((alert) => [alert.alert, alert] as const);

it('there are alerts, each name once', () => {
  expect(ALERTS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(BY_NAME.map(([name]) => name)).size).toBe(ALERTS.length);
});

describe.each(BY_NAME)('%s', (name, { expr, labels, annotations }) => {
  it('has the form of a mixin: name, severity, summary, description, runbook', () => {
    expect(name).toMatch(/^Driftgauge([A-Z][a-z]+)+$/);
    expect(Object.keys(labels)).toEqual(['severity']);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    expect(annotations.summary).toMatch(/^[A-Z][^{}.\n]*\.$/);
    expect(annotations.description).toMatch(/^\S[^\n]*\.$/);
    // Where all are absent there is nothing to name.
    if (!expr.startsWith('absent(')) expect(annotations.description).toContain('{{ $labels.');
    expect(annotations.runbook_url).toBe(`https://driftgauge.example/docs/runbooks.md#${name.toLowerCase()}`);
  });

  it('names metrics and labels that are exposed', () => {
    const inTemplates = [...annotations.description.matchAll(/printf "([^"]*driftgauge_[^"]*)"/g)];
    for (const text of [expr, ...inTemplates.map(([, query]) => query!.replaceAll('%q', '"x"'))])
      expect(faultsOf(text), text).toEqual([]);
  });

  it('has a test in which it fires and one in which it does not', () => {
    const tests = ruleTests().filter((test) => test.name.startsWith(`${name} `));
    const fires = tests.filter(({ expected }) => expected.get(name)?.some((count) => count > 0));
    const silent = tests.filter(({ expected }) => expected.get(name)?.every((count) => count === 0));
    expect(fires.length).toBeGreaterThanOrEqual(1);
    expect(silent.length).toBeGreaterThanOrEqual(1);
    expect(fires.length + silent.length).toBe(tests.length);
  });
});

it('every unit test is of an alert, looks at no other, and feeds series that are exposed', () => {
  for (const { name, series, expected } of ruleTests()) {
    const [alert] = name.split(' ');
    expect(ALERTS.map((one) => one.alert)).toContain(alert);
    expect([...expected.keys()]).toEqual([alert]);
    expect(series.length).toBeGreaterThan(0);
    for (const one of series) expect(faultsOf(one), one).toEqual([]);
  }
});

/** The words that an alert's expression takes for the label `reason`. */
const reasonsOf = (name: string) =>
  [...ALERTS.find(({ alert }) => alert === name)!.expr.matchAll(/reason=~?"([^"]*)"/g)].flatMap(([, words]) =>
    words!.split('|'),
  );

/** They come with healthy pages and with pushes that were tried again. */
const HARMLESS_DROPS = ['duplicate', 'stale_marker'];

it('the gates that it calls blocking exist', () => {
  for (const reason of reasonsOf('DriftgaugeRetrainBlocked')) expect(GATE_NAMES).toContain(reason);
});

it.each([
  ['driftgauge_drit == 1', ['no metric driftgauge_drit']],
  ['driftgauge_drift{reason="x"}', ['no label reason of driftgauge_drift']],
  ['sum by (reasn) (driftgauge_retrain_held)', ['no label reasn']],
  ['driftgauge_drift and on (job, instance) up', []],
])('the check of names takes or refuses: %s', (text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

it('the check of names refuses what does not parse', () => {
  expect(faultsOf('driftgauge_drift{model="x" == 1')).toHaveLength(1);
});

function promtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describeWith(['promtool'], 'promtool', () => {
  it('finds nothing wrong with the rules', () => {
    expect(promtool('check', 'rules', RULES_FILE)).toEqual({
      status: 0,
      output: expect.stringContaining(`SUCCESS: ${ALERTS.length} rules found`),
    });
  });

  it.each(RULE_TESTS.map((file) => [basename(file), file]))('runs the unit tests of %s', (_name, file) => {
    expect(promtool('test', 'rules', file)).toMatchObject({ status: 0 });
  });

  it('lets a real page set off exactly what its sidecar suffers from', async () => {
    using folder = scratch();
    await using troubled = await startTroubled(folder);
    const page = await (await troubled.program.get('/metrics')).text();
    for (const name of PROCESS_METRICS) expect(page).toMatch(new RegExp(`^${name}(\\{.*\\})? `, 'm'));
    const drops = page.matchAll(/^driftgauge_samples_dropped_total\{.*reason="(\w+)"/gm);
    expect(new Set(drops.map(([, reason]) => reason))).toEqual(
      new Set([
        ...reasonsOf('DriftgaugeSeriesRefused'),
        ...reasonsOf('DriftgaugeSamplesDropped'),
        ...HARMLESS_DROPS,
      ]),
    );
    const file = testOf(folder, page, [
      { alertname: 'DriftgaugeDriftOnlyFlagged', model: 'flagged', version: '1', metric: 'f1_score' },
      { alertname: 'DriftgaugeMetricMatchesNothing', metric: 'precision' },
      { alertname: 'DriftgaugeOutboxParked', trigger: 'training' },
      { alertname: 'DriftgaugeRetrainBlocked', model: ORPHAN, version: '1', reason: 'no_trigger' },
      {
        alertname: 'DriftgaugeTargetDown',
        scrape_job: 'gone',
        target: 'http://127.0.0.1:1/metrics',
      },
    ]);
    expect(promtool('test', 'rules', file)).toMatchObject({ status: 0 });
  });
});

const MINUTES = 90;

/** A unit test, in JSON because that is YAML: the page as it is for 90 minutes, and all alerts that fire then. */
function testOf(folder: Scratch, page: string, alerts: readonly Readonly<Record<string, string>>[]): string {
  const samples = page.matchAll(/^(driftgauge_\w+|nodejs_eventloop_lag_p99_seconds)(?:\{(.*)\})? (\S+)$/gm);
  const file = folder.file('page.test.json');
  const test = {
    interval: '1m',
    input_series: [...samples].map(([, name, labels = '', value]) => ({
      series: `${name}{${labels}${labels && ','}job="sidecar",instance="a:9822"}`,
      values: `${value}x${MINUTES}`,
    })),
    promql_expr_test: [
      {
        expr: 'ALERTS{alertstate="firing"}',
        eval_time: `${MINUTES}m`,
        exp_samples: alerts.map((labels) => ({ labels: seriesOf(labels), value: 1 })),
      },
    ],
  };
  writeFileSync(file, JSON.stringify({ rule_files: [RULES_FILE], evaluation_interval: '1m', tests: [test] }));
  return file;
}

function seriesOf(own: Readonly<Record<string, string>>): string {
  const severity = ALERTS.find(({ alert }) => alert === own['alertname'])!.labels.severity;
  const labels = { ...own, severity, alertstate: 'firing', job: 'sidecar', instance: 'a:9822' };
  return `ALERTS{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}
