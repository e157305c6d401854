/** `driftgauge check config FILE...`: every problem of each file at once, or that there is none; then, if asked, what a target gives it. */
import { checkTarget } from '../check/check-target.ts';
import { systemClock } from '../clock.ts';
import type { Environment } from '../config/environment.ts';
import { readConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { USER_AGENT } from '../version.ts';

export interface CheckConfigOptions {
  readonly env: Environment;
  /** Prints a line, given without its line break. */
  readonly out: (line: string) => void;
  /** What each file that is fine is tried on. */
  readonly target?: URL;
}

/** The exit code: 0 where all files are fine, and find in the target what they look for; else 1. */
export async function checkConfig(
  files: readonly string[],
  { env, out, target }: CheckConfigOptions,
): Promise<number> {
  let exitCode = 0;
  for (const file of files) {
    const result = await readConfig(file, env);
    if (!result.ok) {
      exitCode = 1;
      for (const problem of result.problems) out(formatProblem(problem));
      continue;
    }
    out(`SUCCESS: ${file}`);
    if (!target) continue;
    const { config } = result;
    const report = await checkTarget({ config, url: target, clock: systemClock, userAgent: USER_AGENT });
    for (const line of report.lines) out(line);
    if (!report.ok) exitCode = 1;
  }
  return exitCode;
}
