/** Writes the OpenAPI document of the HTTP API: `node tools/build-openapi.ts`. A test checks that it is current. */
import { writeFile } from 'node:fs/promises';
import { documentText } from '../src/http/openapi/document.ts';
import { BUILD } from '../src/version.ts';

await writeFile(new URL('../docs/openapi.json', import.meta.url), documentText(BUILD));
