import { describe, expect, it } from 'vitest';
import { builtinConfig } from './builtin.ts';

describe('the built-in config', () => {
  const config = builtinConfig();

  it('judges three pushed metrics, each asking for a retrain at once', () => {
    const rules = config.judge.rules.map(
      ({ metric, detector, smoothing, action, from, forMs, minSamples }) => {
        return {
          metric,
          bound: detector.bound,
          threshold: detector.threshold,
          smoothing,
          action,
          from,
          forMs,
          minSamples,
        };
      },
    );
    const rest = {
      smoothing: { kind: 'alpha', alpha: 0.25 },
      action: 'retrain',
      from: null,
      forMs: 0,
      minSamples: 1,
    };
    expect(rules).toEqual([
      { metric: 'accuracy', bound: 'below', threshold: 0.85, ...rest },
      { metric: 'f1_score', bound: 'below', threshold: 0.8, ...rest },
      { metric: 'inference_latency', bound: 'above', threshold: 150, ...rest },
    ]);
  });

  it('asks through the log, without holding or waiting', () => {
    expect(config.triggers).toEqual([{ name: 'log', models: [], outcome: 'none', deliver: { kind: 'log' } }]);
    expect(config.judge.policy).toMatchObject({
      mode: 'act',
      initialHoldMs: 0,
      groupWaitMs: 0,
      cooldownMs: 6 * 3_600_000,
    });
  });

  it('scrapes nothing, and has no file', () => {
    expect(config).toMatchObject({ file: null, scrapes: [], inputs: [] });
    expect(config.redactedYaml).toMatch(/^metrics:\n {2}- name: accuracy\n/);
  });
});
