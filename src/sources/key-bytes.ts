/** The bytes of many keys, one after the other; written and compared four at a time. */

/** Reads and writes of whole words go past the last key. */
const SPARE_BYTES = 4;
/** Which bytes of the last word count, by how many are left. */
const TAIL_MASKS: readonly number[] = [0, 0xff, 0xffff, 0xffffff];

export class KeyBytes {
  #bytes: Buffer;
  #view: DataView;
  /** Bytes in use; what lies beyond may be cut off by setting it back. */
  end = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity + SPARE_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get view(): DataView {
    return this.#view;
  }

  /** Copies a key from elsewhere, where four more bytes must be readable; answers where it is now. */
  append(from: DataView, start: number, length: number): number {
    const at = this.end;
    if (at + length + SPARE_BYTES > this.#bytes.length) this.#grow(at + length);
    // The last word may bring too much; the next key overwrites it.
    for (let offset = 0; offset < length; offset += 4) {
      this.#view.setInt32(at + offset, from.getInt32(start + offset, true), true);
    }
    this.end += length;
    return at;
  }

  /** Whether the `length` bytes at `start` stand at `at` of a page, where four more bytes must be readable. */
  areAt(start: number, length: number, page: DataView, at: number): boolean {
    const keys = this.#view;
    const words = length & ~3;
    let offset = 0;
    for (; offset < words; offset += 4) {
      if (page.getInt32(at + offset, true) !== keys.getInt32(start + offset, true)) return false;
    }
    const mask = TAIL_MASKS[length & 3]!;
    if (mask === 0) return true;
    return ((page.getInt32(at + offset, true) ^ keys.getInt32(start + offset, true)) & mask) === 0;
  }

  /** A view; valid until the next `append`. */
  slice(start: number, length: number): Buffer {
    return this.#bytes.subarray(start, start + length);
  }

  #grow(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2) + SPARE_BYTES);
    this.#bytes.copy(bytes, 0, 0, this.end);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** A hash of a key on a page, where four more bytes must be readable. */
export function hashOf(
  page: DataView,
  { start, length, seed }: { start: number; length: number; seed: number },
): number {
  let hash = seed ^ length;
  const words = length & ~3;
  let offset = 0;
  for (; offset < words; offset += 4) {
    hash = Math.imul(hash ^ page.getInt32(start + offset, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  const mask = TAIL_MASKS[length & 3]!;
  if (mask !== 0) hash = Math.imul(hash ^ (page.getInt32(start + offset, true) & mask), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
