/** The seam between the scrape loop and the formats of pages: the text format, OpenMetrics, protobuf. */
import type { Samples } from '../../core/derive/samples.ts';
import type { SeriesTable } from '../series-table.ts';
import type { Page } from './page.ts';

export interface ParseOptions {
  readonly page: Page;
  /** The series of this target; new ones are added to it. */
  readonly table: SeriesTable;
  /** Overwritten; its `series` are ids of `table`. */
  readonly into: Samples;
  readonly sampleLimit: number;
}

export type ParseResult =
  /** `refused`: samples of new series that the table had no room for. */
  | { readonly ok: true; readonly refused: number }
  /** `place`: where on the page, such as `line 7`. */
  | { readonly ok: false; readonly reason: 'parse'; readonly place: string; readonly message: string }
  | { readonly ok: false; readonly reason: 'sample_limit'; readonly message: string };

export interface PageFormat {
  /** The format's name in messages and on the status page. */
  readonly name: string;
  /**
   * Takes a page whole or refuses it whole: after a refusal, `into` is empty and `table` as it was before. After a
   * success the caller commits the table.
   */
  parse(options: ParseOptions): ParseResult;
  /** The labels that a key of the table stands for, the metric name as `__name__`, none of them empty. */
  labelsOf(key: Buffer): Map<string, string>;
  /** The metric name alone: cheaper than all labels, and enough to see that nobody wants the series. */
  nameOf(key: Buffer): string;
}
