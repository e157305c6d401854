/**
 * The labels that a series' key stands for, in the text format and in OpenMetrics. Keys come from the table, so they have
 * been parsed before.
 */
import { canonicalNumber } from './label-number.ts';
import { scanName, unescaped } from './names.ts';
import { OPEN } from './scan.ts';

export function nameOf(key: Buffer): string {
  return key[0] === OPEN
    ? quotedLabelsOf(key.toString()).get('__name__')!
    : key.toString('latin1', 0, scanName(key, 0));
}

/** As `writtenLabelsOf`, but `le` of a bucket and `quantile` are spelled as canonical numbers. */
export function labelsOf(key: Buffer): Map<string, string> {
  const labels = writtenLabelsOf(key);
  const bound = labels.get('le');
  if (bound !== undefined && labels.get('__name__')!.endsWith('_bucket'))
    labels.set('le', canonicalNumber(bound));
  const quantile = labels.get('quantile');
  if (quantile !== undefined) labels.set('quantile', canonicalNumber(quantile));
  return labels;
}

/** The metric name as `__name__` and the labels with their values as the page has them. An empty value is no label. */
export function writtenLabelsOf(key: Buffer): Map<string, string> {
  const text = key.toString('utf8');
  const nameEnd = scanName(key, 0);
  if (nameEnd === 0) return quotedLabelsOf(text);
  const labels = new Map([['__name__', text.slice(0, nameEnd)]]);
  if (nameEnd === key.length) return labels;

  const escapes = text.includes('\\');
  let at = text.indexOf('{', nameEnd) + 1;
  for (let equals = text.indexOf('=', at); equals >= 0; equals = text.indexOf('=', at)) {
    const nameStart = skipBetween(text, at);
    if (text[nameStart] === '"') return quotedLabelsOf(text);
    const start = text.indexOf('"', equals) + 1;
    const end = escapes ? closingQuote(text, start) : text.indexOf('"', start);
    if (end > start) {
      const value = text.slice(start, end);
      labels.set(text.slice(nameStart, beforeBlanks(text, equals)), escapes ? unescaped(value) : value);
    }
    at = end + 1;
  }
  return labels;
}

/** The same for keys with names in quotes, one token after the other. */
function quotedLabelsOf(text: string): Map<string, string> {
  const brace = text.indexOf('{');
  const labels = new Map([['__name__', text.slice(0, beforeBlanks(text, brace))]]);
  for (let at = skipBetween(text, brace + 1); text[at] !== '}'; at = skipBetween(text, at)) {
    const quoted = text[at] === '"';
    const nameEnd = quoted ? closingQuote(text, at + 1) + 1 : text.indexOf('=', at);
    const name = quoted
      ? unescaped(text.slice(at + 1, nameEnd - 1))
      : text.slice(at, beforeBlanks(text, nameEnd));
    at = skipBetween(text, nameEnd);
    if (text[at] !== '=') {
      // Only after the metric name there is no value.
      labels.set('__name__', name);
      continue;
    }
    const start = text.indexOf('"', at) + 1;
    at = closingQuote(text, start);
    if (at > start) labels.set(name, unescaped(text.slice(start, at)));
    at++;
  }
  return labels;
}

/** The next offset at or after `from` that has neither a comma nor a blank. */
function skipBetween(text: string, from: number): number {
  let at = from;
  while (isBetween(text.charCodeAt(at))) at++;
  return at;
}

/** The offset after the last character before `to` that is no blank. */
function beforeBlanks(text: string, to: number): number {
  let end = to;
  while (isBetween(text.charCodeAt(end - 1))) end--;
  return end;
}

function isBetween(code: number): boolean {
  return code === 0x2c || code === 0x20 || code === 0x09;
}

function closingQuote(text: string, start: number): number {
  let at = start;
  while (text[at] !== '"') {
    if (text[at] === '\\') {
      do at++;
      while (text[at] === '\0');
    }
    at++;
  }
  return at;
}
