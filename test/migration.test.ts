/** The example of docs/migration.md: what stands before and after is read by the programs that it is for, and both fire alike. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { drifts, walk } from './support/drifts.ts';
import { configOf, exported } from './support/exported.ts';
import { checkRules, testRules } from './support/promtool.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/migration.md'), 'utf8');
const [rules, alertmanager, config] = [...PAGE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text!);
const INTERVAL_MS = 15_000;

it('the config loads, and asks nobody for now', () => {
  expect(configOf(config!).judge).toMatchObject({
    policy: { mode: 'dry_run', cooldownMs: 6 * 3_600_000 },
    rules: [{ action: 'retrain' }, { action: 'inhibit' }],
  });
});

it('the names on the page are those of the exported rules', () => {
  const text = exported(config!);
  for (const name of ['model_version:accuracy:value', 'model_version:accuracy:ema', 'ModelAccuracyDrift']) {
    expect(PAGE).toContain(name);
    expect(text).toContain(`: ${name}\n`);
  }
});

describeWith(['promtool'], 'the rules that stand before it', () => {
  it('pass promtool', () => {
    expect(checkRules(rules!)).toMatchObject({ code: 0 });
  });

  it('and those that are exported fire while Driftgauge says that accuracy drifts', () => {
    const tests = [1, 2, 3].map((seed) => {
      const values = walk(seed, 300);
      const expected = drifts(configOf(config!), { values, intervalMs: INTERVAL_MS });
      expect(new Set(expected).size, `seed ${seed}`).toBe(2);
      return {
        interval: `${INTERVAL_MS}ms`,
        input_series: [
          { series: 'model_accuracy{job="fraud",model="fraud",version="1"}', values: values.join(' ') },
        ],
        promql_expr_test: expected.map((drifting, index) => ({
          expr: 'count by (model) (ALERTS{alertname=~"AccuracyLow|ModelAccuracyDrift", alertstate="firing"})',
          eval_time: `${index * INTERVAL_MS}ms`,
          exp_samples: drifting ? [{ labels: '{model="fraud"}', value: 2 }] : [],
        })),
      };
    });
    const both = `${exported(config!)}${rules!.replace('groups:\n', '')}`;
    expect(testRules(both, { intervalMs: INTERVAL_MS, tests })).toEqual({
      code: 0,
      output: expect.any(String),
    });
  });
});

describeWith(['prometheus-alertmanager'], 'the Alertmanager config that stands before it', () => {
  it('passes amtool', () => {
    using folder = scratch();
    const file = folder.file('alertmanager.yml');
    writeFileSync(file, alertmanager!);
    const { status, stdout } = spawnSync('amtool', ['check-config', file], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(' - 2 receivers\n') });
  });
});
