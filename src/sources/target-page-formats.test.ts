/** A target may answer in another format from one scrape to the next: what it counts is the same, so are the events. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawEntry } from './config.testing.ts';
import { pageOf, TYPE } from './formats/protobuf.testing.ts';
import { OPENMETRICS, TEXT, TestProcess } from './process.testing.ts';

/** What a target has counted; times in whole nanoseconds since 1970. */
interface State {
  readonly errors: number;
  readonly requests: number;
  /** Cumulative, up to 0.1, up to 1, and all. */
  readonly buckets: readonly [number, number, number];
  readonly sum: number;
  readonly created: bigint;
}

const NOTHING: State = { errors: 0, requests: 0, buckets: [0, 0, 0], sum: 0, created: 0n };
const LABELS = { model: 'm', version: '1' };

interface Spelling {
  readonly contentType: string;
  spell(state: State): string | Uint8Array;
}

function textOf({ errors, requests, buckets: [fast, good, all], sum }: State): string {
  return `# TYPE errors_total counter
errors_total{model="m",version="1"} ${errors}
# TYPE requests_total counter
requests_total{version="1",model="m",} ${requests}
# TYPE seconds histogram
seconds_bucket{model="m",version="1",le="0.1"} ${fast}
seconds_bucket{model="m",version="1",le="1"} ${good}
seconds_bucket{model="m",version="1",le="+Inf"} ${all}
seconds_sum{model="m",version="1"} ${sum}
seconds_count{model="m",version="1"} ${all}
accuracy{model="m",version="1"} ${sum}
`;
}

function openMetricsOf({ errors, requests, buckets: [fast, good, all], sum, created }: State): string {
  // As Go's library does it: the nanoseconds as a float, and then the seconds.
  const seconds = Number(created) / 1e9;
  return `# TYPE accuracy gauge
accuracy{model="m",version="1"} ${sum}
# TYPE requests counter
requests_total{model="m",version="1"} ${requests}
requests_created{model="m",version="1"} ${seconds}
# TYPE errors counter
errors_total{model="m",version="1"} ${errors}
errors_created{model="m",version="1"} ${seconds}
# TYPE seconds histogram
seconds_bucket{model="m",version="1",le="0.1"} ${fast}
seconds_bucket{model="m",version="1",le="1.0"} ${good}
seconds_bucket{model="m",version="1",le="+Inf"} ${all}
seconds_sum{model="m",version="1"} ${sum}
seconds_count{model="m",version="1"} ${all}
seconds_created{model="m",version="1"} ${seconds}
# EOF
`;
}

function protobufOf(state: State, native: object = {}): Uint8Array {
  const { errors, requests, buckets, sum, created } = state;
  const [fast, good, all] = buckets;
  const label = Object.entries(LABELS).map(([name, value]) => ({ name, value }));
  const createdTimestamp = { seconds: created / 1_000_000_000n, nanos: Number(created % 1_000_000_000n) };
  const counter = (name: string, value: number) => ({
    name,
    type: TYPE.counter,
    metric: [{ label, counter: { value, createdTimestamp } }],
  });
  return pageOf(
    counter('errors_total', errors),
    counter('requests_total', requests),
    {
      name: 'seconds',
      type: TYPE.histogram,
      metric: [
        {
          label,
          histogram: {
            sampleCount: BigInt(all),
            sampleSum: sum,
            createdTimestamp,
            ...native,
            bucket: [
              { upperBound: 0.1, cumulativeCount: BigInt(fast) },
              { upperBound: 1, cumulativeCount: BigInt(good) },
            ],
          },
        },
      ],
    },
    { name: 'accuracy', type: TYPE.gauge, metric: [{ label, gauge: { value: sum } }] },
  );
}

/** With the histogram in its native form beside the classic one: buckets up to 1/16, 1/2 and 2. */
function nativeOf(state: State): Uint8Array {
  const [fast, good, all] = state.buckets.map(BigInt) as [bigint, bigint, bigint];
  const counts = [fast, good - fast, all - good] as const;
  return protobufOf(state, {
    schema: 0,
    zeroThreshold: 0.001,
    positiveSpan: [
      { offset: -4, length: 1 },
      { offset: 2, length: 1 },
      { offset: 1, length: 1 },
    ],
    positiveDelta: [counts[0], counts[1] - counts[0], counts[2] - counts[1]],
  });
}

const DELIMITED =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const SPELLINGS = {
  text: { contentType: TEXT, spell: textOf },
  openmetrics: { contentType: OPENMETRICS, spell: openMetricsOf },
  protobuf: { contentType: DELIMITED, spell: (state: State) => protobufOf(state) },
  native: { contentType: DELIMITED, spell: nativeOf },
} satisfies Record<string, Spelling>;

type FormatName = keyof typeof SPELLINGS;

const METRICS: readonly RawEntry[] = [
  { name: 'accuracy', from: { gauge: 'accuracy' } },
  { name: 'traffic', from: { rate: 'requests_total' } },
  { name: 'slow', from: { rate: 'seconds_bucket{le="1"}' } },
  { name: 'errors', from: { ratio: { numerator: 'errors_total', denominator: 'requests_total' } } },
  { name: 'mean', from: { mean: 'seconds' }, drift: { above: 1 } },
  {
    name: 'latency',
    from: { histogram_quantile: { quantile: 0.9, of: 'seconds' } },
    drift: { above: 1 },
  },
  {
    name: 'shift',
    from: { histogram: 'seconds', distance: 'ks', reference: { first: '3s' }, min_count: 1 },
    drift: { above: 1 },
  },
];

const NOW = 1_764_000_000_000;

interface Story {
  readonly metrics?: readonly RawEntry[];
  /** Pages before which the process is started again. */
  readonly restarts?: readonly number[];
}

/** The events of each page, with the observations behind them. */
function story(
  states: readonly State[],
  formats: readonly FormatName[],
  { metrics = METRICS, restarts = [] }: Story = {},
) {
  const process = new TestProcess({ metrics });
  process.intake.time = NOW;
  const pages = states.map((state, index) => {
    if (restarts.includes(index)) process.restart();
    const { contentType, spell } = SPELLINGS[formats[index % formats.length]!];
    expect(process.target.take(spell(state), { contentType })).toMatchObject({ ok: true });
    const events = process.intake.batches.at(-1)!;
    return events.map(({ signal, value, weight }) => `${signal} ${value} of ${weight}`).sort();
  });
  return { pages, drops: process.intake.drops, cells: process.intake.world.cellCount };
}

function grown(before: State, [errors, good, fast, slow]: readonly number[]): State {
  const [f, g, a] = before.buckets;
  const all = errors! + good! + fast! + slow!;
  return {
    ...before,
    errors: before.errors + errors!,
    requests: before.requests + all,
    buckets: [f + fast!, g + fast! + good!, a + all],
    sum: before.sum + fast! * 0.0625 + good! * 0.5 + slow! * 2,
  };
}

function statesOf(steps: readonly (readonly number[])[], begin = NOTHING): State[] {
  const states = [begin];
  for (const step of steps) states.push(grown(states.at(-1)!, step));
  return states;
}

// OpenMetrics and protobuf come to seconds that differ in the last digit.
const CREATED = 1_763_524_713_108_366_720n;

const count = fc.integer({ min: 0, max: 1000 });
const manySteps = fc.array(fc.tuple(count, count, count, count), { minLength: 1, maxLength: 8 });
const created = fc.bigInt({ min: CREATED - 10n ** 15n, max: CREATED });
const restarts = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 2 });
const formatsOf = (...names: FormatName[]) =>
  fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 9 });

describe('a target that changes its format', () => {
  const steps = [1, 4, 2, 8, 5, 7].map((n) => [n, 2 * n, 3 * n, n % 3]);
  const states = statesOf(steps, { ...NOTHING, created: CREATED });
  const alone = story(states, ['text']);

  it('says the same in each format', () => {
    expect(alone.pages.slice(1).every((page) => page.length >= 6)).toBe(true);
    expect(story(states, ['openmetrics'])).toEqual(alone);
    expect(story(states, ['protobuf'])).toEqual(alone);
  });

  it.each<[FormatName, FormatName]>([
    ['text', 'openmetrics'],
    ['openmetrics', 'text'],
    ['text', 'protobuf'],
    ['protobuf', 'text'],
    ['openmetrics', 'protobuf'],
    ['protobuf', 'openmetrics'],
  ])('from %s to %s and back loses nothing, and counts nothing twice', (one, other) => {
    expect(story(states, [one, other])).toEqual(alone);
    expect(story(states, [one, one, other, other, one])).toEqual(alone);
  });

  it('in any order says the same, though we are started again in between', () => {
    fc.assert(
      fc.property(
        manySteps,
        formatsOf('text', 'openmetrics', 'protobuf'),
        created,
        restarts,
        (steps, formats, created, restarts) => {
          const states = statesOf(steps, { ...NOTHING, created });
          expect(story(states, formats, { restarts })).toEqual(story(states, ['text']));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts observations once, classic or native, in any order', () => {
    const metrics = METRICS.filter(({ name }) => name === 'mean');
    fc.assert(
      fc.property(
        manySteps,
        formatsOf('text', 'openmetrics', 'native'),
        created,
        restarts,
        (steps, formats, created, restarts) => {
          const states = statesOf(steps, { ...NOTHING, created });
          const { pages } = story(states, ['text'], { metrics });
          expect(story(states, formats, { metrics, restarts })).toMatchObject({ pages, drops: {} });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('with its restart counts from 0, whether the counters fell or only say that they began anew', () => {
    const restarted = { ...NOTHING, created: BigInt(NOW + 2500) * 1_000_000n };
    const again = [
      ...statesOf(steps.slice(0, 2), { ...NOTHING, created: CREATED }),
      ...statesOf(
        [
          [900, 1, 1, 1],
          [1, 1, 1, 1],
        ],
        restarted,
      ).slice(1),
    ];
    const told = story(again, ['openmetrics', 'protobuf']);
    const rates = told.pages.flat().filter((line) => line.startsWith('1 '));
    // The counters are higher than before, so that only the time of their beginning tells.
    expect(rates.map((line) => Number(line.split(' ')[2]))).toEqual([7, 25, 903, 4]);
  });
});
