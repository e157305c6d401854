/** Reads pages of one target as its table does, to be compared with a reader that knows nothing of the pages before. */
import { createSamples } from '../../src/core/derive/samples.ts';
import type { PageFormat, ParseResult } from '../../src/sources/formats/format.ts';
import { Page } from '../../src/sources/formats/page.ts';
import { SeriesTable } from '../../src/sources/series-table.ts';

/** What a page says: its series by their keys, with value, time and native histogram. */
export interface Reading {
  readonly result: ParseResult;
  readonly rows: readonly unknown[];
}

export class PageReader {
  readonly #format: PageFormat;
  readonly #sampleLimit: number;
  readonly #table = new SeriesTable({ limit: 1e6, used: 0 });
  readonly #samples = createSamples();

  constructor(format: PageFormat, sampleLimit: number) {
    this.#format = format;
    this.#sampleLimit = sampleLimit;
  }

  read(content: Uint8Array): Reading {
    const table = this.#table;
    const into = this.#samples;
    const page = Page.of(content);
    const result = this.#format.parse({ page, table, into, sampleLimit: this.#sampleLimit });
    const rows = Array.from({ length: into.length }, (_, row) => [
      table.keyOf(into.series[row]!).toString('latin1'),
      into.value[row]!,
      into.time[row]!,
      into.histograms.get(row),
    ]);
    if (result.ok) table.commit(into);
    return { result, rows };
  }

  /** The series that the table holds, by their numbers. */
  get series(): readonly string[] {
    const keys: string[] = [];
    for (let id = 0, left = this.#table.size; left > 0; id++) {
      const key = this.#table.keyLengthOf(id) > 0 ? this.#table.keyOf(id).toString('latin1') : '';
      keys.push(key);
      if (key !== '') left--;
    }
    return keys;
  }

  /** How many rows the columns and native histograms hold. */
  get held(): readonly [rows: number, histograms: number] {
    return [this.#samples.length, this.#samples.histograms.size];
  }
}
