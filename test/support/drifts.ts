/** Samples that wander around a threshold, and when Driftgauge says that they drift. */
import type { Config } from '../../src/config/config.ts';
import { phaseOf } from '../../src/core/signal.ts';
import { DriftDetector } from '../../src/detector.ts';

/** A walk around 0.85, the same for the same seed. */
export function walk(seed: number, length: number): readonly number[] {
  let state = seed;
  let at = 0.85;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    at += 0.1 * (state / 2 ** 31 - 0.5) + 0.1 * (0.85 - at);
    return Math.round(at * 1e4) / 1e4;
  });
}

/** Whether there is a drift after each sample of the config's first metric, as an entry without `from`. */
export function drifts(
  { judge }: Config,
  { values, intervalMs }: { readonly values: readonly number[]; readonly intervalMs: number },
): readonly boolean[] {
  const [first] = judge.rules;
  const rule = { ...first!, from: null };
  const detector = DriftDetector.create({ ...judge, rules: [rule] }, { at: 0 });
  const model = { name: 'fraud', version: '1' };
  return values.map((value, index) => {
    const timestamp = index * intervalMs;
    detector.observe([{ model, metric: rule.metric, value, timestamp }], timestamp);
    return ['drifting', 'recovering'].includes(phaseOf(detector.resolve(rule, model)!.record));
  });
}
