import { describe, expect, it } from 'vitest';
import type { NativeHistogram } from '../../core/derive/histogram/native.ts';
import type { MetricInit } from './protobuf.testing.ts';
import { histogramPage, label, pageOf, rawFamily, rawField, readProtobuf, TYPE } from './protobuf.testing.ts';

type HistogramInit = NonNullable<MetricInit['histogram']>;

const none = { indexes: [], counts: [] };
const empty: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 0,
  sum: 0,
  positive: none,
  negative: none,
};

describe('native buckets', () => {
  const cases: Record<string, [HistogramInit, Partial<NativeHistogram>]> = {
    'whole counts, as deltas over two spans with a gap': [
      {
        schema: 3,
        sampleCount: 12n,
        sampleSum: 8.5,
        zeroThreshold: 0.125,
        zeroCount: 2n,
        positiveSpan: [
          { offset: -3, length: 2 },
          { offset: 4, length: 3 },
        ],
        positiveDelta: [1n, 2n, -1n, 0n, -2n],
        negativeSpan: [{ offset: 5, length: 1 }],
        negativeDelta: [2n],
      },
      {
        schema: 3,
        count: 12,
        sum: 8.5,
        zeroThreshold: 0.125,
        zeroCount: 2,
        // The gap is of four buckets; the last one is empty and left out.
        positive: { indexes: [-3, -2, 3, 4], counts: [1, 3, 2, 2] },
        negative: { indexes: [5], counts: [2] },
      },
    ],
    'fractional counts': [
      {
        schema: -4,
        sampleCount: 99n,
        sampleCountFloat: 3.75,
        sampleSum: -1,
        zeroCountFloat: 0.5,
        positiveSpan: [{ offset: 1, length: 2 }],
        positiveCount: [1.25, 0.5],
        negativeSpan: [{ offset: 0, length: 1 }],
        negativeCount: [1.5],
      },
      {
        schema: -4,
        count: 3.75,
        sum: -1,
        zeroCount: 0.5,
        positive: { indexes: [1, 2], counts: [1.25, 0.5] },
        negative: { indexes: [0], counts: [1.5] },
      },
    ],
    'fractional counts that do not quite add up': [
      {
        sampleCountFloat: 1,
        zeroCountFloat: 0.1,
        positiveSpan: [{ offset: 1, length: 1 }],
        positiveCount: [0.8],
      },
      { count: 1, zeroCount: 0.1, positive: { indexes: [1], counts: [0.8] } },
    ],
    'a span of no buckets: no observations yet': [{ positiveSpan: [{ offset: 0, length: 0 }] }, {}],
    'a zero bucket alone': [
      { zeroThreshold: 0.5, zeroCount: 3n, sampleCount: 3n },
      { zeroThreshold: 0.5, zeroCount: 3, count: 3 },
    ],
    'observations that are NaN, in no bucket': [
      { zeroThreshold: 0.5, zeroCount: 3n, sampleCount: 5n, sampleSum: NaN },
      { zeroThreshold: 0.5, zeroCount: 3, count: 5, sum: NaN },
    ],
    'the finest schema, at the bucket of +Inf': [
      {
        schema: 8,
        sampleCount: 1n,
        sampleSum: Infinity,
        positiveSpan: [{ offset: 262_145, length: 1 }],
        positiveDelta: [1n],
      },
      { schema: 8, count: 1, sum: Infinity, positive: { indexes: [262_145], counts: [1] } },
    ],
    'counts above 2^53, which need not add up to the last one': [
      {
        sampleCount: 2n ** 60n,
        positiveSpan: [{ offset: 0, length: 2 }],
        positiveDelta: [2n ** 59n + 1n, -2n],
      },
      { count: 2 ** 60, positive: { indexes: [0, 1], counts: [2 ** 59, 2 ** 59] } },
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [histogram, expected]) => {
    const { result, rows, histograms } = readProtobuf(histogramPage(histogram));
    expect(result).toEqual({ ok: true, refused: 0 });
    // Behind the samples of a classic histogram of one bucket.
    expect(rows.map(([{ __name__ }]) => __name__)).toEqual(['h_bucket', 'h_sum', 'h_count', 'h']);
    expect(rows[3]).toEqual([{ __name__: 'h' }, NaN]);
    expect([...histograms]).toEqual([[3, { ...empty, ...expected }]]);
  });

  it('are read packed and unpacked', () => {
    const page = (...deltas: Uint8Array[]) =>
      rawFamily(
        rawField(1, 'h'),
        0x18,
        TYPE.histogram,
        rawField(4, rawField(7, 0x08, 5, rawField(12, 0x08, 1, 0x10, 2), ...deltas)),
      );
    const unpacked = readProtobuf(page(Buffer.of(0x68, 4), Buffer.of(0x68, 2))).histograms.get(3);
    expect(unpacked).toMatchObject({ count: 5, positive: { indexes: [-1, 0], counts: [2, 3] } });
    expect(readProtobuf(page(rawField(13, 4, 2))).histograms.get(3)).toEqual(unpacked);
    expect(readProtobuf(page(rawField(13, 4), rawField(13, 2))).histograms.get(3)).toEqual(unpacked);
  });

  it('stand beside the classic ones, with labels and time', () => {
    const { rows, histograms } = readProtobuf(
      pageOf({
        name: 'h.x',
        type: TYPE.histogram,
        metric: [
          {
            label: [label('a', 'b')],
            timestampMs: 9n,
            histogram: {
              sampleCount: 1n,
              bucket: [{ upperBound: 1, cumulativeCount: 1n }],
              zeroThreshold: 1,
              zeroCount: 1n,
            },
          },
        ],
      }),
    );
    expect(rows[0]).toEqual([{ __name__: 'h.x_bucket', a: 'b', le: '1.0' }, 1, 9]);
    expect(rows[4]).toEqual([{ __name__: 'h.x', a: 'b' }, NaN, 9]);
    expect([...histograms.keys()]).toEqual([4]);
  });

  it('of a gauge histogram are no counters, and left out', () => {
    const page = histogramPage({ sampleCount: 1n, zeroThreshold: 1, zeroCount: 1n }, TYPE.gaugeHistogram);
    expect(readProtobuf(page)).toMatchObject({
      result: { ok: true },
      rows: { length: 3 },
      histograms: { size: 0 },
    });
  });

  it('of a classic histogram are none, though it may say a schema', () => {
    expect(readProtobuf(histogramPage({ schema: 3, sampleCount: 1n })).histograms.size).toBe(0);
  });

  it('are gone where the page has more samples than the limit', () => {
    const page = histogramPage({ zeroThreshold: 1 });
    expect(readProtobuf(page, { sampleLimit: 3 })).toMatchObject({
      result: { reason: 'sample_limit' },
      histograms: { size: 0 },
    });
  });

  const span = { offset: 0, length: 1 };
  const refused: Record<string, [HistogramInit, string]> = {
    'a schema above 8': [
      { schema: 9, positiveSpan: [span], positiveDelta: [0n] },
      'expected a schema from -4 to 8, found 9',
    ],
    'a schema below -4, such as that of custom buckets': [
      { schema: -53, positiveSpan: [span], positiveDelta: [0n] },
      'expected a schema from -4 to 8, found -53',
    ],
    'a negative zero threshold': [
      { zeroThreshold: -1, positiveSpan: [span], positiveDelta: [0n] },
      'expected a zero threshold that is not negative, found -1',
    ],
    'a zero threshold that is not finite': [
      { zeroThreshold: Infinity },
      'expected a zero threshold that is not negative, found Infinity',
    ],
    'fewer deltas than the spans say': [
      { positiveSpan: [span, span], positiveDelta: [0n] },
      'expected 2 buckets, as the spans say, found 1',
    ],
    'more deltas than the spans say': [
      { negativeSpan: [span], negativeDelta: [0n, 0n] },
      'expected 1 buckets, as the spans say, found 2',
    ],
    'deltas where counts are fractions': [
      { sampleCountFloat: 1.5, positiveSpan: [span], positiveDelta: [1n] },
      'expected 1 buckets, as the spans say, found 0',
    ],
    'counts where they are whole': [
      { sampleCount: 1n, positiveSpan: [span], positiveCount: [1] },
      'expected 1 buckets, as the spans say, found 0',
    ],
    'a second span that goes back': [
      { sampleCount: 2n, positiveSpan: [span, { offset: -1, length: 1 }], positiveDelta: [1n, 0n] },
      'expected spans in order, found an offset of -1',
    ],
    'a bucket below 0': [
      { sampleCount: 0n, positiveSpan: [{ offset: 0, length: 2 }], positiveDelta: [1n, -2n] },
      'expected buckets that are not negative, found -1',
    ],
    'a fractional bucket below 0': [
      { sampleCountFloat: 1, positiveSpan: [span], positiveCount: [-0.5] },
      'expected buckets that are not negative, found -0.5',
    ],
    'a bucket that is NaN': [
      { sampleCountFloat: 1, positiveSpan: [span], positiveCount: [NaN] },
      'expected buckets that are not negative, found NaN',
    ],
    'a zero bucket below 0': [
      { sampleCountFloat: 1, zeroCountFloat: -1, zeroThreshold: 1 },
      'expected counts that are not negative, found -1',
    ],
    'a bucket number above 32 bits': [
      {
        sampleCount: 1n,
        positiveSpan: [
          { offset: 2 ** 31 - 1, length: 0 },
          { offset: 1, length: 1 },
        ],
        positiveDelta: [1n],
      },
      'expected bucket numbers of 32 bits, found 2147483648',
    ],
    'more in buckets than the count': [
      { sampleCount: 1n, positiveSpan: [span], positiveDelta: [2n] },
      'expected 1 observations in the buckets, as the count says, found 2',
    ],
    'fewer in buckets than the count': [
      { sampleCount: 3n, positiveSpan: [span], positiveDelta: [2n] },
      'expected 3 observations in the buckets, as the count says, found 2',
    ],
    'more in buckets than the count, though the sum is NaN': [
      { sampleCount: 1n, sampleSum: NaN, positiveSpan: [span], positiveDelta: [2n] },
      'expected 1 observations in the buckets, as the count says, found 2',
    ],
  };
  it.each(Object.entries(refused))('refused: %s', (_, [histogram, message]) => {
    const { result, rows, histograms } = readProtobuf(histogramPage(histogram));
    expect(result).toMatchObject({
      ok: false,
      reason: 'parse',
      place: expect.stringContaining('family "h"'),
      message,
    });
    expect(rows).toEqual([]);
    expect(histograms.size).toBe(0);
  });
});
