/** A page as it was read from a target: one growing buffer that is used again for the next page. */

/** Parsers may look a few bytes past the end, and put a sentinel there. */
const SPARE_BYTES = 8;
const FIRST_CAPACITY = 64 * 1024;

export class Page {
  /** At least `length + 8` bytes. */
  bytes: Buffer;
  /** The same bytes, for reads of several at once. */
  view: DataView;
  length = 0;

  constructor(capacity = FIRST_CAPACITY) {
    this.bytes = Buffer.allocUnsafeSlow(capacity + SPARE_BYTES);
    this.view = new DataView(this.bytes.buffer);
  }

  static of(content: string | Uint8Array): Page {
    const page = new Page();
    page.append(typeof content === 'string' ? Buffer.from(content) : content);
    return page;
  }

  clear(): void {
    this.length = 0;
  }

  append(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (length + SPARE_BYTES > this.bytes.length) this.#grow(length);
    this.bytes.set(chunk, this.length);
    this.length = length;
  }

  #grow(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(length, this.length * 2) + SPARE_BYTES);
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
