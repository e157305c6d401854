/** Names and labels that a target has chosen, spelled so that no terminal and no reader is fooled: printable, bounded, and in PromQL. */

import type { Selector } from '../config/config.ts';
import type { ModelVersion } from '../core/signal.ts';

const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Longer texts are cut: a page may have labels of any length. */
const MAX_LENGTH = 200;

/** What a terminal would obey, or not show: control and format characters, lone surrogates, separators of lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text in which nothing acts: what cannot be printed is escaped as in Go and PromQL strings. */
export function printable(text: string): string {
  const cut =
    text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return cut.replace(UNPRINTABLE, escaped);
}

/** A string literal of PromQL. */
export function quoted(text: string): string {
  return `"${printable(text.replace(/[\\"]/g, '\\$&'))}"`;
}

/** A series in PromQL: labels by name, a name that PromQL cannot spell as it is among them. */
export function seriesText(labels: ReadonlyMap<string, string>): string {
  const name = labels.get('__name__') ?? '';
  const plain = PLAIN_METRIC.test(name);
  const inside = [...labels.keys()]
    .filter((label) => label !== '__name__')
    .sort()
    .map(
      (label) =>
        `${PLAIN_LABEL.test(label) ? printable(label) : quoted(label)}=${quoted(labels.get(label)!)}`,
    );
  if (!plain) inside.unshift(`__name__=${quoted(name)}`);
  return `${plain ? printable(name) : ''}${inside.length > 0 ? `{${inside.join(',')}}` : ''}`;
}

/** A selector in PromQL; the name comes first where PromQL can spell it so. */
export function selectorText({ matchers }: Selector): string {
  const plain = matchers.find(
    ({ label, operator, value }) => label === '__name__' && operator === '=' && PLAIN_METRIC.test(value),
  );
  const inside = matchers
    .filter((matcher) => matcher !== plain)
    .map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`);
  return `${plain ? printable(plain.value) : ''}${inside.length > 0 ? `{${inside.join(',')}}` : ''}`;
}

/** `name:version`, with `%` and `:` inside a name percent-encoded. */
export function modelText({ name, version }: ModelVersion): string {
  return [name, version].map((part) => printable(part.replace(/[%:]/g, encodeURIComponent))).join(':');
}

/** The selector of all series of a name, as a scalar of YAML. */
export function selectorYaml(name: string): string {
  if (PLAIN_LABEL.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name)) return name;
  const selector = PLAIN_METRIC.test(name) ? name : `{__name__="${escapeAll(name)}"}`;
  return `'${selector.replaceAll("'", "''")}'`;
}

/** As `quoted`, but whole: what is to be pasted must not be cut. */
function escapeAll(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A duration as a config writes it, exactly: `24h`, `90m`, `7d`. */
export function spanText(ms: number): string {
  const [unit, size] = UNITS.find(
    ([name, each]) => ms % each === 0 && ms >= (name === 'd' ? 2 * each : each),
  )!;
  return `${ms / size}${unit}`;
}
