/**
 * Sets of labels that can be compared, whatever their order and spelling: each label is written in one way only, as
 * `name="value"`. For most series these are pieces of the page as it is.
 */
import { scanLabelName, scanName } from './names.ts';
import { writtenLabelsOf } from './text-labels.ts';

/** The labels of a series but its name, in the order of the page; those with an empty value are none. */
export function labelsIn(key: Buffer): string[] {
  const nameEnd = scanName(key, 0);
  if (nameEnd === key.length) return [];
  // Bytes as characters: they are compared, not read.
  const text = key.toString('latin1', nameEnd + 1, key.length - 1);
  if (nameEnd === 0 || text.includes('\\')) return rewrittenLabelsIn(key);
  const labels: string[] = [];
  let end = -1;
  for (let at = 0; at < text.length; at = end + 2) {
    if (text[at] === '"') return rewrittenLabelsIn(key);
    const quote = text.indexOf('"', at);
    end = text.indexOf('"', quote + 1);
    if (end > quote + 1) labels.push(text.slice(at, end + 1));
  }
  return labels;
}

/** The same for keys with escapes or names in quotes. */
function rewrittenLabelsIn(key: Buffer): string[] {
  const labels: string[] = [];
  for (const [name, value] of writtenLabelsOf(key)) {
    if (name !== '__name__') labels.push(`${labelNamed(name)}${escaped(value)}"`);
  }
  return labels;
}

/** How the label of this name begins, up to and with the quote before its value. */
export function labelNamed(name: string): string {
  const bytes = Buffer.from(name);
  const isPlain = scanLabelName(bytes, 0) === bytes.length;
  return isPlain ? `${name}="` : `"${escaped(name)}"="`;
}

/** The value of the label that begins so; undefined where there is none. */
export function valueIn(labels: readonly string[], named: string): string | undefined {
  for (const label of labels) if (label.startsWith(named)) return label.slice(named.length, -1);
  return undefined;
}

/** One text for all spellings of a set, and for no other set; without the label that begins like `omitted`. */
export function labelSet(labels: readonly string[], omitted?: string): string {
  const kept = omitted === undefined ? labels : labels.filter((label) => !label.startsWith(omitted));
  return kept.toSorted().join();
}

function escaped(text: string): string {
  return Buffer.from(text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')).toString('latin1');
}
