/** Well-formed pages of a model server with every feature that the formats have. Counters grow from page to page. */
import type { FamilyInit, MetricInit } from '../../src/sources/formats/protobuf.testing.ts';
import { label, pageOf, TYPE } from '../../src/sources/formats/protobuf.testing.ts';

export const FORMATS = ['text', 'openmetrics', 'protobuf'] as const;
export type FormatName = (typeof FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<FormatName, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

const MODELS = [
  { model: 'fraud', version: '1' },
  { model: 'a "b" \\ \n c', version: 'none' },
] as const;

const BOUNDS = [0.1, 0.5, 1, 2.5];
/** Shares of the observations up to each bound. */
const SHARES = [0.5, 0.8, 0.9, 0.95];
const BEGAN_SECONDS = 900;

/** The page with this number, from 0 on. */
export function goodPage(format: FormatName, number: number): Buffer {
  return format === 'protobuf'
    ? pageOf(...familiesOf(number))
    : Buffer.from(`${linesOf(format, number).join('\n')}\n`);
}

function linesOf(format: 'text' | 'openmetrics', number: number): string[] {
  const open = format === 'openmetrics';
  const requests = 100 * (number + 1);
  const time = open ? `${1000 + 10 * number}.5` : `${1_000_500 + 10_000 * number}`;
  const exemplar = open ? ' # {trace_id="a b\\"c"} 0.05 1.5' : '';
  const counter = (name: string) => (open ? name.replace(/_total$/, '') : name);
  const each = (lines: (labels: string) => readonly string[]) =>
    MODELS.flatMap(({ model, version }) => lines(`model="${escaped(model)}",version="${version}"`));
  return [
    '# HELP model_accuracy How often it is right: \\\\ and \\n and ü.',
    '# TYPE model_accuracy gauge',
    ...each((labels) => [
      `model_accuracy{${labels}} ${0.9 + number / 1000}`,
      `model_accuracy{${labels},replica="2"} 8.${number}e-1`,
    ]),
    `model_accuracy{model="stamped"} 0.5 ${time}`,
    ...(open
      ? []
      : [
          '',
          '# only a comment',
          ' \t# HELP model_f1 after blanks',
          'model_f1\t{ model = "fraud", }  +Inf  ',
        ]),
    `# TYPE ${counter('model_requests_total')} counter`,
    ...each((labels) => [
      `model_requests_total{${labels}} ${requests}${exemplar}`,
      ...(open ? [`model_requests_created{${labels}} ${BEGAN_SECONDS}.25`] : []),
    ]),
    `# TYPE ${counter('model_errors_total')} counter`,
    ...each((labels) => [`model_errors_total{${labels}} ${requests / 25}`]),
    '# HELP model_latency_seconds Time.',
    '# TYPE model_latency_seconds histogram',
    ...(open ? ['# UNIT model_latency_seconds seconds'] : []),
    ...each((labels) => [
      ...BOUNDS.map(
        (bound, index) =>
          `model_latency_seconds_bucket{${labels},le="${bound}"} ${Math.floor(requests * SHARES[index]!)}${bound === 0.1 ? exemplar : ''}`,
      ),
      `model_latency_seconds_bucket{${labels},le="+Inf"} ${requests}`,
      `model_latency_seconds_sum{${labels}} ${requests * 0.4}`,
      `model_latency_seconds_count{${labels}} ${requests}`,
      ...(open ? [`model_latency_seconds_created{${labels}} ${BEGAN_SECONDS}`] : []),
    ]),
    '# TYPE model_size summary',
    ...each((labels) => [
      `model_size{${labels},quantile="0.5"} 3`,
      `model_size{${labels},quantile="0.99"} NaN`,
      `model_size_sum{${labels}} ${requests * 3}`,
      `model_size_count{${labels}} ${requests}`,
    ]),
    ...(open
      ? [
          ...['# TYPE model info', 'model_info{model="fraud",framework="x"} 1'],
          ...[
            '# TYPE model_stage stateset',
            'model_stage{model_stage="a"} 1',
            'model_stage{model_stage="b"} 0',
          ],
          ...[
            '# TYPE model_queue gaugehistogram',
            'model_queue_bucket{le="1"} 2',
            'model_queue_bucket{le="+Inf"} 3',
          ],
          ...['model_queue_gcount 3', 'model_queue_gsum 1.5', '# TYPE model_any unknown', 'model_any -Inf'],
        ]
      : ['# TYPE model_any untyped', 'model_any -Inf', 'model_old 1e+3 1']),
    '# HELP "model.quoted" A name in quotes.',
    '# TYPE "model.quoted" gauge',
    `{"model.quoted",model="fraud","label.name"="ü"} ${number}`,
    ...(open ? ['# EOF'] : []),
  ];
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}

type Content = Omit<Exclude<MetricInit, { $typeName: string }>, '$typeName' | 'label'>;

function familiesOf(number: number): FamilyInit[] {
  const requests = 100 * (number + 1);
  const each = (content: Content): MetricInit[] =>
    MODELS.map(({ model, version }) => ({
      label: [label('model', model), label('version', version)],
      ...content,
    }));
  const createdTimestamp = { seconds: BigInt(BEGAN_SECONDS), nanos: 250_000_000 };
  const sampleCount = BigInt(requests);
  const bucket = BOUNDS.map((upperBound, index) => ({
    upperBound,
    cumulativeCount: BigInt(Math.floor(requests * SHARES[index]!)),
  }));
  const classic = { sampleCount, sampleSum: requests * 0.4, bucket, createdTimestamp };
  return [
    {
      name: 'model_accuracy',
      help: 'How often it is right.',
      type: TYPE.gauge,
      metric: [
        ...each({ gauge: { value: 0.9 + number / 1000 } }),
        {
          label: [label('model', 'stamped')],
          gauge: { value: 0.5 },
          timestampMs: BigInt(1_000_500 + 10_000 * number),
        },
      ],
    },
    {
      name: 'model_requests_total',
      type: TYPE.counter,
      metric: each({ counter: { value: requests, createdTimestamp } }),
    },
    { name: 'model_errors_total', type: TYPE.counter, metric: each({ counter: { value: requests / 25 } }) },
    {
      name: 'model_latency_seconds',
      type: TYPE.histogram,
      unit: 'seconds',
      metric: each({
        histogram: {
          ...classic,
          schema: 1,
          zeroThreshold: 1e-3,
          zeroCount: 1n,
          positiveSpan: [
            { offset: -2, length: 2 },
            { offset: 3, length: 1 },
          ],
          positiveDelta: [BigInt(requests / 2), BigInt(-requests / 4), -1n],
        },
      }),
    },
  ];
}
