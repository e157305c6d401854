/** What `driftgauge export prometheus-rules` prints for a config that is written as an object. */
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { prometheusRules } from '../../src/export/prometheus-rules.ts';

/** Throws with every problem where it is bad. */
export function configOf(config: object | string): Config {
  const text = typeof config === 'string' ? config : asYaml(config);
  const loaded = loadConfig({ text, file: 'driftgauge.yaml', env: {} });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

export function exported(config: object | string): string {
  return prometheusRules(configOf(config));
}

/** Scrapes one target, so that `from` may be written. */
export function scraping(metrics: readonly object[], job: object = {}): object {
  return {
    scrape_configs: [{ job_name: 'fraud', static_configs: [{ targets: ['localhost:8000'] }], ...job }],
    metrics,
  };
}

/** JSON is YAML, where what cannot be seen is escaped. */
function asYaml(config: object): string {
  return JSON.stringify(config).replace(/[^\P{C}]|[\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
