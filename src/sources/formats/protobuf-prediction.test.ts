import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSamples } from '../../core/derive/samples.ts';
import { SeriesTable } from '../series-table.ts';
import { Page } from './page.ts';
import {
  type FamilyInit,
  label,
  pageOf,
  rawFamily,
  rawField,
  readProtobuf,
  TYPE,
} from './protobuf.testing.ts';
import { protobufFormat } from './protobuf.ts';

// Names and labels that are prefixes of each other, and samples of one family that another family could have.
const labels = fc.subarray([
  label('b', 'c'),
  label('b', ''),
  label('bc', 'd'),
  label('le', '1.0'),
  label('x.y', 'é'),
]);
const value = fc.double({ noNaN: true });
const gauges: fc.Arbitrary<FamilyInit> = fc.record({
  name: fc.constantFrom('a', 'ab', 'a_bucket', 'a_sum', 'x.y'),
  type: fc.constant(TYPE.gauge),
  metric: fc.array(
    fc.tuple(labels, value).map(([pairs, number]) => ({ label: pairs, gauge: { value: number } })),
    { maxLength: 4 },
  ),
});
const histograms: fc.Arbitrary<FamilyInit> = fc.record({
  name: fc.constantFrom('a', 'h'),
  type: fc.constant(TYPE.histogram),
  metric: fc.array(
    fc.tuple(labels, fc.subarray([0.5, 1, 2, Infinity]), fc.boolean()).map(([pairs, bounds, native]) => ({
      label: pairs,
      histogram: {
        sampleCount: 3n,
        bucket: bounds.map((upperBound, index) => ({ upperBound, cumulativeCount: BigInt(index) })),
        ...(native && { zeroCount: 3n, zeroThreshold: 0.5 }),
      },
    })),
    { maxLength: 3 },
  ),
});
const page = fc.array(fc.oneof(gauges, histograms), { maxLength: 4 });

it('a page is read alike, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(page, { minLength: 2, maxLength: 6 }), (pages) => {
      const table = new SeriesTable({ limit: 1000, used: 0 });
      for (const families of pages) {
        const content = pageOf(...families);
        const into = createSamples();
        const before = table.size;
        const result = protobufFormat.parse({ page: Page.of(content), table, into, sampleLimit: 1000 });
        const rows = Array.from({ length: into.length }, (_, row) => [
          Object.fromEntries(protobufFormat.labelsOf(table.keyOf(into.series[row]!))),
          into.value[row],
        ]);
        const naive = readProtobuf(content);
        expect({ result, rows, histograms: into.histograms }).toEqual({
          result: naive.result,
          rows: naive.rows,
          histograms: naive.histograms,
        });
        if (result.ok) table.commit(into);
        else expect(table.size).toBe(before);
      }
    }),
    { numRuns: 500 },
  );
});

it('a name is the name of its labels too', () => {
  const { table, series } = readProtobuf(
    pageOf({ name: 'x.é', metric: [{ label: [label('a', 'b')], counter: {} }] }),
  );
  expect(protobufFormat.nameOf(table.keyOf(series[0]!))).toBe('x.é');
});

it('labels may stand apart in a metric', () => {
  const pair = (name: string) => rawField(1, rawField(1, name), rawField(2, 'x'));
  const metric = rawField(4, pair('b'), rawField(2), pair('c'), pair('d'));
  expect(readProtobuf(rawFamily(rawField(1, 'a'), 0x18, TYPE.gauge, metric)).rows).toEqual([
    [{ __name__: 'a', b: 'x', c: 'x', d: 'x' }, 0],
  ]);
});
