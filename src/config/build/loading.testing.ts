/** Loads a config from what would have been its YAML, and takes out the part that a test is about. */
import { stringify } from 'yaml';
import type { Config } from '../config.ts';
import type { References } from '../from/reference.ts';
import { loadConfig } from '../load.ts';
import { formatProblem } from '../problem.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function load(
  raw: object,
  {
    file = 'folder/c.yaml',
    env = {},
    references = new Map(),
  }: { file?: string; env?: Record<string, string>; references?: References } = {},
): Config {
  const result = loadConfig({ text: stringify(raw), file, env, references });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}

export const PUSHED = { name: 'accuracy', drift: { below: 0.85 } };
export const PULLED = { ...PUSHED, from: { gauge: 'model_accuracy' } };
export const JOB = { job_name: 'fraud', static_configs: [{ targets: ['localhost:8000'] }] };

export const metric = (changes: object) => load({ metrics: [{ ...PUSHED, ...changes }] }).judge.rules[0]!;
export const pulled = (changes: object, rest: object = {}) =>
  load({ scrape_configs: [JOB], metrics: [{ ...PULLED, ...changes }], ...rest }).judge.rules[0]!;
export const job = (changes: object, rest: object = {}) =>
  load({ scrape_configs: [{ ...JOB, ...changes }], metrics: [PUSHED], ...rest }).scrapes[0]!;
export const retrain = (raw: object) => load({ metrics: [PUSHED], retrain: raw });
export const webhook = (raw: object) => {
  const { deliver } = retrain({ triggers: [{ name: 't', webhook: { url: 'http://trainer/', ...raw } }] })
    .triggers[0]!;
  if (deliver.kind !== 'webhook') throw new Error('no webhook');
  return deliver;
};
