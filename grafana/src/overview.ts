/** All models on one page: what drifts, what is held and why, what was asked, and what came of it. */
import { assemble } from './dashboard.ts';
import { drift, samples } from './overview-drift.ts';
import { now } from './overview-now.ts';
import { retrains } from './overview-retrains.ts';
import { datasource, job, metric, model, version } from './variables.ts';

export const overview = assemble({
  name: 'overview',
  title: 'Driftgauge / Overview',
  description: 'All models: what drifts, what is held and why, what was asked, and what came of it.',
  variables: [datasource, job, model, version, metric],
  rows: [now, drift, retrains, samples],
});
