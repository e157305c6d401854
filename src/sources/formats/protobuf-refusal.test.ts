import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesTable } from '../series-table.ts';
import {
  type FamilyInit,
  histogramPage,
  label,
  pageOf,
  rawFamily,
  rawField,
  readProtobuf,
  TYPE,
} from './protobuf.testing.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const one = [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] as const;
const gaugeOf = (...metric: Parameters<typeof rawField>[1][]) =>
  rawFamily(rawField(1, 'a'), 0x18, 1, rawField(4, ...metric));
const labelled = (...parts: Parameters<typeof rawField>[1][]) =>
  gaugeOf(rawField(1, ...parts), rawField(2, ...one));

describe('the protobuf format refuses', () => {
  const cases: Record<string, [Buffer, string, string]> = {
    'a family without a name': [
      pageOf({ type: TYPE.gauge, metric: [{ gauge: { value: 1 } }] }),
      'byte 1',
      'expected a family with a name',
    ],
    'a family of no bytes': [Buffer.of(0), 'byte 1', 'expected a family with a name'],
    'an unknown type': [
      pageOf({ name: 'a', type: 6 }),
      'byte 1, family "a"',
      'expected a type from 0 to 5, found 6',
    ],
    'a negative type': [
      pageOf({ name: 'a', type: -1 }),
      'byte 1, family "a"',
      'expected a type from 0 to 5, found -1',
    ],
    'a metric that does not hold what its type says': [
      pageOf({ name: 'a', type: TYPE.gauge, metric: [{ counter: { value: 1 } }] }),
      'byte 7, family "a"',
      'expected a gauge, found none',
    ],
    'a metric that holds nothing': [
      pageOf({ name: 'a', type: TYPE.summary, metric: [{}] }),
      'byte 7, family "a"',
      'expected a summary, found none',
    ],
    'a name that is not UTF-8': [
      rawFamily(rawField(1, latin1('a\xff'))),
      'byte 3',
      'expected text in valid UTF-8',
    ],
    'a help text that is not UTF-8': [
      rawFamily(rawField(1, 'a'), rawField(2, latin1('\xc3('))),
      'byte 6, family "a"',
      'expected text in valid UTF-8',
    ],
    'a label name that is not UTF-8': [
      labelled(rawField(1, latin1('\xff'))),
      'byte 12, family "a"',
      'expected text in valid UTF-8',
    ],
    'a label value that is not UTF-8': [
      labelled(rawField(1, 'b'), rawField(2, latin1('\xed\xa0\x80'))),
      'byte 15, family "a"',
      'expected text in valid UTF-8',
    ],
    'a label without a name': [
      labelled(rawField(2, 'c')),
      'byte 9, family "a"',
      'expected a label with a name',
    ],
    'a label twice': [
      pageOf({
        name: 'a',
        metric: [{ label: [label('b', '1'), label('c', '1'), label('b', '2')], counter: {} }],
      }),
      'byte 23, family "a"',
      'expected each label once',
    ],
    'a label of any text twice': [
      pageOf({ name: 'a', metric: [{ label: [label('"é"', '1'), label('"é"', '1')], counter: {} }] }),
      'byte 18, family "a"',
      'expected each label once',
    ],
    'the name as a label too': [
      pageOf({ name: 'a', metric: [{ label: [label('__name__', 'b')], counter: {} }] }),
      'byte 7, family "a"',
      'expected each label once',
    ],
    'a label twice where the name is longer than most': [
      pageOf({
        name: 'a'.repeat(300),
        metric: [{ label: [label('b', '1'), label('b', '2')], counter: {} }],
      }),
      `byte 316, family "${'a'.repeat(64)}…"`,
      'expected each label once',
    ],
    'the label le on a histogram, whose buckets have it': [
      pageOf({ name: 'h', type: TYPE.histogram, metric: [{ label: [label('le', '1')], histogram: {} }] }),
      'byte 9, family "h"',
      'expected each label once',
    ],
    'the label quantile on a summary, whose quantiles have it': [
      pageOf({ name: 's', type: TYPE.summary, metric: [{ label: [label('quantile', '1')], summary: {} }] }),
      'byte 9, family "s"',
      'expected each label once',
    ],
    'a family longer than the page': [
      Buffer.of(5, 0x0a, 1, 0x61),
      'byte 0',
      'expected a length of at most 3 bytes, found 5',
    ],
    'a family of 2^64 - 1 bytes': [
      Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
      'byte 0',
      'expected a length of at most 0 bytes, found 18446744073709552000',
    ],
    'a length above 32 bits that would be a small one without its upper half': [
      Buffer.of(0x83, 0x80, 0x80, 0x80, 0x10, 0x0a, 1, 0x61),
      'byte 0',
      'expected a length of at most 3 bytes, found 4294967299',
    ],
    'a varint of 11 bytes': [
      Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01),
      'byte 0',
      'expected a varint of at most 64 bits within its message',
    ],
    'a varint of 65 bits': [
      Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02),
      'byte 0',
      'expected a varint of at most 64 bits within its message',
    ],
    'a varint that ends with the page': [
      Buffer.of(0x80),
      'byte 0',
      'expected a varint of at most 64 bits within its message',
    ],
    'a label longer than its metric': [
      gaugeOf(0x0a, 100, rawField(2, ...one)),
      'byte 9, family "a"',
      'expected a length of at most 11 bytes, found 100',
    ],
    'a value that goes on after its message': [
      gaugeOf(rawField(2, ...one.slice(0, 8))),
      'byte 11, family "a"',
      'expected 8 bytes, found 7',
    ],
    'a tag of field 0': [
      rawFamily(rawField(1, 'a'), 0x02, 0),
      'byte 4, family "a"',
      'expected a tag, found 2',
    ],
    'a tag of an unknown wire type': [
      rawFamily(rawField(1, 'a'), 0x7e),
      'byte 4, family "a"',
      'expected a tag, found 126',
    ],
    'a tag above 32 bits': [
      rawFamily(rawField(1, 'a'), 0x80, 0x80, 0x80, 0x80, 0x10),
      'byte 4, family "a"',
      'expected a tag, found 4294967296',
    ],
    'a name of another wire type': [
      rawFamily(0x08, 1),
      'byte 2',
      'expected another wire type for field 1, found a varint',
    ],
    'a value of another wire type': [
      gaugeOf(rawField(2, 0x0d, 0, 0, 0x80, 0x3f)),
      'byte 11, family "a"',
      'expected another wire type for field 1, found 4 bytes',
    ],
    'a gauge of another wire type': [
      gaugeOf(0x10, 1),
      'byte 9, family "a"',
      'expected another wire type for field 2, found a varint',
    ],
    'bucket counts of another wire type': [
      rawFamily(rawField(1, 'h'), 0x18, 4, rawField(4, rawField(7, 0x70, 1))),
      'byte 11, family "h"',
      'expected another wire type for field 14, found a varint',
    ],
    'a group without an end': [
      rawFamily(rawField(1, 'a'), 0x7b, 0x08, 0x01),
      'byte 5, family "a"',
      'expected the end of the group 15',
    ],
    'a group that ends as another': [
      rawFamily(rawField(1, 'a'), 0x7b, 0x74),
      'byte 6, family "a"',
      'expected a field, found the end of a group',
    ],
    'an end of a group without its start': [
      rawFamily(rawField(1, 'a'), 0x7c),
      'byte 5, family "a"',
      'expected a field, found the end of a group',
    ],
    'groups in groups without end': [
      rawFamily(rawField(1, 'a'), Buffer.alloc(1000, 0x7b)),
      'byte 106, family "a"',
      'expected at most 100 groups within each other',
    ],
    'text, by its first byte as a length': [
      latin1('# TYPE a gauge\na 1\n'),
      'byte 0',
      'expected a length of at most 18 bytes, found 35',
    ],
    'a name that terminals would act on': [
      pageOf({ name: '\u001b[2J\u202e', type: 6 }),
      'byte 1, family "\\u001b[2J\\u202e"',
      'expected a type from 0 to 5, found 6',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, place, message]) => {
    expect(readProtobuf(content)).toMatchObject({
      result: { ok: false, reason: 'parse', place, message },
      rows: [],
    });
  });

  it('a label twice among thousands, in time that does not grow with the square', () => {
    const labels = Array.from({ length: 100_000 }, (_, index) => label(`l${index}`, 'x'));
    const page = (...more: (typeof labels)[number][]) =>
      pageOf({ name: 'a', metric: [{ label: [...labels, ...more], counter: {} }] });
    expect(readProtobuf(page()).rows).toHaveLength(1);
    expect(readProtobuf(page(label('l7', 'y'))).result).toMatchObject({ ok: false });
  });
});

describe('a page of protobuf that is refused', () => {
  const families: FamilyInit[] = [
    { name: 'a', help: 'é', type: TYPE.gauge, metric: [{ label: [label('b', 'c')], gauge: { value: 1 } }] },
    {
      name: 's',
      type: TYPE.summary,
      metric: [{ summary: { sampleCount: 300n, quantile: [{ quantile: 0.5 }] } }],
    },
    {
      name: 'h',
      type: TYPE.histogram,
      metric: [
        {
          histogram: {
            sampleCount: 3n,
            sampleSum: 1,
            bucket: [{ upperBound: 1, cumulativeCount: 3n }],
            schema: 3,
            zeroThreshold: 0.1,
            positiveSpan: [{ offset: -2, length: 2 }],
            positiveDelta: [2n, -1n],
            createdTimestamp: { seconds: 5n },
          },
          timestampMs: -1n,
        },
      ],
    },
  ];
  const page = pageOf(...families);

  it('leaves nothing behind in the table', () => {
    const table = new SeriesTable({ limit: 100, used: 0 });
    const known = readProtobuf(pageOf(families[0]!), { table }).series;
    const bad = Buffer.concat([page, rawFamily(rawField(1, 'x'), 0x18, 9)]);
    expect(readProtobuf(bad, { table })).toMatchObject({ result: { ok: false }, rows: [] });
    expect(readProtobuf(bad, { table }).histograms.size).toBe(0);
    expect(table.size).toBe(1);
    expect(readProtobuf(page, { table }).series[0]).toBe(known[0]);
  });

  it('may have been cut anywhere but between two families', () => {
    const between = families.map((_, count) => pageOf(...families.slice(0, count)).length);
    for (let length = 0; length < page.length; length++) {
      expect([length, readProtobuf(page.subarray(0, length)).result.ok]).toEqual([
        length,
        between.includes(length),
      ]);
    }
  });

  it('never breaks the reader, whatever its bytes are', () => {
    const damage = fc.array(fc.tuple(fc.nat(page.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const table = new SeriesTable({ limit: 100, used: 0 });
        const damaged = Buffer.from(page);
        for (const [at, byte] of changes) damaged[at] = byte;
        const { result, rows } = readProtobuf(damaged, { table });
        if (!result.ok) expect({ rows, size: table.size }).toEqual({ rows: [], size: 0 });
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readProtobuf(bytes).result !== undefined),
    );
  });

  it('may claim four billion buckets in a few bytes', () => {
    const claim = histogramPage({ positiveSpan: [{ offset: 0, length: 0xffffffff }], zeroThreshold: 1 });
    expect(readProtobuf(claim).result).toMatchObject({
      message: 'expected 4294967295 buckets, as the spans say, found 0',
    });
  });
});
