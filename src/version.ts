/** What this build is, read from the package it came in. */
import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  /** npm writes the commit here when it publishes. */
  readonly gitHead?: string;
}

const { version, gitHead } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Package;

export const BUILD: { readonly version: string; readonly revision: string } = {
  version,
  revision: gitHead ?? 'unknown',
};
export const USER_AGENT = `Driftgauge/${version}`;
