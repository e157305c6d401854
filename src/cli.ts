#!/usr/bin/env node
/** The program's entry: looks at the Node it runs on before anything else is loaded, then hands over to the commands. */

const NEEDED_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  console.error(`driftgauge needs Node ${NEEDED_NODE} or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
