import { describe, expect, it } from 'vitest';
import { DAY, HOUR, JOB, load, MINUTE, metric, PULLED, PUSHED, pulled } from './loading.testing.ts';

describe('a metric', () => {
  it('has the defaults of the contract', () => {
    expect(metric({})).toMatchObject({
      metric: 'accuracy',
      entry: 0,
      models: [],
      from: null,
      smoothing: { kind: 'alpha', alpha: 0.25 },
      warmUp: 0,
      detector: { kind: 'threshold', bound: 'below', threshold: 0.85, clear: 0.85 },
      forMs: 0,
      minSamples: 1,
      keepFiringForMs: 0,
      action: 'flag',
      staleAfterMs: DAY,
      ttlMs: DAY,
    });
  });

  it('has what is written', () => {
    const written = {
      models: ['fraud*'],
      smoothing: { half_life: '10m', warm_up: 3 },
      drift: { above: 150, clear: 140, for: '5m', keep_firing_for: '2m', min_samples: 5 },
      action: 'inhibit',
      stale_after: '1m',
      ttl: '1h',
    };
    expect(metric(written)).toMatchObject({
      models: ['fraud*'],
      smoothing: { kind: 'half_life', halfLifeMs: 10 * MINUTE },
      warmUp: 3,
      detector: { kind: 'threshold', bound: 'above', threshold: 150, clear: 140 },
      forMs: 5 * MINUTE,
      minSamples: 5,
      keepFiringForMs: 2 * MINUTE,
      action: 'inhibit',
      staleAfterMs: MINUTE,
      ttlMs: HOUR,
    });
  });

  it('that only has a warm-up keeps the default alpha', () => {
    expect(metric({ smoothing: { warm_up: 10 } })).toMatchObject({
      warmUp: 10,
      smoothing: { kind: 'alpha', alpha: 0.25 },
    });
  });

  it('may have a threshold of zero', () => {
    expect(metric({ drift: { below: 0 } }).detector).toMatchObject({
      bound: 'below',
      threshold: 0,
      clear: 0,
    });
  });

  it.each<[string, number, object, object]>([
    ['pushed: the default ttl', DAY, {}, {}],
    ['pushed: its own ttl', HOUR, { ttl: '1h' }, {}],
  ])('is stale after, %s', (_name, ms, changes) => {
    expect(metric(changes).staleAfterMs).toBe(ms);
  });

  it.each<[string, number, object]>([
    ['five minutes where scrapes are frequent', 5 * MINUTE, {}],
    ['three intervals where they are rare', 30 * MINUTE, { global: { scrape_interval: '10m' } }],
    [
      'three of the longest interval',
      3 * HOUR,
      { scrape_configs: [JOB, { ...JOB, job_name: 'slow', scrape_interval: '1h' }] },
    ],
    [
      'three of the longest gap of a schedule',
      3 * 14 * HOUR,
      { scrape_configs: [{ ...JOB, schedule: '0 8-18 * * *' }] },
    ],
    [
      'three windows where they are longer than the intervals',
      45 * MINUTE,
      { metrics: [{ ...PULLED, from: { rate: 'errors_total', window: '15m' } }] },
    ],
    [
      'three intervals where they are longer than the window',
      3 * HOUR,
      {
        global: { scrape_interval: '1h' },
        metrics: [{ ...PULLED, from: { rate: 'errors_total', window: '15m' } }],
      },
    ],
    [
      'five minutes where windows are short',
      5 * MINUTE,
      { metrics: [{ ...PULLED, from: { mean: 'latency_seconds', window: '1m' } }] },
    ],
    ['what is written', MINUTE, { metrics: [{ ...PULLED, stale_after: '1m' }] }],
  ])('that is scraped is stale after %s', (_name, ms, rest) => {
    expect(pulled({}, rest).staleAfterMs).toBe(ms);
  });

  it('that is scraped has an input', () => {
    const config = load({
      scrape_configs: [JOB],
      metrics: [
        PUSHED,
        {
          ...PULLED,
          name: 'latency',
          models: ['a'],
          from: { gauge: 'latency{stage="prod"}', scale: 1000, aggregate: 'max' },
        },
      ],
    });
    expect(config.inputs).toEqual([
      {
        entry: 1,
        metric: 'latency',
        models: ['a'],
        from: {
          takes: [
            {
              role: 'value',
              selector: {
                text: 'latency{stage="prod"}',
                matchers: [
                  { label: '__name__', operator: '=', value: 'latency' },
                  { label: 'stage', operator: '=', value: 'prod' },
                ],
              },
            },
          ],
          settings: { kind: 'gauge', scale: 1000, aggregate: 'max' },
        },
      },
    ]);
    expect(config.judge.rules.map(({ from }) => from)).toEqual([null, config.inputs[0]!.from.settings]);
  });
});

describe('a fingerprint', () => {
  const base = {
    from: { gauge: 'a{b="1",c="2"}' },
    smoothing: { alpha: 0.5 },
    drift: { below: 0.85, for: '60s' },
  };
  const of = (changes: object) => {
    const { inputFingerprint, judgeFingerprint } = pulled({ ...base, ...changes });
    return { input: inputFingerprint, judge: judgeFingerprint };
  };

  it.each<[string, object]>([
    ['the way durations are written', { drift: { below: 0.85, for: '1m' } }],
    ['a default that is written', { drift: { below: 0.85, for: '1m', clear: 0.85, min_samples: 1 } }],
    ['the order of keys', { drift: { for: '60s', below: 0.85 } }],
    ['the way a selector is written', { from: { gauge: '{ c="2", __name__="a", b="1", }' } }],
    ['a scale of one', { from: { gauge: 'a{b="1",c="2"}', scale: 1 } }],
    [
      'action, ttl, models and stale_after',
      { action: 'retrain', ttl: '1h', models: ['x'], stale_after: '1m' },
    ],
  ])('does not change with %s', (_name, changes) => {
    expect(of(changes)).toEqual(of({}));
  });

  it.each<[string, object]>([
    ['another selector', { from: { gauge: 'a{b="1"}' } }],
    ['another scale', { from: { gauge: 'a{b="1",c="2"}', scale: 2 } }],
    ['another aggregate', { from: { gauge: 'a{b="1",c="2"}', aggregate: 'avg' } }],
    ['another alpha', { smoothing: { alpha: 0.25 } }],
    ['a half-life', { smoothing: { half_life: '5m' } }],
    ['a warm-up', { smoothing: { alpha: 0.5, warm_up: 1 } }],
  ])('of the input changes with %s, that of the judgement does not', (_name, changes) => {
    expect(of(changes).input).not.toBe(of({}).input);
    expect(of(changes).judge).toBe(of({}).judge);
  });

  it('of a gauge is what stores of the first version hold', () => {
    const from = { gauge: 'a{b="1",c=~"2"}', scale: 1000, aggregate: 'max' };
    const smoothing = { half_life: '10m', warm_up: 3 };
    expect(of({ from, smoothing }).input).toBe(
      String.raw`{"from":{"aggregate":"max","kind":"gauge","matchers":["[\"__name__\",\"=\",\"a\"]","[\"b\",\"=\",\"1\"]","[\"c\",\"=~\",\"2\"]"],"scale":1000},"smoothing":{"halfLifeMs":600000,"kind":"half_life"},"warmUp":3}`,
    );
    expect(pulled({}).inputFingerprint).toBe(
      String.raw`{"from":{"aggregate":null,"kind":"gauge","matchers":["[\"__name__\",\"=\",\"model_accuracy\"]"],"scale":1},"smoothing":{"alpha":0.25,"kind":"alpha"},"warmUp":0}`,
    );
  });

  it('of the input tells pushed from scraped', () => {
    expect(metric({ smoothing: { alpha: 0.5 } }).inputFingerprint).not.toBe(of({}).input);
  });

  it.each<[string, object]>([
    ['another threshold', { below: 0.8, for: '60s' }],
    ['another direction', { above: 0.85, for: '60s' }],
    ['a clear', { below: 0.85, clear: 0.9, for: '60s' }],
    ['another for', { below: 0.85 }],
    ['min_samples', { below: 0.85, for: '60s', min_samples: 2 }],
    ['keep_firing_for', { below: 0.85, for: '60s', keep_firing_for: '1m' }],
  ])('of the judgement changes with %s, that of the input does not', (_name, drift) => {
    expect(of({ drift }).judge).not.toBe(of({}).judge);
    expect(of({ drift }).input).toBe(of({}).input);
  });
});
