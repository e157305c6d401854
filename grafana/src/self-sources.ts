/** What Driftgauge reads, and what it drops. */
import type { Row } from './dashboard.ts';
import { COLOUR, words } from './look.ts';
import { lines, states, table } from './panels.ts';
import { ofProcess, perTarget, rateBy, rateByOccurred, TARGET, top } from './queries.ts';

const everDown = `min by (${TARGET}) (min_over_time(${ofProcess('driftgauge_target_up')}[$__range] @ end())) == 0`;

export const sources: Row = {
  title: 'Scrapes and samples',
  panels: [
    table({
      title: 'Targets',
      description: 'Every target with its last scrape, those that are down first.',
      width: 12,
      height: 9,
      unit: 'none',
      labels: ['instance', 'scrape_job', 'target'],
      sortBy: 'Up',
      descending: false,
      columns: [
        {
          name: 'Up',
          mappings: [words({ 0: ['down', COLOUR.bad], 1: ['up', COLOUR.good] })],
          expression: `min by (${TARGET}) (${ofProcess('driftgauge_target_up')})`,
        },
        { name: 'Duration', unit: 's', expression: perTarget('driftgauge_scrape_duration_seconds') },
        { name: 'Samples', expression: perTarget('driftgauge_scrape_samples') },
      ],
    }),
    states({
      title: 'Targets that were down',
      description: 'Targets with a failed scrape in the range, 40 at most. Empty: every scrape succeeded.',
      width: 12,
      height: 9,
      unit: 'none',
      mappings: [words({ 0: ['down', COLOUR.bad], 1: ['up', COLOUR.good] })],
      queries: [
        [
          `min by (${TARGET}) (${ofProcess('driftgauge_target_up')}) and on (${TARGET}) topk(40, ${everDown})`,
          '{{instance}}: {{scrape_job}} {{target}}',
        ],
      ],
    }),
    lines({
      title: 'Failed scrapes, by reason',
      description: 'Failed scrapes per second. A gap means that none has failed since the processes began.',
      width: 8,
      unit: 'cps',
      min: 0,
      stacked: true,
      queries: [[rateBy('reason', ofProcess('driftgauge_scrape_failures_total')), '{{reason}}']],
    }),
    lines({
      title: 'Slowest scrapes',
      description: 'How long the last scrape took, of the ten slowest targets.',
      width: 8,
      unit: 's',
      min: 0,
      queries: [
        [top(perTarget('driftgauge_scrape_duration_seconds')), '{{instance}}: {{scrape_job}} {{target}}'],
      ],
    }),
    lines({
      title: 'Largest scrapes',
      description: 'Samples that the last scrape found, of the ten largest targets.',
      width: 8,
      unit: 'none',
      min: 0,
      queries: [[top(perTarget('driftgauge_scrape_samples')), '{{instance}}: {{scrape_job}} {{target}}']],
    }),
    lines({
      title: 'Samples taken',
      description: 'Samples per second that entered signals, of the ten busiest processes.',
      width: 12,
      unit: 'cps',
      min: 0,
      queries: [[top(rateBy('instance', ofProcess('driftgauge_signal_samples_total'))), '{{instance}}']],
    }),
    lines({
      title: 'Samples dropped, by source and reason',
      description:
        'Samples per second that entered no signal. Reasons that have not occurred are left out. Empty: nothing was dropped.',
      width: 12,
      unit: 'cps',
      min: 0,
      stacked: true,
      queries: [
        [
          rateByOccurred('source, reason', ofProcess('driftgauge_samples_dropped_total')),
          '{{source}} {{reason}}',
        ],
      ],
    }),
  ],
};
