// First step of every script: says so, instead of running on, where Node is too old.
// Plain JavaScript, so that an old Node can read it.
const NEEDED = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < NEEDED) {
  console.error(
    `Driftgauge needs Node ${NEEDED} or newer; this is Node ${found}. ` +
      'npm ci installs a fitting one where its package exists for the platform and optional dependencies are not left out; ' +
      `otherwise install Node ${NEEDED} and put it first in PATH.`,
  );
  process.exit(1);
}
