/** Small JSON bodies, checked against a schema. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Failure } from './answer.ts';
import { refuse } from './answer.ts';
import type { BodyReader } from './body.ts';

/** `failure: null`: the client went away. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure | null };

const LIMIT_BYTES = 64 * 1024;

/** Text that any label, file and database can hold, of at most so many bytes of UTF-8. */
export const boundedText = (maxBytes: number) =>
  z
    .string()
    .refine((text) => text.isWellFormed(), { error: 'has half of a surrogate pair' })
    .refine((text) => Buffer.byteLength(text) <= maxBytes, { error: `longer than ${maxBytes} bytes` });

/** An empty body is `{}`. */
export async function readJson<Value>(
  request: IncomingMessage,
  { schema, readBody }: { schema: z.ZodType<Value>; readBody: BodyReader },
): Promise<Parsed<Value>> {
  const body = await readBody(request, LIMIT_BYTES);
  if (!body.ok) return body;
  let value: unknown;
  try {
    if (!isUtf8(body.bytes)) return refuse('bad_data', 'the body is not valid UTF-8');
    value = body.bytes.length === 0 ? {} : JSON.parse(body.bytes.toString('utf8'));
  } catch {
    return refuse('bad_data', 'the body is not valid JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  return refuse('bad_data', problems.join('; '));
}
