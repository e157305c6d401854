/** The parser of PromQL instant vector selectors: text to matchers, or one message with its place. */
import type { LabelMatcher, MatchOperator, Selector } from '../config/config.ts';
import { compileRegex } from './regex.ts';
import { readStringLiteral } from './string-literal.ts';

// Fragments, not RegExps: a sticky RegExp remembers its place, which shared state must not.
const METRIC_NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL_NAME = '[a-zA-Z_][a-zA-Z0-9_]*';

interface Problem {
  readonly ok: false;
  readonly message: string;
  /** Counts UTF-16 code units from the start of the text. */
  readonly offset: number;
}

export type SelectorResult = { readonly ok: true; readonly selector: Selector } | Problem;

/**
 * Reads `name`, `name{a="b", c!~"d"}` or `{__name__="x"}`; blanks, line breaks, `#` comments and a trailing comma are
 * allowed where PromQL allows them. At least one matcher must refuse the empty string, as in PromQL: a selector
 * without one would take every series.
 */
export function parseSelector(text: string): SelectorResult {
  const matchers: LabelMatcher[] = [];
  const start = skipBlanks(text, 0);
  let at = start;

  const name = wordAt(text, at, METRIC_NAME);
  if (name !== '') {
    matchers.push({ label: '__name__', operator: '=', value: name });
    at = skipBlanks(text, at + name.length);
  } else if (text[at] !== '{') {
    return expected(text, at, 'a metric name or "{"');
  }

  if (text[at] === '{') {
    const end = readMatchers(text, at + 1, { name, into: matchers });
    if (typeof end !== 'number') return end;
    at = end;
  }
  const rest = skipBlanks(text, at);
  if (rest < text.length) return expected(text, rest, 'the end of the selector');
  if (matchers.every(takesEmpty)) {
    return problem(
      start,
      'the selector takes every series: one matcher at least must not match the empty string',
    );
  }
  return { ok: true, selector: { text: text.slice(start, at).trimEnd(), matchers } };
}

/** Reads what follows `{`; answers the offset after `}`. */
function readMatchers(
  text: string,
  start: number,
  { name, into }: { name: string; into: LabelMatcher[] },
): number | Problem {
  let at = skipBlanks(text, start);
  while (text[at] !== '}') {
    const read = readMatcher(text, at);
    if ('ok' in read) return read;
    if (read.matcher.label === '__name__' && name !== '') {
      return problem(at, `the metric name is given twice: ${name} and a matcher on __name__`);
    }
    into.push(read.matcher);
    at = skipBlanks(text, read.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== '}') return expected(text, at, '"," or "}"');
  }
  return at + 1;
}

function readMatcher(text: string, start: number): { matcher: LabelMatcher; end: number } | Problem {
  const label = wordAt(text, start, LABEL_NAME);
  if (label === '') return expected(text, start, 'a label name');
  const operatorAt = skipBlanks(text, start + label.length);
  const operator = operatorOf(text, operatorAt);
  if (!operator) return expected(text, operatorAt, 'one of = != =~ !~');
  const valueAt = skipBlanks(text, operatorAt + operator.length);
  if (!/^["'`]/.test(text.charAt(valueAt))) return expected(text, valueAt, 'a label value in quotes');
  const literal = readStringLiteral(text, valueAt);
  if (!literal.ok) return literal;
  if (operator === '=~' || operator === '!~') {
    const regex = compileRegex(literal.value);
    if (!regex.ok) return problem(valueAt, regex.message);
  }
  return { matcher: { label, operator, value: literal.value }, end: literal.end };
}

function operatorOf(text: string, at: number): MatchOperator | undefined {
  const two = text.slice(at, at + 2);
  if (two === '=~' || two === '!~' || two === '!=') return two;
  return two.startsWith('=') ? '=' : undefined;
}

/** Whether a matcher accepts a series without the label. */
function takesEmpty({ operator, value }: LabelMatcher): boolean {
  if (operator === '=' || operator === '!=') return (value === '') === (operator === '=');
  const regex = compileRegex(value);
  return regex.ok && regex.matches('') === (operator === '=~');
}

function wordAt(text: string, at: number, word: string): string {
  const sticky = new RegExp(word, 'y');
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}

/** Skips blanks, line breaks and comments. */
function skipBlanks(text: string, start: number): number {
  let at = start;
  for (;;) {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
    if (text[at] !== '#') return at;
    while (at < text.length && text[at] !== '\n') at++;
  }
}

function expected(text: string, at: number, what: string): Problem {
  const found =
    at < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(at)!)) : 'the end of the text';
  return problem(at, `expected ${what}, found ${found}`);
}

function problem(offset: number, message: string): Problem {
  return { ok: false, message, offset };
}
