/** Builds pages of protobuf with the generated classes, and reads them with nothing known of any page before, for tests. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sizeDelimitedEncode } from '@bufbuild/protobuf/wire';
import { MetricFamilySchema, type MetricSchema } from '../../../test/support/proto/metrics_pb.ts';
import { createSamples } from '../../core/derive/samples.ts';
import { SeriesTable } from '../series-table.ts';
import { Page } from './page.ts';
import { protobufFormat } from './protobuf.ts';

export type FamilyInit = MessageInitShape<typeof MetricFamilySchema>;
export type MetricInit = MessageInitShape<typeof MetricSchema>;

/** The numbers of the types. */
export const TYPE = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4, gaugeHistogram: 5 };

export function pageOf(...families: FamilyInit[]): Buffer {
  return Buffer.concat(
    families.map((family) => sizeDelimitedEncode(MetricFamilySchema, create(MetricFamilySchema, family))),
  );
}

/** A family of one histogram. */
export function histogramPage(
  histogram: NonNullable<MetricInit['histogram']>,
  type = TYPE.histogram,
): Buffer {
  return pageOf({ name: 'h', type, metric: [{ histogram }] });
}

/** A label as the page has it. */
export function label(name: string, value: string) {
  return { name, value };
}

/** A length-delimited family of these bytes. */
export function rawFamily(...content: readonly (number | Uint8Array | string)[]): Buffer {
  const bytes = raw(...content);
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** A field of the wire type for lengths. */
export function rawField(field: number, ...content: readonly (number | Uint8Array | string)[]): Buffer {
  const bytes = raw(...content);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function raw(...content: readonly (number | Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    content.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.of(...bytes, rest);
}

export type Row = readonly [labels: Record<string, string>, value: number, time?: number];

export function readProtobuf(
  content: Uint8Array,
  {
    sampleLimit = 1000,
    table = new SeriesTable({ limit: 1000, used: 0 }),
  }: { sampleLimit?: number; table?: SeriesTable } = {},
) {
  const into = createSamples(1);
  const result = protobufFormat.parse({ page: Page.of(content), table, into, sampleLimit });
  const rows: Row[] = [];
  for (let row = 0; row < into.length; row++) {
    const labels = Object.fromEntries(protobufFormat.labelsOf(table.keyOf(into.series[row]!)));
    const time = into.time[row]!;
    rows.push(Number.isNaN(time) ? [labels, into.value[row]!] : [labels, into.value[row]!, time]);
  }
  const series = [...into.series.subarray(0, into.length)];
  return { result, rows, series, histograms: into.histograms, table };
}
