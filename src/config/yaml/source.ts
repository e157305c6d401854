/**
 * A YAML text as plain values, with the place of each in the text. Takes hostile texts: nothing in it throws, nests
 * deeply, expands without bound or reaches a prototype; what cannot be read becomes undefined beside a problem.
 */
import { type Document, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { Path } from '../problem.ts';
import { formatPath } from '../problem.ts';
import { yamlMessage } from './messages.ts';
import { type Place, readTree } from './tree.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Position {
  readonly path: Path;
  readonly message: string;
}

export interface YamlSource {
  /** Mappings have no prototype; undefined where a value could not be read. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** A scalar's own place, a mapping's or list's key; where there is nothing, the place of what should hold it. */
  locate(path: Path, options?: { readonly atKey: boolean }): Position;
  /** Whether the parser stumbled within what stands there or on its line: what it found may not be what was written. */
  isBroken(path: Path): boolean;
}

/** `schema` says where a text is expected: there, `version: 1.10` is the text "1.10", as in Prometheus. */
export function readYaml(text: string, schema: z.core.$ZodType): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Compares each key with each other; the reader below finds duplicates in one pass, and knows their path.
    uniqueKeys: false,
    stringKeys: true,
    schema: 'core',
    resolveKnownTags: false,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tree = readTree(document.contents, schema);
  const syntax = syntaxErrors(document);
  const characters = badCharacters(text);
  const errors = [...syntax, ...characters];
  const problems = [
    // One fault often makes the parser complain several times; the first complaint of a line is the one to read.
    ...firstOfEachLine(errors.map(({ offset, message }) => ({ ...position(offset), path: [], message }))),
    ...tree.findings.map(({ offset, path, message, first }) => {
      const where = first === undefined ? '' : `, found it on line ${position(first).line} too`;
      return { ...position(offset), path, message: message + where };
    }),
  ];
  const broken = syntax.map(({ offset }) => offset).sort((a, b) => a - b);
  const brokenLines = new Set(errors.map(({ offset }) => position(offset).line));
  const placeOf = (path: Path): { place: Place | undefined; exact: boolean } => {
    for (let length = path.length; length >= 0; length--) {
      const place = tree.places.get(formatPath(path.slice(0, length)));
      if (place) return { place, exact: length === path.length };
    }
    return { place: undefined, exact: false };
  };
  return {
    value: tree.value,
    problems,
    locate(path, options) {
      const { place, exact } = placeOf(path);
      if (!place) return { line: 1, column: 1 };
      const scalar = exact && place.scalar && !options?.atKey;
      return position(scalar ? place.start : (place.key ?? place.start));
    },
    isBroken(path) {
      const { place } = placeOf(path);
      if (!place) return errors.length > 0;
      if (brokenLines.has(position(place.start).line)) return true;
      const first = firstAtOrAfter(broken, place.start);
      return first !== undefined && first <= place.end;
    },
  };
}

interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

function syntaxErrors(document: Document.Parsed): readonly SyntaxFault[] {
  return [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    offset: pos[0],
    message: yamlMessage(code),
  }));
}

/** What YAML does not allow in a text and the parser takes all the same. */
function badCharacters(text: string): readonly SyntaxFault[] {
  const faults = [];
  for (const match of text.matchAll(/(?![\t\n\r\u0085])[\p{Cc}\p{Cs}\ufffe\uffff]/gu)) {
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    faults.push({ offset: match.index, message: `expected printable characters, found U+${code}` });
  }
  return faults;
}

function firstOfEachLine(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  const byLine = new Map<number, YamlProblem>();
  for (const problem of problems) {
    const known = byLine.get(problem.line);
    if (!known || problem.column < known.column) byLine.set(problem.line, problem);
  }
  return [...byLine.values()];
}

function firstAtOrAfter(sorted: readonly number[], offset: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}
