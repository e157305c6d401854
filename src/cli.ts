#!/usr/bin/env node
/** The program's entry: looks at the Node it runs on before anything else is loaded, then hands over to the commands. */

import { setFlagsFromString } from 'node:v8';

const NEEDED_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  console.error(`driftgauge needs Node ${NEEDED_NODE} or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Keeps V8's young generation small. Pages that are scraped die at once; in a large young generation they wait for a
 * collection of the whole heap, which at 10,000 signals a second took half of all CPU time and 40 MB.
 */
setFlagsFromString('--semi-space-growth-factor=1');

const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
