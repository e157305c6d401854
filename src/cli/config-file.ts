/** Which config is meant where none is named: `driftgauge.yaml` where there is one, else the built-in one. */
import { existsSync } from 'node:fs';

const DEFAULT_CONFIG_FILE = 'driftgauge.yaml';

/** Undefined: the built-in one. */
export function configFile(named: string | undefined): string | undefined {
  return named ?? (existsSync(DEFAULT_CONFIG_FILE) ? DEFAULT_CONFIG_FILE : undefined);
}
