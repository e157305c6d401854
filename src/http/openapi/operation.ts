/** What the OpenAPI document is made from: an operation, what it takes and what it answers; and the parts that several share. */
import { z } from 'zod';
import { answerOf, error } from './answers.ts';

export interface Answer {
  readonly description: string;
  /** Content type and schema; left out: no body. */
  readonly content?: readonly [type: string, schema: z.ZodType];
}

export interface Parameter {
  readonly schema: z.ZodType;
  readonly description: string;
  readonly required?: true;
}

export interface Operation {
  readonly id: string;
  readonly tag: 'state' | 'events' | 'retrains' | 'process';
  readonly summary: string;
  readonly description?: string;
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly schema: z.ZodType; readonly description?: string; readonly lines?: string };
  /** By status. What every operation of its kind may answer is added to these. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** `open`: for everybody. `token`: with the request's own token. Default: as the web config says. */
  readonly access?: 'open' | 'token';
}

export type Method = 'get' | 'post' | 'put';
export type Operations = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;

export const JSON_TYPE = 'application/json';
export const data = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: [JSON_TYPE, answerOf(schema)],
});
export const text = (description: string): Answer => ({ description, content: ['text/plain', z.string()] });
export const fault = (description: string, schema: z.ZodType = error): Answer => ({
  description,
  content: [JSON_TYPE, schema],
});

export const MODEL: Parameter = { schema: z.string().min(1), description: 'Only of the model of this name.' };
export const VERSION: Parameter = { schema: z.string().min(1), description: 'Only of this version.' };
export const METRIC: Parameter = { schema: z.string().min(1), description: 'Only of this metric.' };
export const LIMIT: Parameter = {
  schema: z.int().min(1).max(1000).meta({ default: 100 }),
  description: 'How many at most.',
};

export const list = (before: string) => ({
  model: MODEL,
  version: VERSION,
  metric: METRIC,
  limit: LIMIT,
  before: { schema: z.string().min(1), description: before },
});
