/** Driftgauge itself: what it reads, drops, delivers and stores, and what it costs. */
import { assemble } from './dashboard.ts';
import { cost } from './self-cost.ts';
import { deliveries } from './self-deliveries.ts';
import { now, state } from './self-health.ts';
import { sources } from './self-sources.ts';
import { datasource, instance, job } from './variables.ts';

export const self = assemble({
  name: 'self',
  title: 'Driftgauge / Itself',
  description: 'Driftgauge itself: what it reads, drops, delivers and stores, and what it costs.',
  variables: [datasource, job, instance],
  rows: [now, sources, deliveries, state, cost],
});
