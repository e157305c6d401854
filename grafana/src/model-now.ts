/** How a model stands: its signals in one table, what holds it, what runs. */
import type { Row } from './dashboard.ts';
import { BAD_ABOVE_ZERO, COLOUR, STATE_WORDS, steps, words } from './look.ts';
import { stat, table } from './panels.ts';
import {
  held,
  ofModels,
  ofSignals,
  ofVersions,
  orZero,
  perModel,
  perSignal,
  signalState,
  worst,
} from './queries.ts';

const YES = words({ 0: ['no', COLOUR.good], 1: ['yes', COLOUR.attention] });

export const now: Row = {
  title: 'Now',
  panels: [
    stat({
      title: 'Signals that drift',
      description: 'Signals of the chosen model versions that drift.',
      width: 4,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [[orZero(`sum(${perSignal(ofSignals('driftgauge_drift'))})`), 'signals']],
    }),
    stat({
      title: 'Held by',
      named: true,
      description: 'The gates that keep open episodes from asking. None: nothing is held.',
      width: 4,
      unit: 'none',
      thresholds: steps(COLOUR.attention),
      queries: [[`count by (reason) (${held})`, '{{reason}}']],
    }),
    stat({
      title: 'In flight for',
      named: true,
      description:
        'How long ago the retrain request that has not ended was made. None: there is no such request.',
      width: 4,
      unit: 's',
      thresholds: steps(COLOUR.attention),
      queries: [
        [
          `time() - min by (model) (${ofModels('driftgauge_retrain_in_flight_since_timestamp_seconds')})`,
          '{{model}}',
        ],
      ],
    }),
    stat({
      title: 'Cooldown left',
      named: true,
      description: 'How long the model asks for nothing after its last request. None: no cooldown runs.',
      width: 4,
      unit: 's',
      queries: [
        [`(${perModel(ofModels('driftgauge_cooldown_end_timestamp_seconds'))} - time()) > 0`, '{{model}}'],
      ],
    }),
    stat({
      title: 'Episodes so far',
      description: 'Drift episodes of the chosen versions that the stores remember.',
      width: 4,
      unit: 'none',
      queries: [[orZero(`sum(${ofVersions('driftgauge_episodes_total')})`), 'episodes']],
    }),
    stat({
      title: 'Requests so far',
      description: 'Retrain requests of the chosen versions that the stores remember.',
      width: 4,
      unit: 'none',
      queries: [[orZero(`sum(${ofVersions('driftgauge_retrain_requests_total')})`), 'requests']],
    }),
    table({
      title: 'Signals now',
      description:
        'Every signal of the chosen model versions. Drifting for is empty where it does not drift.',
      width: 24,
      unit: 'none',
      labels: ['model', 'version', 'metric'],
      sortBy: 'metric',
      descending: false,
      columns: [
        { name: 'State', mappings: [STATE_WORDS], expression: perSignal(signalState) },
        {
          name: 'Drifting for',
          unit: 's',
          decimals: 0,
          expression: `time() - min by (model, version, metric) (${ofSignals('driftgauge_drift_since_timestamp_seconds')})`,
        },
        { name: 'Value', decimals: 3, expression: worst('driftgauge_signal_value') },
        { name: 'EMA', decimals: 3, expression: worst('driftgauge_signal_ema') },
        { name: 'Threshold', decimals: 3, expression: perSignal(ofSignals('driftgauge_signal_threshold')) },
        {
          name: 'Last sample',
          unit: 's',
          decimals: 0,
          expression: `time() - ${perSignal(ofSignals('driftgauge_signal_last_sample_timestamp_seconds'))}`,
        },
        { name: 'Stale', mappings: [YES], expression: perSignal(ofSignals('driftgauge_signal_stale')) },
        {
          name: 'Samples',
          expression: `sum by (model, version, metric) (${ofSignals('driftgauge_signal_samples_total')})`,
        },
      ],
    }),
  ],
};
