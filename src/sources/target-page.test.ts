import { describe, expect, it } from 'vitest';
import type { RawEntry } from './config.testing.ts';
import { pageOf, TYPE } from './formats/protobuf.testing.ts';
import { OPENMETRICS, TEXT, TestProcess } from './process.testing.ts';

const METRICS: readonly RawEntry[] = [
  { name: 'accuracy', from: { gauge: 'accuracy' } },
  { name: 'load', from: { gauge: 'load', aggregate: 'sum' } },
  { name: 'traffic', from: { rate: 'requests_total' } },
  { name: 'latency', from: { histogram_quantile: { quantile: 0.5, of: 'seconds' } }, drift: { above: 1 } },
];

/** What a target of two models says after `n` requests. */
const good = (n: number) =>
  ['a', 'b']
    .flatMap((model) => [
      `accuracy{model="${model}"} ${n / 100}`,
      `load{model="${model}",pod="x"} ${n}`,
      `load{model="${model}",pod="y"} 1`,
      `requests_total{model="${model}"} ${n}`,
      `seconds_bucket{model="${model}",le="2"} ${n}`,
      `seconds_bucket{model="${model}",le="+Inf"} ${n}`,
    ])
    .map((line) => `${line}\n`)
    .join('');

function watched(): TestProcess {
  const process = new TestProcess({ metrics: METRICS });
  process.target.take(good(0));
  process.target.take(good(10));
  return process;
}

const DELIMITED =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const GAUGE = { name: 'accuracy', type: TYPE.gauge, metric: [{ gauge: { value: 1 } }] };

describe('a page that is refused', () => {
  // Each begins with what would count, for models that are known and for new ones.
  const begin = `${good(5000)}accuracy{model="new"} 1\nrequests_total{model="new"} 1\n`;

  it.each<[string, string | Uint8Array, { contentType?: string; sampleLimit?: number }, string, RegExp]>([
    ['at a fault in its last line', `${begin}oops`, {}, 'parse', /^line 15: expected a value/],
    [
      'as a web page',
      '<!DOCTYPE html>\n<title>502</title>',
      { contentType: 'text/html' },
      'parse',
      /^line 1: /,
    ],
    [
      'as too many samples',
      begin,
      { sampleLimit: 13 },
      'sample_limit',
      /^the page has more than 13 samples$/,
    ],
    [
      'as OpenMetrics that was cut short',
      '# TYPE accuracy gauge\naccuracy{model="a"} 1\n',
      { contentType: OPENMETRICS },
      'parse',
      /# EOF/,
    ],
    [
      'as protobuf that was cut short',
      pageOf(GAUGE, GAUGE).subarray(0, -1),
      { contentType: DELIMITED },
      'parse',
      /byte/,
    ],
    [
      'as protobuf in an encoding that nobody asked for',
      begin,
      { contentType: DELIMITED.replace('delimited', 'text') },
      'parse',
      /encoding/,
    ],
  ])('%s leaves everything as it was', (_case, content, options, reason, message) => {
    const process = watched();
    const { intake, budget } = process;
    const before = { memory: intake.memory, used: budget.used, batches: intake.batches.length };
    const outcome = process.target.take(content, options);
    expect(outcome).toEqual({ ok: false, reason, message: expect.stringMatching(message) });
    expect(intake.memory).toEqual(before.memory);
    expect(intake.drops).toEqual({});
    expect(intake.batches).toHaveLength(before.batches);

    // The next page is as if there had been no answer at all.
    const other = watched();
    other.target.fail();
    for (const each of [process, other]) each.target.take(good(40));
    expect(intake.lines).toHaveLength(8);
    expect(intake.batches.at(-1)).toEqual(other.intake.batches.at(-1));
    expect(budget.used).toBe(before.used);
  });

  it('takes no room from others, not even for the time in which it is read', () => {
    const process = watched();
    const { used } = process.budget;
    process.target.take(`${begin}oops`);
    expect(process.budget.used).toBe(used);
  });
});

describe('samples that cannot be taken', () => {
  it.each<[string, string, number]>([
    ['no_model', 'accuracy 1', 0],
    ['bad_name', `accuracy{model="${'x'.repeat(1025)}"} 1`, 0],
    ['non_finite', 'accuracy{model="a"} NaN', 0],
    ['non_finite', 'accuracy{model="a"} +Inf', 0],
    ['late', 'accuracy{model="a"} 1 1000', 0],
    ['future', 'accuracy{model="a"} 1 1303001', 0],
    ['duplicate_series', 'accuracy{model="a",pod="x"} 1\naccuracy{model="a",pod="y"} 2', 1],
  ])('are counted as %s, and leave no trace: %s', (reason, lines, events) => {
    const process = watched();
    const before = process.intake.memory;
    process.target.take(`${lines}\n`);
    expect(process.intake.drops).toEqual({ [reason]: 1 });
    if (events === 0) expect(process.intake.memory).toEqual(before);
  });

  it.each<[string, string]>([
    ['non_finite', 'requests_total{model="a"} NaN'],
    ['late', 'requests_total{model="a"} 9000 1000'],
    ['duplicate', 'requests_total{model="a"} 9000 1002000'],
    ['future', 'requests_total{model="a"} 9000 1303001'],
  ])(
    'of counters are counted as %s, and what was counted meanwhile counts with the next: %s',
    (reason, line) => {
      const process = watched();
      process.target.take(`${line}\n`);
      expect(process.intake.drops).toEqual({ [reason]: 1 });
      process.target.take('requests_total{model="a"} 40\n');
      expect(process.intake.lines).toEqual(['2 a:none 15']);
    },
  );

  it('because there is no room for their series are counted as max_series, each time', () => {
    const process = watched();
    process.budget.limit = process.budget.used + 1;
    const more = `${good(20)}accuracy{model="c"} 1\naccuracy{model="d"} 1\naccuracy{model="e"} 1\n`;
    expect(process.target.take(more)).toEqual({ ok: true, samples: 15 });
    expect(process.intake.drops).toEqual({ max_series: 2 });
    expect(process.intake.lines).toContain('0 c:none 1');
    process.target.take(more);
    expect(process.intake.drops).toEqual({ max_series: 4 });
  });

  it('find room as soon as the series of others are gone', () => {
    const process = watched();
    process.budget.limit = process.budget.used;
    process.target.take(good(20).replaceAll('"b"', '"c"'));
    expect(process.intake.drops).toEqual({ max_series: 6 });
    process.target.take(good(30).replaceAll('"b"', '"c"'));
    expect(process.intake.lines).toContain('0 c:none 0.3');
    expect(process.intake.drops).toEqual({ max_series: 6 });
  });
});

describe('the time of a sample', () => {
  it('is when the scrape began, where the page gives none', () => {
    const process = new TestProcess({ metrics: METRICS });
    process.intake.time = 2_000_000;
    process.target.take('accuracy{model="a"} 1\naccuracy{model="b"} 1 1990000\n', { ageMs: 700 });
    expect(process.intake.batches.at(-1)).toEqual([
      { signal: '0 a:none', value: 1, time: 2_000_300, weight: 1, stamped: true },
      { signal: '0 b:none', value: 1, time: 1_990_000, weight: 1, stamped: false },
    ]);
  });
});

describe('the room for series', () => {
  const alike = '# TYPE accuracy gauge\naccuracy{model="a"} 1\naccuracy{model="b"} 1\n';

  it('is taken once, though the target changes its format', () => {
    const { target, budget } = new TestProcess({ metrics: METRICS });
    for (const [content, contentType] of [
      [alike, TEXT],
      [`${alike}# EOF\n`, OPENMETRICS],
      [pageOf(GAUGE), DELIMITED],
      [alike, TEXT],
    ] as const) {
      expect(target.take(content, { contentType })).toMatchObject({ ok: true });
      expect(budget.used).toBe(contentType === DELIMITED ? 1 : 2);
    }
  });

  it('is given back with the target', () => {
    const { target, budget } = new TestProcess({ metrics: METRICS });
    target.take(alike);
    target.known.dispose();
    target.known.dispose();
    expect(budget.used).toBe(0);
  });
});
