/** Pieces of PromQL as text: strings, selectors, durations, globs as regular expressions. */
import type { LabelMatcher } from '../config/config.ts';
import { exactName } from '../config/from/series.ts';

/** 64 bits of nanoseconds: the longest that Prometheus reads. */
const LONGEST_MS = Math.floor(2 ** 63 / 1e6) - 1;

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Exact to the millisecond, rounded up. */
export function promDuration(ms: number): string {
  let rest = Math.min(Math.ceil(ms), LONGEST_MS);
  if (rest === 0) return '0s';
  let text = '';
  for (const [name, unit] of UNITS) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) text += `${count}${name}`;
  }
  return text;
}

/** A literal whose characters can neither end it nor be taken for line breaks by a YAML reader. */
export function promString(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

export function selectorText(matchers: readonly LabelMatcher[]): string {
  const name = exactName({ text: '', matchers });
  const bare = name !== null && /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : null;
  const inside = matchers
    .filter(({ label }) => bare === null || label !== '__name__')
    .map(({ label, operator, value }) => `${label}${operator}${promString(value)}`);
  return `${bare ?? ''}${inside.length === 0 ? '' : `{${inside.join(', ')}}`}`;
}

/** RE2 that matches exactly this text. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** RE2, to be anchored at both ends, as Prometheus does. */
export function globRegex(glob: string): string {
  return glob
    .split(/(\*+|\?)/)
    .map((part) => (part.startsWith('*') ? '.*' : part === '?' ? '.' : quoteRegex(part)))
    .join('');
}

/** Each line moved to the right. */
export function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
