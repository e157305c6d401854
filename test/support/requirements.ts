/** What a test needs of the machine. Where it is missing the test says so and is skipped; with CI=true it fails. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

const PACKAGES: Record<string, string> = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  strace: 'strace',
  faketime: 'faketime',
  chromium: 'chromium',
  buildah: 'buildah',
  unshare: 'util-linux',
  curl: 'curl',
  bash: 'bash',
};

function missing(need: string): string | undefined {
  if (need === 'root') return process.getuid?.() === 0 ? undefined : 'root';
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, need)));
  return found ? undefined : `${need} (Debian package ${PACKAGES[need]})`;
}

/** `describe` for tests that need Debian programs, or `root`. */
export function describeWith(needs: readonly string[], title: string, tests: () => void): void {
  const absent = needs.map(missing).filter((need) => need !== undefined);
  if (absent.length === 0 || process.env['CI'] === 'true') describe(title, tests);
  else describe.skip(`${title} [skipped, missing here: ${absent.join(', ')}]`, tests);
}
