/** The first row of the overview: how many, how bad. */
import type { Row } from './dashboard.ts';
import { ATTENTION_ABOVE_ZERO, BAD_ABOVE_ZERO } from './look.ts';
import { stat } from './panels.ts';
import {
  ofMetrics,
  ofModels,
  ofSignals,
  ofVersions,
  orZero,
  perModel,
  perSignal,
  perVersion,
} from './queries.ts';

export const now: Row = {
  title: 'Now',
  panels: [
    stat({
      title: 'Models',
      description: 'Models of which at least one signal has samples.',
      width: 3,
      unit: 'none',
      queries: [[orZero(`count(${perModel(ofSignals('driftgauge_signal_ema'))})`), 'models']],
    }),
    stat({
      title: 'Signals',
      description: 'Signals with samples: one of each model version and metric.',
      width: 3,
      unit: 'none',
      queries: [[orZero(`count(${perSignal(ofSignals('driftgauge_signal_ema'))})`), 'signals']],
    }),
    stat({
      title: 'Models that drift',
      description: 'Models of which at least one signal has drifted for long enough and has not recovered.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [[orZero(`count(${perModel(ofSignals('driftgauge_drift'))} == 1)`), 'models']],
    }),
    stat({
      title: 'Signals in breach',
      description:
        'Signals whose moving average is beyond its threshold now, for long enough to drift or not.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [[orZero(`sum(${perSignal(ofSignals('driftgauge_breach'))})`), 'signals']],
    }),
    stat({
      title: 'Episodes held',
      description: 'Open drift episodes that have not asked for a retrain, because a gate holds them.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [[orZero(`count(${perVersion(ofVersions('driftgauge_retrain_held'))})`), 'episodes']],
    }),
    stat({
      title: 'Retrains in flight',
      description:
        'Models with a retrain request that has not ended: undelivered, parked, delivered or running.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [[orZero(`sum(${perModel(ofModels('driftgauge_retrain_in_flight'))})`), 'models']],
    }),
    stat({
      title: 'Stale signals',
      description: 'Signals without a sample for their stale_after: their drift state stands still.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [[orZero(`sum(${perSignal(ofSignals('driftgauge_signal_stale'))})`), 'signals']],
    }),
    stat({
      title: 'Metrics without signals',
      description:
        'Metrics of the config whose selector or whose pushes have matched nothing, in any process: nothing judges them.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [
        [orZero(`count(sum by (metric) (${ofMetrics('driftgauge_metric_signals')}) == 0)`), 'metrics'],
      ],
    }),
  ],
};
