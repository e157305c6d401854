/** One target that serves many models, and labels that are rewritten before anybody looks at them. */
import { describe, expect, it } from 'vitest';
import type { RawEntry } from './config.testing.ts';
import { oneTarget, TestProcess } from './process.testing.ts';

const ACCURACY = { from: { gauge: 'accuracy' } };

describe('300 models behind one target, under labels of its own', () => {
  const MODELS = Array.from({ length: 300 }, (_, index) => `team-${index % 3}/model-${index}`);
  const METRICS = [
    { name: 'quality', models: ['team-0/*'], from: { gauge: 'score{stage="prod"}', scale: 100 } },
    { name: 'quality', from: { gauge: 'score{stage=~"prod|canary"}', aggregate: 'min' } },
    { name: 'errors', from: { ratio: { numerator: 'errors_total', denominator: 'requests_total' } } },
    {
      name: 'latency',
      models: ['*-7', '*-8'],
      from: { histogram_quantile: { quantile: 0.5, of: 'seconds' } },
      drift: { above: 1 },
    },
  ];
  const process = new TestProcess({
    metrics: METRICS,
    job: { identity: { model: 'served_model', version: 'revision' } },
  });

  /** What the target says after `requests` requests to each model, of which model n has failed one in n + 1. */
  function lines(requests: number): string[] {
    return MODELS.flatMap((model, index) => {
      const labels = `served_model="${model}",revision="r${index}",model="none of this"`;
      const fast = requests / 2;
      return [
        `score{${labels},stage="prod"} ${index / 300}`,
        `score{${labels},stage="canary"} ${(index + 1) / 300}`,
        `score{${labels},stage="test"} 0`,
        `errors_total{${labels},code="500"} ${requests / (index + 1)}`,
        `requests_total{${labels},code="500"} ${requests / (index + 1)}`,
        `requests_total{${labels},code="200"} ${requests - requests / (index + 1)}`,
        `seconds_bucket{${labels},le="0.1"} ${fast}`,
        `seconds_bucket{${labels},le="+Inf"} ${requests}`,
        `seconds_sum{${labels}} ${requests}`,
        `seconds_count{${labels}} ${requests}`,
      ];
    });
  }

  const expected = MODELS.flatMap((model, index) => [
    index % 3 === 0 ? [`0 ${model}:r${index}`, (index / 300) * 100] : [`1 ${model}:r${index}`, index / 300],
    [`2 ${model}:r${index}`, 1 / (index + 1)],
    ...(model.endsWith('-7') || model.endsWith('-8') ? [[`3 ${model}:r${index}`, 0.1]] : []),
  ]) as [string, number][];

  function eventsOf(page: readonly string[]): [string, number][] {
    process.target.page(...page);
    return process.intake.batches.at(-1)!.map(({ signal, value }) => [signal, value]);
  }
  const sorted = (events: readonly (readonly [string, number])[]) =>
    events.map(([signal, value]) => `${signal} ${value.toFixed(9)}`).sort();

  it('are each judged by the entries of its own, from its own series', () => {
    eventsOf(lines(0));
    expect(sorted(eventsOf(lines(1000)))).toEqual(sorted(expected));
    expect(sorted(eventsOf(lines(3000).reverse()))).toEqual(sorted(expected));
    expect(process.intake.world.signalCount).toBe(expected.length);
  });

  it('have dropped nothing: what an entry does not take is not wanted', () => {
    expect(process.intake.drops).toEqual({});
  });
});

describe('with metric_relabel_configs', () => {
  const relabelled = (rules: readonly RawEntry[], entry: RawEntry = ACCURACY) =>
    oneTarget([entry], { metric_relabel_configs: rules, labels: { version: '7' } });
  const rename = { source_labels: ['__name__'], target_label: '__name__' };
  const SERIES = 'accuracy{model="m"} 1';

  it.each<[string, readonly RawEntry[], string, readonly string[], Record<string, number>]>([
    [
      'a series is taken under the name that it is given',
      [{ ...rename, regex: 'model_(.+)', replacement: '$1' }],
      'model_accuracy{model="m"} 1',
      ['0 m:7 1'],
      {},
    ],
    [
      'a series is not taken under the name that it had',
      [{ ...rename, regex: 'accuracy', replacement: 'other' }],
      SERIES,
      [],
      {},
    ],
    [
      'a dropped series is nothing, and not counted',
      [{ source_labels: ['model'], regex: 'm', action: 'drop' }],
      SERIES,
      [],
      {},
    ],
    [
      'the model is named by a label that a rule made',
      [
        { source_labels: ['path'], regex: '/models/(.+)/(.+)', target_label: 'model', replacement: '$1' },
        { source_labels: ['path'], regex: '/models/(.+)/(.+)', target_label: 'version', replacement: '$2' },
      ],
      'accuracy{path="/models/fraud/3"} 1',
      ['0 fraud:3 1'],
      {},
    ],
    [
      'rules see the labels of the target',
      [{ source_labels: ['job', 'instance', 'version'], separator: '/', target_label: 'model' }],
      'accuracy 1',
      ['0 serving/localhost:8000/7:7 1'],
      {},
    ],
    [
      'a label of the target that a rule has taken away does not come back',
      [{ regex: 'version', action: 'labeldrop' }],
      SERIES,
      ['0 m:none 1'],
      {},
    ],
    [
      'a series that lost its model has none',
      [{ regex: 'model', action: 'labeldrop' }],
      SERIES,
      [],
      { no_model: 1 },
    ],
    [
      'a model that became too long a name is none',
      [{ source_labels: ['model'], regex: '(.+)', target_label: 'model', replacement: '$1'.repeat(1025) }],
      SERIES,
      [],
      { bad_name: 1 },
    ],
  ])('%s', (_case, rules, line, events, drops) => {
    const scraped = relabelled(rules);
    expect(scraped.page(line)).toEqual(events);
    expect(scraped.drops).toEqual(drops);
  });

  it('selectors see the labels as they are now, the name included', () => {
    const process = new TestProcess({
      metrics: [
        { name: 'named', from: { gauge: 'b{stage="prod"}' } },
        { name: 'any', from: { gauge: '{stage="prod"}' } },
        { name: 'old', from: { gauge: 'a' } },
      ],
      job: {
        metric_relabel_configs: [
          { source_labels: ['__name__'], target_label: '__name__', replacement: 'b' },
          { target_label: 'stage', replacement: 'prod' },
        ],
      },
    });
    expect(process.target.page('a{model="m"} 1')).toEqual(['0 m:none 1', '1 m:none 1']);
  });

  it('a series that lost its name is taken by nobody, not by selectors without a name either', () => {
    const scraped = relabelled([{ regex: '__name__', action: 'labeldrop' }], {
      from: { gauge: '{model="m"}' },
    });
    expect(scraped.page(SERIES)).toEqual([]);
    expect(scraped.drops).toEqual({});
  });

  describe('two series that become one', () => {
    const MERGE = [{ regex: 'pod', action: 'labeldrop' }];
    const series = (name: string, a: number, b: number) => [
      `${name}{model="m",pod="a"} ${a}`,
      `${name}{model="m",pod="b"} ${b}`,
    ];

    it('count once where they are combined', () => {
      const scraped = relabelled(MERGE, { from: { gauge: 'accuracy', aggregate: 'sum' } });
      for (let scrape = 1; scrape <= 2; scrape++) {
        expect(scraped.page(...series('accuracy', 1, 4))).toEqual(['0 m:7 1']);
        expect(scraped.drops).toEqual({ duplicate: scrape });
      }
    });

    it('count once where they count', () => {
      const scraped = relabelled(MERGE, { from: { rate: 'x_total' } });
      scraped.page(...series('x_total', 100, 5000));
      expect(scraped.page(...series('x_total', 107, 6000))).toEqual(['0 m:7 7']);
      expect(scraped.drops).toEqual({ duplicate: 2 });
    });

    it('are several where nothing combines them: the first has the signal', () => {
      const scraped = relabelled(MERGE);
      expect(scraped.page(...series('accuracy', 1, 4))).toEqual(['0 m:7 1']);
      expect(scraped.drops).toEqual({ duplicate_series: 1 });
    });
  });

  it('the buckets of a histogram are still its own, whatever it is called', () => {
    const scraped = relabelled(
      [
        { source_labels: ['__name__'], regex: 'app_(.*)', target_label: '__name__', replacement: '$1' },
        { source_labels: ['served'], target_label: 'model' },
      ],
      { from: { histogram_quantile: { quantile: 0.5, of: 'seconds' } } },
    );
    const page = (fast: number, all: number) => [
      `app_seconds_bucket{served="m",le="2"} ${fast}`,
      `app_seconds_bucket{served="m",le="+Inf"} ${all}`,
    ];
    scraped.page(...page(1, 1));
    expect(scraped.page(...page(11, 11))).toEqual(['0 m:7 1']);
  });
});
