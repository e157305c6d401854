/** From pages of 10,000 series, three quarters of them buckets, to updated EMAs. */
import type { FigureModule } from '../figure.ts';
import { METHOD, measurePages } from '../parse-figure.ts';

export default {
  title: 'A scraped page of histograms to updated EMAs',
  method: `A page of a fleet that serves models: of 10,000 series, three quarters are buckets of histograms of 12 and of 18, the rest their sums
and counts, counters and gauges. It comes in the Prometheus text format, as OpenMetrics, and as protobuf, where its histograms are native ones. It is
judged by quantiles, means, a rate, a ratio and gauges; each signal takes a sample of each page. ${METHOD}`,
  measure: (options) => measurePages('histograms as text', options),
} satisfies FigureModule;
