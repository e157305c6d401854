/** From pages of 10,000 gauges to updated EMAs. */
import type { FigureModule } from '../figure.ts';
import { METHOD, measurePages } from '../parse-figure.ts';

export default {
  title: 'A scraped page of gauges to updated EMAs',
  method: `A page of 10,000 gauges, with HELP and TYPE, five to seven labels, half of the values with up to 17 digits and half with 6; it comes
in the Prometheus text format and as OpenMetrics. ${METHOD}`,
  measure: (options) => measurePages('gauges as text', options),
} satisfies FigureModule;
