/** What was asked for a model, what held it, and what came of it. */
import type { Row } from './dashboard.ts';
import { COLOUR, NEUTRAL, steps, words } from './look.ts';
import { bars, lines, states } from './panels.ts';
import { grownBy, ofModels, ofVersions, perModel } from './queries.ts';

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
    bars({
      title: 'Outcomes',
      description: 'Retrain requests that ended in the range, by final status. Empty: none has ended.',
      width: 8,
      unit: 'none',
      thresholds: NEUTRAL,
      queries: [[grownBy('outcome', ofVersions('driftgauge_retrain_outcomes_total')), '{{outcome}}']],
    }),
    bars({
      title: 'Suppressed',
      description:
        'Episodes that closed in the range without having asked, by the gate that held them last. Empty: there was none.',
      width: 8,
      unit: 'none',
      thresholds: steps(COLOUR.quiet),
      queries: [[grownBy('reason', ofVersions('driftgauge_retrain_suppressed_total')), '{{reason}}']],
    }),
  ],
};
