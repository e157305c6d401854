/** What drifts, of all models, and where their samples come in. */
import type { Row } from './dashboard.ts';
import { linkOfRow, linkOfSeries } from './links.ts';
import { STATE_WORDS } from './look.ts';
import { lines, states, table } from './panels.ts';
import {
  eventful,
  ofMetrics,
  ofSignals,
  perSignal,
  perVersion,
  rateBy,
  signalState,
  worst,
} from './queries.ts';

const isDrifting = `${perSignal(ofSignals('driftgauge_drift'))} == 1`;
const whileDrifting = (signals: string) => `${signals} and on (model, version, metric) ${isDrifting}`;

export const drift: Row = {
  title: 'Drift',
  panels: [
    states({
      title: 'Drift by model version',
      description:
        'The worst state of the signals of a model version. Only versions that breached or drifted in the range are shown, 40 at most; empty means that all was well.',
      width: 24,
      height: 10,
      unit: 'none',
      mappings: [STATE_WORDS],
      links: [linkOfSeries('model', ['model', 'version'])],
      queries: [
        [`${perVersion(signalState)} and on (model, version) ${eventful(40)}`, '{{model}}:{{version}}'],
      ],
    }),
    table({
      title: 'Signals that drift',
      description:
        'Every drifting signal, the longest first, with its average and threshold. Empty: nothing drifts.',
      width: 14,
      height: 9,
      unit: 'none',
      labels: ['model', 'version', 'metric'],
      links: [linkOfRow('model', ['model', 'version'])],
      sortBy: 'Drifting for',
      columns: [
        {
          name: 'Drifting for',
          unit: 's',
          decimals: 0,
          expression: `topk(200, time() - min by (model, version, metric) (${ofSignals('driftgauge_drift_since_timestamp_seconds')}))`,
        },
        { name: 'EMA', decimals: 3, expression: whileDrifting(worst('driftgauge_signal_ema')) },
        {
          name: 'Threshold',
          decimals: 3,
          expression: whileDrifting(perSignal(ofSignals('driftgauge_signal_threshold'))),
        },
      ],
    }),
    lines({
      title: 'Signals in breach, by metric',
      description: 'How many signals of each metric have their average beyond the threshold.',
      width: 10,
      height: 9,
      unit: 'none',
      min: 0,
      stacked: true,
      queries: [[`sum by (metric) (${perSignal(ofSignals('driftgauge_breach'))})`, '{{metric}}']],
    }),
  ],
};

export const samples: Row = {
  title: 'Samples',
  panels: [
    lines({
      title: 'Samples, by metric',
      description: 'Samples per second that entered the signals of each metric.',
      width: 8,
      unit: 'cps',
      min: 0,
      stacked: true,
      queries: [[rateBy('metric', ofSignals('driftgauge_signal_samples_total')), '{{metric}}']],
    }),
    lines({
      title: 'Stale signals, by metric',
      description: 'Signals without a sample for their stale_after.',
      width: 8,
      unit: 'none',
      min: 0,
      stacked: true,
      queries: [[`sum by (metric) (${perSignal(ofSignals('driftgauge_signal_stale'))})`, '{{metric}}']],
    }),
    table({
      title: 'Signals of each metric',
      description:
        'How many signals each metric of the config has, of all models. 0: its selector or its pushes match nothing.',
      width: 8,
      unit: 'none',
      labels: ['metric'],
      sortBy: 'Signals',
      descending: false,
      columns: [
        {
          name: 'Signals',
          // A metric without any shows the 0 of the config.
          expression: `count by (metric) (${perSignal(ofMetrics('driftgauge_signal_ema'))}) or max by (metric) (${ofMetrics('driftgauge_metric_signals')})`,
        },
      ],
    }),
  ],
};
