/** What was asked for a model, what held it, and what came of it. */
import type { Row } from './dashboard.ts';
import { endings } from './endings.ts';
import { COLOUR, words } from './look.ts';
import { lines, states } from './panels.ts';
import { ofModels, ofVersions, perModel } from './queries.ts';

export const retrains: Row = {
  title: 'Retrains',
  panels: [
    states({
      title: 'Held, and by what',
      description:
        'While an episode is open and has not asked: the gate that holds it. Empty: nothing was held.',
      width: 12,
      unit: 'none',
      mappings: [words({ 1: ['held', COLOUR.attention] })],
      queries: [
        [
          `max by (model, version, reason) (${ofVersions('driftgauge_retrain_held')})`,
          '{{model}}:{{version}} {{reason}}',
        ],
      ],
    }),
    states({
      title: 'In flight',
      description:
        'Whether a retrain request of the model has not ended: undelivered, parked, delivered or running.',
      width: 12,
      unit: 'none',
      mappings: [words({ 0: ['none', COLOUR.good], 1: ['in flight', COLOUR.attention] })],
      queries: [[perModel(ofModels('driftgauge_retrain_in_flight')), '{{model}}']],
    }),
    lines({
      title: 'Episodes and requests',
      description:
        'Drift episodes and retrain requests per interval. The first of a version that is new to Prometheus is not seen here.',
      width: 8,
      unit: 'none',
      min: 0,
      columns: true,
      queries: [
        [
          `sum by (model, version) (increase(${ofVersions('driftgauge_episodes_total')}[$__rate_interval]))`,
          '{{model}}:{{version}} episodes',
        ],
        [
          `sum by (model, version) (increase(${ofVersions('driftgauge_retrain_requests_total')}[$__rate_interval]))`,
          '{{model}}:{{version}} requests',
        ],
      ],
    }),
    ...endings(),
  ],
};
