/** Puts the files of the status page that need no compiler beside what was compiled. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

cpSync(join(ROOT, 'src/page/assets'), join(ROOT, 'dist/page/assets'), { recursive: true });
