/** The config of a program that was given none: push only, and drifts go to the log. */
import type { Config } from './config.ts';
import { loadConfig } from './load.ts';
import { formatProblem } from './problem.ts';

export const BUILTIN_YAML = `metrics:
  - name: accuracy
    smoothing: {alpha: 0.25}
    drift: {below: 0.85}
    action: retrain
  - name: f1_score
    smoothing: {alpha: 0.25}
    drift: {below: 0.80}
    action: retrain
  - name: inference_latency # milliseconds
    smoothing: {alpha: 0.25}
    drift: {above: 150}
    action: retrain
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - name: log
      log: {}
`;

export function builtinConfig(): Config {
  const result = loadConfig({ text: BUILTIN_YAML, file: null, env: {} });
  if (result.ok) return result.config;
  throw new Error(`the built-in config is broken: ${result.problems.map(formatProblem).join('; ')}`);
}
