/** How retrain requests reach the pipeline. */
import type { Row } from './dashboard.ts';
import { lines } from './panels.ts';
import { ofProcess, rateBy, rateByOccurred, rateOf } from './queries.ts';

const perTrigger = (name: string) => `sum by (trigger) (${ofProcess(name)})`;
const deliveryQuantile = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (trigger, le) (${rateOf('driftgauge_delivery_duration_seconds_bucket')}))`;

export const deliveries: Row = {
  title: 'Outbox and deliveries',
  panels: [
    lines({
      title: 'Outbox',
      description: 'Retrain requests that wait for delivery or are parked, by trigger.',
      width: 8,
      unit: 'none',
      min: 0,
      queries: [
        [perTrigger('driftgauge_outbox_pending'), '{{trigger}} waiting'],
        [perTrigger('driftgauge_outbox_parked'), '{{trigger}} parked'],
      ],
    }),
    lines({
      title: 'Oldest waiting request',
      description: 'Age of the oldest retrain request that waits for delivery; 0 where none does.',
      width: 8,
      unit: 's',
      min: 0,
      queries: [[`max by (trigger) (${ofProcess('driftgauge_outbox_oldest_age_seconds')})`, '{{trigger}}']],
    }),
    lines({
      title: 'Delivery attempts',
      description: 'Attempts to deliver per second, by trigger.',
      width: 8,
      unit: 'cps',
      min: 0,
      queries: [[rateBy('trigger', ofProcess('driftgauge_delivery_attempts_total')), '{{trigger}}']],
    }),
    lines({
      title: 'Failed deliveries, by reason',
      description:
        'Failed attempts per second. Reasons that have not occurred are left out. Empty: none has failed since the processes began.',
      width: 12,
      unit: 'cps',
      min: 0,
      stacked: true,
      queries: [
        [
          rateByOccurred('trigger, reason', ofProcess('driftgauge_delivery_failures_total')),
          '{{trigger}} {{reason}}',
        ],
      ],
    }),
    lines({
      title: 'Delivery duration',
      description: 'How long attempts took: median, 90 and 99 of 100. A gap means that there was no attempt.',
      width: 12,
      unit: 's',
      min: 0,
      queries: [
        [deliveryQuantile(0.5), '{{trigger}} p50'],
        [deliveryQuantile(0.9), '{{trigger}} p90'],
        [deliveryQuantile(0.99), '{{trigger}} p99'],
      ],
    }),
  ],
};
