/** A folder for one test, gone at the end of the scope. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch extends Disposable {
  readonly path: string;
  file(name: string): string;
}

export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'driftgauge-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
