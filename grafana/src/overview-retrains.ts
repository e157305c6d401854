/** What is held and why, what was asked, and what came of it, of all models. */
import type { Row } from './dashboard.ts';
import { endings } from './endings.ts';
import { linkOfRow } from './links.ts';
import { COLOUR, words } from './look.ts';
import { lines, table } from './panels.ts';
import { events, held, ofModels, ofVersions, perModel } from './queries.ts';

const rowToModelName = [linkOfRow('model', ['model'])];

export const retrains: Row = {
  title: 'Retrains',
  panels: [
    lines({
      title: 'Held, by reason',
      description:
        'Open episodes that have not asked, by the gate that holds them. A gap means that nothing was held.',
      width: 12,
      unit: 'none',
      min: 0,
      stacked: true,
      queries: [[`count by (reason) (${held})`, '{{reason}}']],
    }),
    table({
      title: 'Held now',
      description:
        'Every open episode that has not asked, with the gate that holds it; for the gate cooldown, how long that still lasts. Empty: nothing is held.',
      width: 12,
      unit: 'none',
      labels: ['model', 'version', 'reason'],
      links: [linkOfRow('model', ['model', 'version'])],
      sortBy: 'model',
      descending: false,
      columns: [
        {
          name: 'Gate',
          mappings: [words({ 1: ['waits', COLOUR.attention] })],
          expression: `topk(200, ${held})`,
        },
        {
          name: 'Cooldown left',
          unit: 's',
          decimals: 0,
          expression: `max by (model, version, reason) (${ofVersions('driftgauge_retrain_held', 'reason="cooldown"')}) * on (model) group_left () (${perModel(ofModels('driftgauge_cooldown_end_timestamp_seconds'))} - time())`,
        },
      ],
    }),
    lines({
      title: 'Retrains in flight over time',
      description: 'Models with a retrain request that has not ended.',
      width: 8,
      unit: 'none',
      min: 0,
      queries: [[`sum(${perModel(ofModels('driftgauge_retrain_in_flight'))})`, 'in flight']],
    }),
    table({
      title: 'In flight now',
      description:
        'Models with a retrain request that has not ended, the oldest first, and how long ago it was made. Empty: there is none.',
      width: 8,
      unit: 'none',
      labels: ['model'],
      links: rowToModelName,
      sortBy: 'Asked',
      columns: [
        {
          name: 'Asked',
          unit: 's',
          decimals: 0,
          expression: `topk(200, time() - min by (model) (${ofModels('driftgauge_retrain_in_flight_since_timestamp_seconds')}))`,
        },
      ],
    }),
    table({
      title: 'Cooldowns',
      description:
        'Models that ask for nothing before the cooldown after their last request has passed, and how long that still lasts. Empty: none runs.',
      width: 8,
      unit: 'none',
      labels: ['model'],
      links: rowToModelName,
      sortBy: 'Left',
      columns: [
        {
          name: 'Left',
          unit: 's',
          decimals: 0,
          expression: `topk(200, (${perModel(ofModels('driftgauge_cooldown_end_timestamp_seconds'))} - time()) > 0)`,
        },
      ],
    }),
    lines({
      title: 'Episodes and requests',
      description:
        'Drift episodes that were opened and retrain requests that were made, each in the step of time in which it came.',
      width: 8,
      unit: 'none',
      min: 0,
      columns: true,
      queries: [
        [`sum(${events(ofVersions('driftgauge_episodes_total'))})`, 'episodes'],
        [`sum(${events(ofVersions('driftgauge_retrain_requests_total'))})`, 'requests'],
      ],
    }),
    ...endings(),
  ],
};
