/** Holds answers to what the document says of them: the status, the content type and every key. */
import { expect } from 'vitest';
import { answersOf } from './document.ts';
import type { Method } from './operation.ts';
import { OPERATIONS } from './operations.ts';

export interface Answered {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** Gives the parsed body, or its text where it is no JSON. */
export function expectDocumented({ method, path, status, contentType, text }: Answered): unknown {
  const [bare] = path.split('?') as [string];
  const template = Object.keys(OPERATIONS).find((one) =>
    new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare),
  );
  const verb = method.toLowerCase() as Method;
  const operation = template === undefined ? undefined : OPERATIONS[template]![verb];
  if (!operation) throw new Error(`${method} ${bare} is not in the document`);
  const answer = answersOf(operation, verb)[status];
  if (!answer) throw new Error(`${method} ${bare}: ${status} is not in the document: ${text}`);
  const [type, schema] = answer.content ?? [null, null];
  expect(contentType?.split(';')[0] ?? null).toBe(type);
  if (type !== 'application/json') return text;
  const body: unknown = JSON.parse(text);
  // Answers are open to more keys, and a key that the schema does not name is lost on the way: so it is found.
  expect(schema.parse(body)).toEqual(body);
  return body;
}
