/** One page of a target, fetched and parsed as a scrape does it, with what becomes of each of its series. */
import type { Clock } from '../clock.ts';
import type { Samples } from '../core/derive/samples.ts';
import { createSamples } from '../core/derive/samples.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import type { Destination, SeriesRules } from '../sources/destination.ts';
import { destinationOf, relabeled } from '../sources/destination.ts';
import type { PageFormat } from '../sources/formats/format.ts';
import { acceptHeader, formatOf } from '../sources/formats/index.ts';
import { Page } from '../sources/formats/page.ts';
import { PageFetcher } from '../sources/page-fetcher.ts';
import { SeriesTable } from '../sources/series-table.ts';
import type { ScrapePlan } from './plan.ts';

export interface CheckedPage {
  readonly format: PageFormat;
  readonly table: SeriesTable;
  readonly samples: Samples;
  /** Samples of series for which `max_series` has no room. */
  readonly refused: number;
  readonly content: Page;
  /** Formats that the target has got wrong, and what was wrong. */
  readonly unfit: ReadonlyMap<PageFormat, string>;
}

export type PageResult =
  | { readonly ok: true; readonly page: CheckedPage }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

export interface FetchPageOptions {
  readonly maxSeries: number;
  readonly nativeHistograms: boolean;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** One scrape, within the limits of the job; another one where the target gets a format wrong, as the program does it. */
export async function fetchPage(
  { config, url }: ScrapePlan,
  { maxSeries, nativeHistograms, clock, userAgent }: FetchPageOptions,
): Promise<PageResult> {
  const fetcher = new PageFetcher({ config, url, clock, userAgent });
  const { signal } = new AbortController();
  const unfit = new Map<PageFormat, string>();
  try {
    for (;;) {
      const content = new Page();
      const accept = acceptHeader({ nativeHistograms, unfit: new Set(unfit.keys()) });
      const fetched = await fetcher.fetch(content, { signal, accept });
      if (!fetched.ok) return fetched;
      const format = formatOf(fetched.contentType, content);
      if ('refusal' in format) return { ok: false, reason: 'parse', message: format.refusal };
      const table = new SeriesTable({ limit: maxSeries, used: 0 });
      const samples = createSamples();
      const parsed = format.parse({ page: content, table, into: samples, sampleLimit: config.sampleLimit });
      if (parsed.ok) {
        table.commit(samples);
        return { ok: true, page: { format, table, samples, refused: parsed.refused, content, unfit } };
      }
      if (parsed.reason !== 'parse') return parsed;
      const message = `${parsed.place}: ${parsed.message}`;
      if (format.name === 'text' || unfit.has(format)) return { ok: false, reason: 'parse', message };
      unfit.set(format, message);
    }
  } finally {
    fetcher.close();
  }
}

export interface PageSeries {
  /** The last one, where the series is there more than once. */
  readonly row: number;
  /** As the target spells it. */
  readonly own: ReadonlyMap<string, string>;
  /** After `metric_relabel_configs`; null where they drop it. */
  readonly labels: ReadonlyMap<string, string> | null;
  readonly destination: Destination;
  /** It comes as a native histogram. */
  readonly native: boolean;
}

/** In the order of the page, each once. */
export function seriesOn({ format, table, samples }: CheckedPage, rules: SeriesRules): PageSeries[] {
  const rows = new Map<number, number>();
  for (let row = 0; row < samples.length; row++) rows.set(samples.series[row]!, row);
  return [...rows].map(([series, row]) => {
    const key = table.keyOf(series);
    const own = format.labelsOf(key);
    return {
      row,
      own,
      labels: relabeled(own, rules),
      destination: destinationOf({ format, key }, rules),
      native: samples.histograms.has(row),
    };
  });
}
