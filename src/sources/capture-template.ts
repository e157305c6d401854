/** Templates over the groups of a regular expression, read as Go's `Regexp.Expand` reads them. */
import type { Captures } from '../selector/regex.ts';

const REFERENCE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/**
 * `$1`, `$name`, `${1}` and `${name}` stand for a group, `$$` for a dollar sign; any other `$` stands for itself. A name
 * without braces is as long as it can be: `$1x` asks for a group named `1x`, which there hardly is, and is empty.
 */
export function compileTemplate(template: string): (captures: Captures) => string {
  const parts: (string | { readonly group: number | string })[] = [];
  let rest = 0;
  for (const match of template.matchAll(REFERENCE)) {
    const [whole, dollar, braced, bare] = match;
    parts.push(template.slice(rest, match.index), dollar ?? { group: groupOf((braced ?? bare)!) });
    rest = match.index + whole.length;
  }
  parts.push(template.slice(rest));
  return (captures) => parts.map((part) => (typeof part === 'string' ? part : captures(part.group))).join('');
}

/** Go takes up to nine digits without a leading zero as a number, all else as a name. */
function groupOf(reference: string): number | string {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(reference) ? Number(reference) : reference;
}
