/** The labels that a series' key stands for. Keys come from the table, so they have been parsed before. */
import { scanName } from './text-series.ts';

export function nameOf(key: Buffer): string {
  return key.toString('latin1', 0, scanName(key, 0));
}

/** A label with an empty value is no label. */
export function labelsOf(key: Buffer): Map<string, string> {
  const text = key.toString('utf8');
  const nameEnd = scanName(key, 0);
  const labels = new Map([['__name__', text.slice(0, nameEnd)]]);
  if (nameEnd === key.length) return labels;

  const escapes = text.includes('\\');
  let at = text.indexOf('{', nameEnd) + 1;
  for (let equals = text.indexOf('=', at); equals >= 0; equals = text.indexOf('=', at)) {
    const start = text.indexOf('"', equals) + 1;
    const end = escapes ? closingQuote(text, start) : text.indexOf('"', start);
    if (end > start) {
      const value = text.slice(start, end);
      labels.set(labelName(text, at, equals), escapes ? unescaped(value) : value);
    }
    at = end + 1;
  }
  return labels;
}

/** What stands between two offsets, without the comma and the blanks around it. */
function labelName(text: string, from: number, to: number): string {
  let start = from;
  while (isBetween(text.charCodeAt(start))) start++;
  let end = to;
  while (isBetween(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
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

/** Only three escapes mean something; any other backslash stands for itself, as in Prometheus. */
function unescaped(value: string): string {
  return value.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
