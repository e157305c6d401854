/** From the config as written to the config as used: the only place where one becomes the other. */
import type { Config } from '../config.ts';
import { DEFAULTS } from '../defaults.ts';
import type { References } from '../from/reference.ts';
import type { RawConfig } from '../schema.ts';
import { toPolicies, toTriggers } from './retrain.ts';
import { toInput, toRule } from './rules.ts';
import { longestGapMs, toScrapeConfig } from './scrapes.ts';
import { pathResolver, toMap } from './values.ts';

/** `raw` must have passed all checks. */
export function toConfig(
  raw: RawConfig,
  { file, references, redactedYaml }: { file: string | null; references: References; redactedYaml: string },
): Config {
  const resolve = pathResolver(file);
  const global = raw.global ?? {};
  const retrain = raw.retrain ?? {};
  const scrapes = (raw.scrape_configs ?? []).map((job) => toScrapeConfig(job, { global, resolve }));
  const inputs = raw.metrics.map((metric, entry) => toInput(metric, { entry, references }));
  const gapMs = longestGapMs(scrapes);
  const rules = raw.metrics.map((metric, entry) =>
    toRule(metric, { entry, input: inputs[entry] ?? null, longestGapMs: gapMs }),
  );
  const triggers = toTriggers(retrain.triggers, resolve);
  const maxSignals = raw.limits?.max_signals ?? DEFAULTS.maxSignals;
  const maxSeries = raw.limits?.max_series ?? DEFAULTS.maxSeries;
  return {
    file,
    externalLabels: toMap(global.external_labels),
    judge: {
      rules,
      ...toPolicies(retrain),
      triggers: triggers.map(({ name, models, outcome }) => ({ name, models, outcome })),
      maxSignals,
      maxSeries,
    },
    inputs: inputs.filter((input) => input !== null),
    scrapes,
    triggers,
    limits: { maxSignals, maxSeries },
    redactedYaml,
  };
}
