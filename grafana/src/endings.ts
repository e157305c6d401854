/** How what was opened ended: retrain requests by their outcome, and episodes that closed unasked. */
import { COLOUR, NEUTRAL, steps } from './look.ts';
import type { PanelBuilder } from './panels.ts';
import { bars } from './panels.ts';
import { grownBy, ofVersions } from './queries.ts';

export function endings(): readonly PanelBuilder[] {
  return [
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
  ];
}
