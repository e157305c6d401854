/** An entry of `metrics` with all that its rules are made of. */
import type { Config, MetricInput } from '../config/config.ts';
import { DEFAULTS } from '../config/defaults.ts';
import type { Rule } from '../core/rule.ts';
import { jobsOf } from './jobs.ts';
import type { Models } from './models.ts';
import type { RuleNames } from './names.ts';
import type { Pace } from './pace.ts';
import { paceOf } from './pace.ts';
import type { Sayable } from './value.ts';

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
  // A shorter `stale_after` would have the average start anew with each scrape that failed.
  const memoryMs = Math.max(rule.staleAfterMs, DEFAULTS.staleIntervals * pace.sampleMs);
  const jobs = [...new Set(jobsOf(config.scrapes).map(({ name }) => name))].join(',');
  return { rule, settings, input, models, names, pace, jobs, memoryMs };
}
