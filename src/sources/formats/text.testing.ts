/** Reads one page of a format that is text with nothing known of any page before, for tests. */
import { createSamples } from '../../core/derive/samples.ts';
import { SeriesTable } from '../series-table.ts';
import { openMetricsFormat } from './openmetrics.ts';
import { Page } from './page.ts';
import { textFormat } from './text.ts';

export type Row = readonly [labels: Record<string, string>, value: number, time?: number];

export function readOpenMetrics(content: string | Uint8Array, sampleLimit = 1000) {
  return readPage(content, sampleLimit, openMetricsFormat);
}

export function readPage(content: string | Uint8Array, sampleLimit = 1000, format = textFormat) {
  const table = new SeriesTable({ limit: 1000, used: 0 });
  const into = createSamples(1);
  const result = format.parse({ page: Page.of(content), table, into, sampleLimit });
  const rows: Row[] = [];
  for (let row = 0; row < into.length; row++) {
    const labels = Object.fromEntries(format.labelsOf(table.keyOf(into.series[row]!)));
    const time = into.time[row]!;
    rows.push(Number.isNaN(time) ? [labels, into.value[row]!] : [labels, into.value[row]!, time]);
  }
  return { result, rows, table };
}
