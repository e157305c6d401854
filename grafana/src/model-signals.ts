/** The signals of a model over time: value, average, threshold and state. */
import type { Row } from './dashboard.ts';
import { COLOUR, fixedColour, STATE_WORDS, words } from './look.ts';
import type { LineOverrides } from './panels.ts';
import { lines, states } from './panels.ts';
import { beyondThreshold, ofSignals, perSignal, rateBy, signalState, worst } from './queries.ts';

const NAME = '{{model}}:{{version}} {{metric}}';

/** The average stands out; what it is made of is faint, what it is judged by is dashed. */
const SIGNAL_LINES: LineOverrides = {
  '/ EMA$/': [{ id: 'custom.lineWidth', value: 2 }],
  '/ value$/': [
    { id: 'custom.lineWidth', value: 0 },
    { id: 'custom.showPoints', value: 'always' },
    { id: 'custom.pointSize', value: 3 },
    fixedColour(COLOUR.quiet),
  ],
  '/ threshold (above|below)$/': [
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
    fixedColour(COLOUR.bad),
  ],
};

export const signals: Row = {
  title: 'Signals',
  panels: [
    states({
      title: 'State of each signal',
      description:
        'A breach is the average beyond its threshold; it drifts once that has lasted for long enough.',
      width: 24,
      unit: 'none',
      mappings: [STATE_WORDS],
      queries: [[perSignal(signalState), NAME]],
    }),
    lines({
      title: '$metric',
      description:
        'Newest value (dots), moving average (line) and threshold (dashes), in the unit of the metric. Marks are drifts, episodes and requests; they can be switched off above.',
      width: 12,
      height: 9,
      unit: 'short',
      repeat: 'metric',
      overrides: SIGNAL_LINES,
      queries: [
        [worst('driftgauge_signal_ema'), '{{model}}:{{version}} EMA'],
        [worst('driftgauge_signal_value'), '{{model}}:{{version}} value'],
        [
          `max by (model, version, metric, bound) (${ofSignals('driftgauge_signal_threshold')})`,
          '{{model}}:{{version}} threshold {{bound}}',
        ],
      ],
    }),
    lines({
      title: 'Beyond the threshold',
      description:
        'How far each average lies beyond its threshold, as a share of it, so that metrics of different units compare. Above 0 is a breach. Signals whose threshold is 0 are left out.',
      width: 12,
      height: 9,
      unit: 'percentunit',
      queries: [[beyondThreshold, NAME]],
    }),
    lines({
      title: 'Age of the newest sample',
      description:
        'Seconds since the time of the newest sample, by the clock of its sender where it gave one.',
      width: 8,
      unit: 's',
      min: 0,
      queries: [
        [`time() - ${perSignal(ofSignals('driftgauge_signal_last_sample_timestamp_seconds'))}`, NAME],
      ],
    }),
    states({
      title: 'Stale',
      description:
        'Signals without a sample for their stale_after: their drift state stands still meanwhile.',
      width: 8,
      unit: 'none',
      mappings: [words({ 0: ['fresh', COLOUR.good], 1: ['stale', COLOUR.attention] })],
      queries: [[perSignal(ofSignals('driftgauge_signal_stale')), NAME]],
    }),
    lines({
      title: 'Samples',
      description: 'Samples per second that entered each signal.',
      width: 8,
      unit: 'cps',
      min: 0,
      queries: [[rateBy('model, version, metric', ofSignals('driftgauge_signal_samples_total')), NAME]],
    }),
  ],
};
