/** The formats of pages, best first: what a target is asked for, and which of them it has answered with. */
import type { PageFormat } from './format.ts';
import type { Offer } from './negotiation.ts';
import { acceptOf, chosenOf } from './negotiation.ts';
import { beginsLikeProtobuf, isNoOpenMetrics, isOpenMetrics } from './negotiation-content.ts';
import { openMetricsFormat } from './openmetrics.ts';
import type { Page } from './page.ts';
import { protobufFormat } from './protobuf.ts';
import { textFormat } from './text.ts';

const DELIMITED = { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' };
const OPEN_METRICS = [{ version: '1.0.0', escaping: 'allow-utf-8' }, { version: '0.0.1' }];
const TEXT = [{ version: '1.0.0', escaping: 'allow-utf-8' }, { version: '0.0.4' }];

/** The last one is taken where nothing speaks for another. */
const OFFERS: readonly Offer[] = [
  {
    format: protobufFormat,
    type: 'application/vnd.google.protobuf',
    variants: [DELIMITED],
    needs: DELIMITED,
    native: true,
    convinces: beginsLikeProtobuf,
  },
  {
    format: openMetricsFormat,
    type: 'application/openmetrics-text',
    variants: OPEN_METRICS,
    convinces: isOpenMetrics,
    denies: isNoOpenMetrics,
  },
  { format: textFormat, type: 'text/plain', variants: TEXT },
];

/**
 * What a Prometheus 3 asks for; with `nativeHistograms` what it asks for where it scrapes those. `unfit` are formats that
 * the target has got wrong: they are not asked for; text always is.
 */
export function acceptHeader({
  nativeHistograms,
  unfit,
}: {
  nativeHistograms: boolean;
  unfit?: ReadonlySet<PageFormat>;
}): string {
  const fit = OFFERS.filter(({ format }) => format === textFormat || !unfit?.has(format));
  return acceptOf(fit, nativeHistograms);
}

/**
 * The format of a page, by what its target says of it. Some targets say something wrong, or nothing; so:
 *
 * 1. A body that begins with a family of delimited protobuf is protobuf, and one that ends in `# EOF` and has what only
 *    OpenMetrics has (a unit, one of its types, an exemplar, a fraction of a second) is OpenMetrics, whatever was said.
 * 2. Otherwise it is what was said. Only where OpenMetrics was said, `# EOF` is missing, and a whole line is none of
 *    OpenMetrics (a blank one, a comment, an untyped metric, a counter without `_total`), it is text: a page of
 *    OpenMetrics that was cut short has no such line, and must not be taken for a whole one.
 * 3. Where nothing was said, or something else, it is text; a web page then fails as such.
 *
 * A format in `unfit`, which the target has got wrong before, is only taken where it was said. A refusal is in words; it stands for messages of protobuf in another encoding.
 */
export function formatOf(
  contentType: string,
  page: Page,
  unfit?: ReadonlySet<PageFormat>,
): PageFormat | { readonly refusal: string } {
  return chosenOf(OFFERS, { contentType, page, ...(unfit && { unfit }) });
}
