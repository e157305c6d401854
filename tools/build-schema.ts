/** Writes the JSON Schema of the config, for editors: `node tools/build-schema.ts`. A test checks that it is current. */
import { writeFile } from 'node:fs/promises';
import { jsonSchemaText } from '../src/config/schema.ts';

await writeFile(new URL('../config/driftgauge.schema.json', import.meta.url), jsonSchemaText());
