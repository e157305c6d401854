/** Writes the reference pages of docs/ from the code that they describe: `node tools/build-reference.ts`. A test checks that they are current. */
import { writeFile } from 'node:fs/promises';
import { REFERENCE_PAGES } from './reference/pages.ts';

for (const { file, text } of REFERENCE_PAGES) {
  await writeFile(new URL(`../${file}`, import.meta.url), await text());
}
