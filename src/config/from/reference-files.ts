/** Reads the reference files that a config names. */
import { isUtf8 } from 'node:buffer';
import type { ResolvePath } from '../build/values.ts';
import { readStart, systemText } from '../read-start.ts';
import { parseReference, type ReferenceResult, type References } from './reference.ts';

export const MAX_REFERENCE_BYTES = 1024 * 1024;

/** Each file once; one that cannot be read is a fault of its own. Paths are those written in the config. */
export async function readReferences(paths: Iterable<string>, resolve: ResolvePath): Promise<References> {
  const read = [...new Set(paths)].map(async (path) => [path, await readReference(resolve(path))] as const);
  return new Map(await Promise.all(read));
}

async function readReference(file: string): Promise<ReferenceResult> {
  let bytes: Buffer;
  try {
    bytes = await readStart(file, MAX_REFERENCE_BYTES + 1);
  } catch (error) {
    return refused(`${file}: cannot be read: ${systemText(error)}`);
  }
  if (bytes.length > MAX_REFERENCE_BYTES)
    return refused(`${file}: expected at most 1 MiB, found a larger file`);
  if (!isUtf8(bytes)) return refused(`${file}: expected UTF-8, found bytes that are none`);
  return parseReference(bytes.toString('utf8'), file);
}

function refused(fault: string): ReferenceResult {
  return { ok: false, faults: [fault] };
}
