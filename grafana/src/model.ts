/** One model, or a few: its signals with their averages and thresholds, since when, and what was asked. */
import { assemble } from './dashboard.ts';
import { COLOUR } from './look.ts';
import { now } from './model-now.ts';
import { retrains } from './model-retrains.ts';
import { signals } from './model-signals.ts';
import { ofSignals, perSignal, perVersionEvents } from './queries.ts';
import { chosenModel, datasource, job, metricOfModel, version } from './variables.ts';

export const model = assemble({
  name: 'model',
  title: 'Driftgauge / Model',
  description:
    'One model, or a few beside each other: its signals, since when they drift, and what was asked for them.',
  variables: [datasource, job, chosenModel, version, metricOfModel],
  annotations: [
    {
      name: 'Drift',
      expression: `${perSignal(ofSignals('driftgauge_drift'))} == 1`,
      title: '{{model}}:{{version}} {{metric}} drifts',
      colour: COLOUR.bad,
    },
    {
      name: 'Episodes',
      expression: `${perVersionEvents('driftgauge_episodes_total')} > 0`,
      title: '{{model}}:{{version}} episode opened',
      colour: COLOUR.recovering,
    },
    {
      name: 'Requests',
      expression: `${perVersionEvents('driftgauge_retrain_requests_total')} > 0`,
      title: '{{model}}:{{version}} retrain asked for',
      colour: COLOUR.good,
    },
  ],
  rows: [now, signals, retrains],
});
