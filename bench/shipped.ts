/** Modules of the shipped program, with the types of their sources: what is measured is what is installed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../src/config/config.ts';

const DIST = join(import.meta.dirname, '../dist');

/** `path` is that of the built file, without its folder `dist`. */
export async function shipped<Module>(path: `${string}.js`): Promise<Module> {
  return (await import(pathToFileURL(join(DIST, path)).href)) as Module;
}

/** A config as the program itself would read it. */
export async function loadShippedConfig(text: string): Promise<Config> {
  const { loadConfig } = await shipped<typeof import('../src/config/load.ts')>('config/load.js');
  const { formatProblem } = await shipped<typeof import('../src/config/problem.ts')>('config/problem.js');
  const result = loadConfig({ text, file: null, env: {} });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}
