/** Lines of text and families of protobuf of a megabyte: what takes time that grows with the square would show. */
import { rawFamily } from '../../src/sources/formats/protobuf.testing.ts';
import { gauge, groups, histogram } from './hostile-pieces.ts';

type Pieces = Readonly<Record<string, () => string | Buffer>>;

const MANY = 100_000;
const MEGABYTE = 1_000_000;
const many = <Item>(make: (index: number) => Item): Item[] =>
  Array.from({ length: MANY }, (_, index) => make(index));

function buckets(count: number, bound: (index: number) => number): string {
  const name = 'model_latency_seconds_bucket{model="big",le=';
  return Array.from({ length: count }, (_, index) => `${name}"${bound(index)}"} ${bound(index)}`).join('\n');
}

export const LARGE_LINES: Pieces = {
  'a hundred thousand labels': () => `model_big{${many((index) => `l${index}="v"`).join(',')}} 1`,
  'a hundred thousand labels of one name': () => `model_big{${'model="a",'.repeat(MANY)}} 1`,
  'a hundred thousand labels without a value': () =>
    `{"model_big",${many((index) => `"l.${index}"=""`).join(',')}} 1`,
  'a label of a megabyte': () => `model_big{model="${'x'.repeat(MEGABYTE)}"} 1`,
  'half a million escapes': () => `model_big{model="${'\\\\'.repeat(MEGABYTE / 2)}"} 1`,
  'a name of a megabyte': () => `${'m'.repeat(MEGABYTE)} 1`,
  'a value of a million digits': () => `model_big ${'1'.repeat(MEGABYTE)}`,
  'a time of a million digits': () => `model_big 1 ${'9'.repeat(MEGABYTE)}`,
  'a million blanks': () => `model_big${' '.repeat(MEGABYTE)}1`,
  'a million braces': () => '{'.repeat(MEGABYTE),
  'a help text of half a million words': () => `# HELP model_big ${'a '.repeat(MEGABYTE / 2)}`,
  'an exemplar with a label of a megabyte': () =>
    `# TYPE model_big counter\nmodel_big_total 1 # {a="${'x'.repeat(MEGABYTE)}"} 1`,
  'a hundred thousand samples': () => many((index) => `many{n="${index}"} ${index}`).join('\n'),
  'a histogram of twenty thousand buckets, the greatest first': () =>
    buckets(20_000, (index) => 20_000 - index),
  'a histogram of twenty thousand buckets': () => buckets(20_000, (index) => index + 1),
  'a hundred thousand families': () => many((index) => `# TYPE many${index} gauge`).join('\n'),
};

export const LARGE_FAMILIES: Pieces = {
  'a million groups within each other': () => rawFamily(groups(MEGABYTE)),
  'a varint of a megabyte': () => Buffer.alloc(MEGABYTE, 0x80),
  'a million empty families': () => Buffer.alloc(MEGABYTE),
  'a hundred thousand labels': () =>
    gauge(
      'model_big',
      many((index) => [`l${index}`, 'v'] as const),
      1,
    ),
  'a hundred thousand labels of one name': () =>
    gauge(
      'model_big',
      many(() => ['model', 'a'] as const),
      1,
    ),
  'a name of a megabyte': () => gauge('x'.repeat(MEGABYTE), [['model', 'fraud']], 1),
  'a hundred thousand spans of no buckets': () =>
    histogram({ positiveSpan: many(() => ({ offset: 1, length: 0 })) }),
  'a hundred thousand native buckets': () =>
    histogram({
      sampleCount: BigInt(MANY),
      positiveSpan: [{ offset: 0, length: MANY }],
      positiveDelta: many((index) => (index === 0 ? 1n : 0n)),
    }),
  'twenty thousand classic buckets': () =>
    histogram({
      bucket: many((index) => ({ upperBound: index, cumulativeCount: BigInt(index) })).slice(0, 20_000),
    }),
  'a hundred thousand classic buckets': () =>
    histogram({ bucket: many((index) => ({ upperBound: index, cumulativeCount: BigInt(index) })) }),
};
