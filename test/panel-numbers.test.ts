/** What panels say of series that are written down, by promtool: sidecars that disagree, and events that come once. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMITTED, interpolate, questionsOf } from '../grafana/src/committed.testing.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

/** Everything is chosen; a scrape and a step each minute. */
const VALUES = {
  ...Object.fromEntries(['job', 'instance', 'model', 'version', 'metric'].map((name) => [name, '.*'])),
  ...{ __interval: '1m', __rate_interval: '4m', __range: '1h' },
};

const EXPRESSIONS = new Map(
  COMMITTED.flatMap(questionsOf).map(({ dashboard, where, refId, expression }) => [
    `${dashboard}, ${where}, ${refId}`,
    interpolate(expression, VALUES),
  ]),
);

const A = 'job="sidecar", instance="a:9822"';
const B = 'job="sidecar", instance="b:9822"';
const FRAUD = 'model="fraud", version="1"';
const SIGNAL = `${FRAUD}, metric="accuracy"`;
const BUILD = 'driftgauge_build_info{version="0.1.0", revision="unknown"';

interface Case {
  /** Values by series, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** By panel and minute: values by labels. */
  readonly says: Readonly<Record<string, Readonly<Record<number, Readonly<Record<string, number>>>>>>;
}

/** Two sidecars watch one signal: `a` finds it well, `b` does not. */
const twoSidecars = (bound: 'above' | 'below', well: number, ill: number): Case => ({
  series: {
    [`driftgauge_signal_threshold{${SIGNAL}, bound="${bound}", ${A}}`]: '0.5x5',
    [`driftgauge_signal_threshold{${SIGNAL}, bound="${bound}", ${B}}`]: '0.5x5',
    [`driftgauge_signal_ema{${SIGNAL}, ${A}}`]: `${well}x5`,
    [`driftgauge_signal_ema{${SIGNAL}, ${B}}`]: `${ill}x5`,
    [`driftgauge_signal_value{${SIGNAL}, ${A}}`]: `${well}x5`,
    [`driftgauge_signal_value{${SIGNAL}, ${B}}`]: `${ill}x5`,
    [`driftgauge_drift{${SIGNAL}, ${A}}`]: '0x5',
    [`driftgauge_drift{${SIGNAL}, ${B}}`]: '1x5',
  },
  says: {
    'driftgauge-overview, Signals that drift, B': { 5: { [SIGNAL]: ill } },
    'driftgauge-model, Signals now, C': { 5: { [SIGNAL]: ill } },
    'driftgauge-model, Signals now, D': { 5: { [SIGNAL]: ill } },
    'driftgauge-model, $metric, A': { 5: { [SIGNAL]: ill } },
    'driftgauge-model, $metric, B': { 5: { [SIGNAL]: ill } },
    'driftgauge-model, Beyond the threshold, A': { 5: { [SIGNAL]: 0.5 } },
  },
});

/** An episode is opened between the minutes 4 and 5. */
const ONE_EPISODE = {
  'driftgauge-overview, Episodes and requests, A': { 4: { '': 0 }, 5: { '': 1 }, 6: { '': 0 } },
  'driftgauge-model, Episodes and requests, A': { 4: { [FRAUD]: 0 }, 5: { [FRAUD]: 1 }, 6: { [FRAUD]: 0 } },
  'driftgauge-model, annotation Episodes, Anno': { 4: {}, 5: { [FRAUD]: 1 }, 6: {} },
};

const CASES: Readonly<Record<string, Case>> = {
  'of two sidecars the one below a lower bound is shown': twoSidecars('below', 0.75, 0.25),
  'of two sidecars the one above an upper bound is shown': twoSidecars('above', 0.25, 0.75),

  'an episode is one column and one mark': {
    series: { [`driftgauge_episodes_total{${FRAUD}, ${A}}`]: '2x4 3x5' },
    says: ONE_EPISODE,
  },
  'so is one whose series begins with it': {
    series: { [`${BUILD}, ${A}}`]: '1x10', [`driftgauge_episodes_total{${FRAUD}, ${A}}`]: '_x5 1x5' },
    says: {
      'driftgauge-overview, Episodes and requests, A': { 4: {}, 5: { '': 1 }, 6: { '': 0 } },
      'driftgauge-model, annotation Episodes, Anno': { 5: { [FRAUD]: 1 }, 6: {} },
    },
  },
  'so is one that is opened while scrapes fail': {
    series: { [`driftgauge_episodes_total{${FRAUD}, ${A}}`]: '2x2 stale _ 3x5' },
    says: ONE_EPISODE,
  },
  'what a new pod brings along is none, what it adds is one': {
    series: {
      [`${BUILD}, ${A}}`]: '1x2 stale',
      [`${BUILD}, ${B}}`]: '_x3 1x7',
      [`driftgauge_episodes_total{${FRAUD}, ${A}}`]: '2x2 stale',
      [`driftgauge_episodes_total{${FRAUD}, ${B}}`]: '_x3 2x1 3x5',
    },
    says: {
      ...ONE_EPISODE,
      'driftgauge-model, Episodes and requests, A': {
        3: { [FRAUD]: 0 },
        4: { [FRAUD]: 0 },
        5: { [FRAUD]: 1 },
        6: { [FRAUD]: 0 },
      },
    },
  },
  'a step of the clock is one column, a restart is none': {
    series: { [`driftgauge_clock_steps_total{${A}}`]: '0x4 1x2 0x5' },
    says: {
      'driftgauge-self, Clock steps over time, A': {
        5: { 'instance="a:9822"': 1 },
        6: { 'instance="a:9822"': 0 },
        8: { 'instance="a:9822"': 0 },
      },
    },
  },

  'an episode that two sidecars hold is held once': {
    series: {
      [`driftgauge_retrain_held{${FRAUD}, reason="in_flight", ${A}}`]: '1x5',
      [`driftgauge_retrain_held{${FRAUD}, reason="in_flight", ${B}}`]: '1x5',
    },
    says: {
      'driftgauge-model, Held by, A': { 5: { 'reason="in_flight"': 1 } },
      'driftgauge-overview, Held, by reason, A': { 5: { 'reason="in_flight"': 1 } },
    },
  },
  'a signal of two sidecars is one, and a metric that nobody has shows 0': {
    series: Object.fromEntries(
      [A, B].flatMap((sidecar) => [
        [`driftgauge_signal_ema{${SIGNAL}, ${sidecar}}`, '0.9x5'],
        [`driftgauge_metric_signals{metric="accuracy", ${sidecar}}`, '1x5'],
        [`driftgauge_metric_signals{metric="recall", ${sidecar}}`, '0x5'],
      ]),
    ),
    says: {
      'driftgauge-overview, Signals, A': { 5: { '': 1 } },
      'driftgauge-overview, Signals of each metric, A': {
        5: { 'metric="accuracy"': 1, 'metric="recall"': 0 },
      },
    },
  },

  'of the reasons for failed deliveries only those are shown that have occurred': {
    series: {
      [`driftgauge_delivery_failures_total{trigger="training", reason="dns", ${A}}`]: '0x8',
      [`driftgauge_delivery_failures_total{trigger="training", reason="tls", ${A}}`]: '0+60x8',
    },
    says: {
      'driftgauge-self, Failed deliveries, by reason, A': { 8: { 'trigger="training", reason="tls"': 1 } },
    },
  },
};

/** A test of promtool, in JSON because that is YAML. */
const testOf = ({ series, says }: Case) => ({
  interval: '1m',
  input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
  promql_expr_test: Object.entries(says).flatMap(([panel, byMinute]) =>
    Object.entries(byMinute).map(([minute, samples]) => ({
      expr: EXPRESSIONS.get(panel),
      eval_time: `${minute}m`,
      exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
    })),
  ),
});

describeWith(['promtool'], 'panels, by promtool', () => {
  it.each(Object.entries(CASES))('%s', (_sentence, one) => {
    using folder = scratch();
    const file = folder.file('panels.test.json');
    expect([...EXPRESSIONS.keys()]).toEqual(expect.arrayContaining(Object.keys(one.says)));
    writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests: [testOf(one)] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
  });
});
