/** Lines of text and families of protobuf that no well-meaning target sends. Each must be refused, or do no harm. */
import type { MetricInit } from '../../src/sources/formats/protobuf.testing.ts';
import { label, pageOf, rawFamily, rawField, TYPE } from '../../src/sources/formats/protobuf.testing.ts';

/** Names that are something else to JavaScript, YAML, terminals or HTML. */
export const NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__name__', 'valueOf', 'NaN'],
  ...['le', 'quantile', 'model', 'job', 'instance', '', ' ', '{}', '"', '\\', '\n', '\u0000', '\u001b[31m'],
  ...[
    '\u202e',
    '\ufeff',
    '\ud7ff',
    'ünïcode',
    '<img src=x onerror=alert(1)>',
    '%s',
    '$&',
    '$(id)',
    'x'.repeat(1025),
  ],
] as const;

/** Values as they are written; some of them are none. */
export const NUMBERS = [
  ...[
    'NaN',
    'nan',
    '+Inf',
    '-Inf',
    'inf',
    'Infinity',
    '-0',
    '0',
    '-1',
    '1e308',
    '1.7976931348623159e308',
    '1e309',
  ],
  ...[
    '5e-324',
    '1e-400',
    '9007199254740993',
    '18446744073709551616',
    '0x10',
    '0b1',
    '1_000',
    '1e',
    '.',
    '+',
    '-',
  ],
  ...['1'.repeat(400), `0.${'3'.repeat(2000)}`, '1e99999999999', '9'.repeat(30), '--1', '١', ''],
] as const;

/** Each is put between the lines of a page; most have several things wrong at once with what stands around them. */
export const LINES: readonly string[] = [
  ...NAMES.slice(0, 8).flatMap((name) => [
    `${name} 1`,
    `${name}{${name}="${name}"} 1`,
    `{"${name}",model="${name}"} 1`,
    `model_accuracy{model="${name}",version="${name}"} 1`,
    `# TYPE ${name} counter`,
  ]),
  ...[
    '',
    ' ',
    '\t',
    '#',
    '# ',
    '# EOF',
    '# EOF ',
    '# TYPE',
    '# TYPE model_accuracy',
    '# TYPE model_accuracy x',
  ],
  ...[
    '# HELP model_accuracy \\x',
    '# UNIT model_accuracy seconds',
    '# TYPE model_requests info',
    '\u0000',
    '\r',
  ],
  ...[
    'model_accuracy',
    'model_accuracy ',
    'model_accuracy{',
    'model_accuracy{}',
    'model_accuracy{} ',
    '{',
    '}',
    '"',
  ],
  ...[
    '{}',
    '{} 1',
    '{""} 1',
    '{"a","b"} 1',
    '{"a",} 1',
    '{"a"="b"} 1',
    'a{"b"} 1',
    'a{b="c"}{d="e"} 1',
    '{"a',
  ],
  'model_accuracy{model="a",model="a"} 1',
  'model_accuracy{model="a",version="1",model="b"} 1',
  'model_accuracy{model="fraud",version="1"} 1 9223372036854775808',
  'model_accuracy{model="fraud",version="1"} 1 -1',
  'model_accuracy{model="fraud",version="1"} 1 1e3',
  'model_accuracy{model="fraud",version="1"} 1 1000.0001',
  'model_accuracy{model="fraud",version="1"} 1 99999999999999',
  'model_accuracy{model="fraud",version="1"} 0.1 1 # {} 1',
  'model_requests_total{model="fraud",version="1"} 5',
  'model_requests_total{model="fraud",version="1"} 1e308',
  'model_requests_total{model="other",version="1"} 1.7976931348623157e308',
  'model_requests_created{model="fraud",version="1"} -1e308',
  'model_requests_created{model="fraud",version="1"} 1e300',
  'model_requests_total 1 # {a="b',
  `model_requests_total 1 # {a="${'x'.repeat(129)}"} 1`,
  'model_latency_seconds_bucket{model="fraud",version="1"} 1',
  ...['NaN', '-Inf', '', 'x', '1', '0x10', '1e309', ' 1 '].map(
    (bound) => `model_latency_seconds_bucket{model="fraud",version="1",le="${bound}"} 1e300`,
  ),
  'model_latency_seconds_sum{model="fraud",version="1"} -1.7976931348623157e308',
  'model_latency_seconds_count{model="fraud",version="1"} 0.5',
  'model_size{model="fraud",version="1",quantile="2"} 1',
  '# {"__proto__"="x"}',
  '</html>',
  '{"status":"error"}',
];

export const FRAUD = [label('model', 'fraud'), label('version', '1')];
export const histogram = (fields: MetricInit['histogram']) =>
  pageOf({
    name: 'model_latency_seconds',
    type: TYPE.histogram,
    metric: [{ label: FRAUD, histogram: { sampleCount: 3n, sampleSum: 1, ...fields } }],
  });
export const gauge = (name: string, labels: readonly (readonly [string, string])[], value: number) =>
  pageOf({
    name,
    type: TYPE.gauge,
    metric: [{ label: labels.map(([key, text]) => label(key, text)), gauge: { value } }],
  });

/** NaNs that are something else elsewhere: Prometheus' stale marker, and others with a payload. */
function nanOf(payload: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(0x7ff0_0000_0000_0000n + payload);
  return bytes.readDoubleLE();
}

/** Groups within groups that none of them ends. */
export const groups = (depth: number) => Buffer.alloc(depth, 0x5b);
const MOST = 0xffff_ffff;

export const FAMILIES: readonly Buffer[] = [
  ...NAMES.map((name) => gauge(name, [[name, name]], 1)),
  ...NAMES.map((name) =>
    gauge(
      'model_accuracy',
      [
        ['model', name],
        ['version', name],
      ],
      1,
    ),
  ),
  ...[1n, 2n, 0x8_0000_0000_0001n, 0xf_ffff_ffff_ffffn].map((payload) =>
    gauge('model_accuracy', [['model', 'fraud']], nanOf(payload)),
  ),
  ...[Infinity, -Infinity, 1e308, -0, 5e-324].map((value) =>
    gauge('model_accuracy', [['model', 'fraud']], value),
  ),
  gauge(
    'model_accuracy',
    [
      ['model', 'a'],
      ['model', 'a'],
    ],
    1,
  ),
  gauge('model_accuracy', [['', 'a']], 1),
  gauge('model_accuracy', [['__name__', 'other']], 1),
  pageOf({
    name: 'model_requests_total',
    type: TYPE.counter,
    metric: [{ label: FRAUD, counter: { value: 1e308 } }],
  }),
  pageOf({
    name: 'model_requests_total',
    type: TYPE.counter,
    metric: [{ label: FRAUD, counter: { value: 5, createdTimestamp: { seconds: -(2n ** 63n), nanos: -1 } } }],
  }),
  pageOf({ name: 'model_accuracy', type: 99, metric: [] }),
  pageOf({
    name: 'model_accuracy',
    type: TYPE.gauge,
    metric: [{ timestampMs: 2n ** 63n - 1n, gauge: { value: 1 } }],
  }),
  pageOf({ name: 'model_accuracy', type: TYPE.gauge, metric: [{ timestampMs: -1n, gauge: { value: 1 } }] }),
  // Classic buckets that are out of order, repeated, or of no bound.
  histogram({ bucket: [{ upperBound: NaN, cumulativeCount: 1n }] }),
  histogram({
    bucket: [
      { upperBound: 2, cumulativeCount: 3n },
      { upperBound: 1, cumulativeCount: 1n },
    ],
  }),
  histogram({
    bucket: [
      { upperBound: 1, cumulativeCount: 3n },
      { upperBound: 1, cumulativeCount: 1n },
    ],
  }),
  histogram({ bucket: [{ upperBound: 1, cumulativeCountFloat: -1 }] }),
  histogram({ sampleCount: 2n ** 64n - 1n, bucket: [{ upperBound: 1, cumulativeCount: 2n ** 64n - 1n }] }),
  histogram({ sampleCountFloat: NaN, sampleSum: NaN }),
  // Native buckets that claim what they do not have.
  histogram({ positiveSpan: [{ offset: 0, length: MOST }] }),
  histogram({ positiveSpan: Array.from({ length: 1000 }, () => ({ offset: 0x7fff_ffff, length: MOST })) }),
  histogram({ positiveSpan: [{ offset: -0x8000_0000, length: 1 }], positiveDelta: [3n] }),
  histogram({ positiveSpan: [{ offset: 0x7fff_ffff, length: 3 }], positiveDelta: [1n, 0n, 0n] }),
  histogram({
    positiveSpan: [
      { offset: 1, length: 1 },
      { offset: -5, length: 1 },
    ],
    positiveDelta: [1n, 1n],
  }),
  histogram({ positiveSpan: [{ offset: 1, length: 2 }], positiveDelta: [5n, -6n] }),
  histogram({ positiveSpan: [{ offset: 1, length: 2 }], positiveDelta: [2n ** 62n, 2n ** 62n] }),
  histogram({ positiveSpan: [{ offset: 1, length: 1 }], positiveCount: [NaN], sampleCountFloat: 3 }),
  histogram({ positiveSpan: [{ offset: 1, length: 1 }], positiveCount: [1e308], sampleCountFloat: 1e308 }),
  histogram({ negativeSpan: [{ offset: 1, length: 1 }], negativeDelta: [3n], schema: 9 }),
  histogram({ negativeSpan: [{ offset: 1, length: 1 }], negativeDelta: [3n], schema: -0x8000_0000 }),
  histogram({ zeroThreshold: NaN, zeroCount: 3n }),
  histogram({ zeroThreshold: Infinity, zeroCount: 3n }),
  histogram({ zeroThreshold: 1e308, zeroCount: 3n }),
  histogram({ zeroThreshold: 1e-300, zeroCount: 2n ** 64n - 1n }),
  histogram({ schema: 8, positiveSpan: [{ offset: -500_000, length: 3 }], positiveDelta: [1n, 0n, 0n] }),
  // Lengths, groups and types of the wire that lie.
  Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f),
  Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Buffer.alloc(64, 0xff),
  Buffer.alloc(64, 0x80),
  Buffer.of(0x00),
  rawFamily(0x0a, 0x7f, 'short'),
  rawFamily(0x0a, 0x80, 0x80, 0x80, 0x80, 0x08),
  rawFamily(groups(101)),
  rawFamily(0x0c),
  rawFamily(0x07, 0x0f),
  rawFamily(rawField(1, Buffer.of(0xff, 0xfe))),
  rawFamily(rawField(1, 'a'), rawField(4, rawField(1, rawField(1, Buffer.of(0xc0, 0x80))))),
  rawFamily(rawField(1, 'a'), rawField(4, rawField(2, 0x09, 1, 2, 3))),
  rawFamily(rawField(1, 'a'), rawField(4, rawField(7, rawField(13, Buffer.alloc(50, 0xff))))),
  rawFamily(rawField(1, 'a'), rawField(99, Buffer.alloc(300))),
];
