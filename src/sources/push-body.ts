/** Takes the body of a push apart: one JSON value, an array of them, or one per line, told apart by the text alone. */

/** `index` counts the events of the body from 0; `path` is empty where the event as a whole is meant. */
export interface PushProblem {
  readonly index: number;
  readonly path: string;
  readonly message: string;
}

/** A fault costs more than an event: by then the body is given up, so that a bad one can't block the process. */
export const MAX_PROBLEMS = 10_000;

/** What is wrong with a body. */
export class Problems {
  readonly items: PushProblem[] = [];

  add(index: number, path: string, message: string): undefined {
    if (!this.enough) this.items.push({ index, path, message });
  }

  get count(): number {
    return this.items.length;
  }

  /** Nothing more needs to be looked at. */
  get enough(): boolean {
    return this.items.length >= MAX_PROBLEMS;
  }
}

const NEWLINE = 10;
const OPEN_BRACKET = 91;

type Take = (item: unknown, index: number) => void;

/** Hands over the values of a body one by one; what is no JSON is among the problems then. */
export function readItems(body: string, problems: Problems, take: Take): void {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
  let first = 0;
  while (isBlank(text.charCodeAt(first))) first++;
  if (first === text.length) {
    problems.add(0, '', 'the body is empty');
    return;
  }
  const isArray = text.charCodeAt(first) === OPEN_BRACKET;
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    if (isArray || !looksLikeLines(text, first)) problems.add(0, '', jsonProblem(error));
    else readLines(text, problems, take);
    return;
  }
  const items = isArray ? (whole as unknown[]) : [whole];
  for (let index = 0; index < items.length && !problems.enough; index++) take(items[index], index);
}

/** Whether the first line is closed in itself; else the body is one object over several lines, with a fault in it. */
function looksLikeLines(text: string, first: number): boolean {
  const end = text.indexOf('\n', first);
  return end >= 0 && text.slice(first, end).trimEnd().endsWith('}');
}

function readLines(text: string, problems: Problems, take: Take): void {
  let index = 0;
  for (let start = 0; start < text.length && !problems.enough; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let at = start;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    if (at < end) readLine(text.slice(at, end), index++, problems, take);
    start = end + 1;
  }
}

function readLine(line: string, index: number, problems: Problems, take: Take): void {
  let item: unknown;
  try {
    item = JSON.parse(line);
  } catch (error) {
    problems.add(index, '', jsonProblem(error));
    return;
  }
  take(item, index);
}

function isBlank(code: number): boolean {
  return code === 32 || code === NEWLINE || code === 13 || code === 9;
}

function jsonProblem(error: unknown): string {
  return `not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
}
