/** An entry of `metrics` with all that its rules are made of. */
import type { Config, MetricInput } from '../config/config.ts';
import type { Rule } from '../core/rule.ts';
import { jobsOf } from './jobs.ts';
import type { Models } from './models.ts';
import type { RuleNames } from './names.ts';
import type { Pace } from './pace.ts';
import { paceOf } from './pace.ts';
import type { Sayable } from './value.ts';
import { LOOKBACK_MS } from './value.ts';

export interface Entry {
  readonly rule: Rule;
  readonly settings: Sayable;
  readonly input: MetricInput;
  readonly models: Models;
  readonly names: RuleNames;
  readonly pace: Pace;
  /** Of the whole config: the label that tells what it records from what others do. */
  readonly jobs: string;
  /** How far back the average is looked for. */
  readonly memoryMs: number;
}

export function entryOf(
  { rule, settings, input }: Pick<Entry, 'rule' | 'settings' | 'input'>,
  { config, models, names }: { readonly config: Config; readonly models: Models; readonly names: RuleNames },
): Entry {
  const pace = paceOf(input, config.scrapes);
  // Shorter than that it would lose itself between two samples.
  const memoryMs = Math.max(rule.staleAfterMs, 3 * pace.sampleMs, LOOKBACK_MS);
  const jobs = [...new Set(jobsOf(config.scrapes).map(({ name }) => name))].join(',');
  return { rule, settings, input, models, names, pace, jobs, memoryMs };
}
