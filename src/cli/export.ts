/** `driftgauge export prometheus-rules`: prints the rules on standard output, or every problem of the config on standard error. */
import { builtinConfig } from '../config/builtin.ts';
import type { Environment } from '../config/environment.ts';
import { readConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { prometheusRules } from '../export/prometheus-rules.ts';
import { configFile } from './config-file.ts';

export interface ExportOptions {
  /** Without one: as `run` does it. */
  readonly file?: string;
  readonly env: Environment;
  readonly out: (text: string) => void;
  /** Where problems go, by the line: what is printed is mostly redirected into a file. */
  readonly problem: (line: string) => void;
}

/** The exit code: 1 where the config is bad. */
export async function exportPrometheusRules({ file, env, out, problem }: ExportOptions): Promise<number> {
  const named = configFile(file);
  const loaded =
    named === undefined ? { ok: true as const, config: builtinConfig() } : await readConfig(named, env);
  if (!loaded.ok) {
    for (const one of loaded.problems) problem(formatProblem(one));
    return 1;
  }
  out(prometheusRules(loaded.config));
  return 0;
}
