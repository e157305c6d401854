/** Debian's promtool on files that are written for it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { scratch } from './scratch.ts';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `promtool check rules`. */
export function checkRules(rules: string): Ended {
  using folder = scratch();
  writeFileSync(folder.file('rules.yml'), rules);
  return run(['check', 'rules', folder.file('rules.yml')]);
}

/** `promtool test rules`: `tests` are those of a test file. */
export function testRules(
  rules: string,
  { intervalMs, tests }: { readonly intervalMs: number; readonly tests: readonly object[] },
): Ended {
  using folder = scratch();
  writeFileSync(folder.file('rules.yml'), rules);
  const file = { rule_files: ['rules.yml'], evaluation_interval: `${intervalMs}ms`, tests };
  writeFileSync(folder.file('tests.yml'), JSON.stringify(file));
  return run(['test', 'rules', folder.file('tests.yml')]);
}

function run(args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}
