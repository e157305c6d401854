/** What was asked for a model, what held it, and what came of it. */
import type { Row } from './dashboard.ts';
import { endings } from './endings.ts';
import { COLOUR, words } from './look.ts';
import { lines, states } from './panels.ts';
import { held, ofModels, perModel, perVersionEvents } from './queries.ts';

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
      queries: [[held, '{{model}}:{{version}} {{reason}}']],
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
      description: 'Drift episodes and retrain requests, each in the step of time in which it came.',
      width: 8,
      unit: 'none',
      min: 0,
      columns: true,
      queries: [
        [perVersionEvents('driftgauge_episodes_total'), '{{model}}:{{version}} episodes'],
        [perVersionEvents('driftgauge_retrain_requests_total'), '{{model}}:{{version}} requests'],
      ],
    }),
    ...endings(),
  ],
};
