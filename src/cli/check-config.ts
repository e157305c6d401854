/** `driftgauge check config FILE...`: every problem of each file at once, or that there is none. */
import type { Environment } from '../config/environment.ts';
import { readConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';

/** Prints lines through `out`, without their line break. The exit code: 0 where all files are fine, else 1. */
export async function checkConfig(
  files: readonly string[],
  { env, out }: { env: Environment; out: (line: string) => void },
): Promise<number> {
  let exitCode = 0;
  for (const file of files) {
    const result = await readConfig(file, env);
    if (result.ok) {
      out(`SUCCESS: ${file}`);
      continue;
    }
    exitCode = 1;
    for (const problem of result.problems) out(formatProblem(problem));
  }
  return exitCode;
}
