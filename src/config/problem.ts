/** What is wrong with a config, where, and how it is printed. */

export type Path = readonly (string | number)[];

export interface Problem {
  readonly file: string;
  /** Counts from 1; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly column: number;
  /** Like `metrics[1].drift.for`; empty for the whole file. */
  readonly path: string;
  /** What was expected and what was found; never a secret. */
  readonly message: string;
}

/** Where a problem lies, before lines are known: at a value, or at the key of a mapping. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Points at the key where the value would be the default. */
  readonly atKey?: boolean;
}

/** A file with a quarter of a million faults is no reason to print a quarter of a million lines. */
const MAX_PROBLEMS = 1000;

/** `FILE:LINE:COL: path: message`, without the parts that are not known. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  return escapeControls(path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`);
}

export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${quote(step)}]`;
  }
  return text;
}

/** In file and line order, each once; what exceeds the limit is counted in a last line. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map<string, Problem>();
  for (const problem of problems) unique.set(formatProblem(problem), problem);
  const sorted = [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  const rest = sorted.length - MAX_PROBLEMS;
  const last = sorted[MAX_PROBLEMS];
  if (rest <= 0 || !last) return sorted;
  return [
    ...sorted.slice(0, MAX_PROBLEMS),
    { ...last, path: '', message: `and ${rest} more problems from here on` },
  ];
}

/** A string as it was found: in quotes, cut at 80 characters, with nothing in it that could reshape a terminal. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 200)];
  const cut = characters.length > 80 ? `${characters.slice(0, 80).join('')}…` : text;
  return escapeControls(JSON.stringify(cut));
}

function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  });
}
