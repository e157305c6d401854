/** Whether a label stands twice in a series; the metric name is a label too. */
import { readName } from './names.ts';
import { QUOTE } from './scan.ts';

const METRIC_NAME = Buffer.from('__name__');
/** Above so many labels, duplicates are looked for in a set. */
const MANY_LABELS = 16;

/** Where a label name stands for the second time, or -1; `names` are starts and ends. */
export function duplicateOf(bytes: Buffer, names: readonly number[]): number {
  if (names.length > 2 * MANY_LABELS) return duplicateOfMany(bytes, names);
  for (let label = 0; label < names.length; label += 2) {
    const start = names[label]!;
    // Quoted names have several spellings.
    if (bytes[start] === QUOTE) return duplicateOfMany(bytes, names);
    const length = names[label + 1]! - start;
    if (length === METRIC_NAME.length && sameBytes(METRIC_NAME, 0, bytes, start, length)) return start;
    for (let before = 0; before < label; before += 2) {
      const other = names[before]!;
      if (names[before + 1]! - other === length && sameBytes(bytes, other, bytes, start, length))
        return start;
    }
  }
  return -1;
}

function duplicateOfMany(bytes: Buffer, names: readonly number[]): number {
  const seen = new Set(['__name__']);
  for (let label = 0; label < names.length; label += 2) {
    const name = readName(bytes, names[label]!, names[label + 1]!);
    if (seen.has(name)) return names[label]!;
    seen.add(name);
  }
  return -1;
}

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let offset = 0; offset < length; offset++) if (a[aStart + offset] !== b[bStart + offset]) return false;
  return true;
}
