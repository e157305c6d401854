/** The page of a real Prometheus in the two formats that it answers with: they hold the same series. */
import { expect, it } from 'vitest';
import { createSamples } from '../src/core/derive/samples.ts';
import { acceptHeader, formatOf } from '../src/sources/formats/index.ts';
import { Page } from '../src/sources/formats/page.ts';
import { SeriesTable } from '../src/sources/series-table.ts';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

/** Name and labels of each series, sorted, and the format that the page has come in. */
async function readMetrics(
  { url }: Prometheus,
  accept: string,
): Promise<{ format: string; series: readonly string[] }> {
  const response = await fetch(`${url}/metrics`, { headers: { accept } });
  const page = Page.of(new Uint8Array(await response.arrayBuffer()));
  const format = formatOf(response.headers.get('content-type')!, page);
  if ('refusal' in format) throw new Error(format.refusal);
  const table = new SeriesTable({ limit: 10_000, used: 0 });
  const into = createSamples();
  expect(format.parse({ page, table, into, sampleLimit: 10_000 })).toEqual({ ok: true, refused: 0 });
  const series = Array.from({ length: into.length }, (_, row) =>
    JSON.stringify([...format.labelsOf(table.keyOf(into.series[row]!))]),
  );
  return { format: format.name, series: series.sort() };
}

describeWith(['prometheus'], 'the page of a Prometheus', () => {
  it('has the same series as text and as protobuf', async () => {
    using folder = scratch();
    await using prometheus = await startPrometheus(folder, {});
    // The first request brings the series that count requests.
    await readMetrics(prometheus, 'text/plain');
    const text = await readMetrics(prometheus, 'text/plain;version=0.0.4');
    expect(text.format).toBe('text');
    expect(text.series.length).toBeGreaterThan(200);
    expect(await readMetrics(prometheus, acceptHeader({ nativeHistograms: true }))).toEqual({
      ...text,
      format: 'protobuf',
    });
  });
});
