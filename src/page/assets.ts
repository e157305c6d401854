/** The files that pages refer to: read once, told apart by their content, and never from outside. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
  /** Quoted, as the header has it. */
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** By file name. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const folder = join(import.meta.dirname, 'assets');
  const assets = new Map<string, Asset>();
  const add = (name: string, file: string) => {
    const contentType = TYPES[extname(name)];
    if (contentType === undefined || !existsSync(file)) return;
    const body = readFileSync(file);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
    assets.set(name, { contentType, body, etag });
  };
  for (const name of readdirSync(folder)) add(name, join(folder, name));
  add('idiomorph.js', createRequire(import.meta.url).resolve('idiomorph/dist/idiomorph.esm.js'));
  return assets;
}
