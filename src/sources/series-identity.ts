/** What tells a series from others, however it is spelled and in whatever format it comes. */
import { hash } from 'node:crypto';
import type { Role } from '../core/derive/settings.ts';
import { labelNumber } from '../selector/label-number.ts';

/** What a role's metric name has that the name of its counters' family has not. */
const SUFFIXES: { readonly [R in Role]: string } = {
  value: '_total',
  numerator: '_total',
  denominator: '_total',
  sum: '_sum',
  count: '_count',
  bucket: '_bucket',
  native: '',
  start: '_created',
  numerator_start: '_created',
  denominator_start: '_created',
};

/** Longer keys are kept by their hash: they are remembered for long, and labels may be of any length. */
const LONGEST_KEY = 64;

/**
 * One text for all series of a target that are reset together: the family's name, and the labels without that of the
 * bucket. Lengths part names and values, which may hold anything. `oneName`: the selector takes one metric only, so that
 * `x` and `x_total` are not two.
 */
export function familyKey(
  labels: ReadonlyMap<string, string>,
  { role, oneName }: { role: Role; oneName: boolean },
): string {
  const name = labels.get('__name__') ?? '';
  const suffix = oneName ? SUFFIXES[role] : '';
  let text = sized(suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name);
  for (const label of [...labels.keys()].sort()) {
    if (label === '__name__' || (label === 'le' && role === 'bucket')) continue;
    text += sized(label) + sized(labels.get(label)!);
  }
  return text.length > LONGEST_KEY ? hash('sha256', text, 'base64url') : text;
}

function sized(text: string): string {
  return `${text.length}:${text}`;
}

/** The upper bound of a bucket; NaN where the label is none. */
export function boundOf(labels: ReadonlyMap<string, string>): number {
  return labelNumber(labels.get('le') ?? '') ?? Number.NaN;
}
