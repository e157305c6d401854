/** Reads no more of a file than somebody means to look at, and tells in the system's words why one cannot be read. */
import { open } from 'node:fs/promises';

/** The first bytes of a file. Rejects with the file system's error. */
export async function readStart(file: string, maxBytes: number): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await handle.read(buffer, length, maxBytes - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** What the system says, without the path that the message names anyway. */
export function systemText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^([A-Z]+: [^,]+), .*$/s, '$1');
}
