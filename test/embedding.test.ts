/** Runs the example of docs/embedding.md as its reader would: as a file that imports the package by name. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from './support/scratch.ts';

const ROOT = join(import.meta.dirname, '..');

it('the example prints what the page says', () => {
  using folder = scratch();
  const page = readFileSync(join(ROOT, 'docs/embedding.md'), 'utf8');
  const [, code] = /```ts\n(.*?)```/s.exec(page)!;
  const [, expected] = /```text\n(.*?)```/s.exec(page)!;
  mkdirSync(folder.file('node_modules'));
  symlinkSync(ROOT, folder.file('node_modules/driftgauge'));
  writeFileSync(folder.file('package.json'), '{"type": "module"}');
  writeFileSync(folder.file('example.ts'), code!);
  const { stdout, stderr, status } = spawnSync(process.execPath, ['example.ts'], {
    cwd: folder.path,
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: expected, stderr: '', status: 0 });
});
