/** Puts the triggers of an embedding program into a config: by name where the config has one, else in front, for every model. */
import type { Config, TriggerConfig } from './config/config.ts';
import type { RetrainTrigger } from './retrain/trigger.ts';

export function withTriggers(config: Config, custom: readonly RetrainTrigger[]): Config {
  if (custom.length === 0) return config;
  const names = new Set(custom.map(({ name }) => name));
  const known = new Set(config.triggers.map(({ name }) => name));
  const inFront = custom
    .filter(({ name }) => !known.has(name))
    .map(
      ({ name }): TriggerConfig => ({ name, models: [], outcome: 'reported', deliver: { kind: 'custom' } }),
    );
  const replaced = config.triggers.map(
    (trigger): TriggerConfig =>
      names.has(trigger.name) ? { ...trigger, deliver: { kind: 'custom' } } : trigger,
  );
  const triggers = [...inFront, ...replaced];
  const rules = triggers.map(({ name, models, outcome }) => ({ name, models, outcome }));
  return { ...config, triggers, judge: { ...config.judge, triggers: rules } };
}
