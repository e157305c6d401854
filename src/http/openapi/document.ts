/** The OpenAPI 3.1 document, made from the table of operations and the schemas that validate. */
import { z } from 'zod';
import { error } from './answers.ts';
import type { Answer, Method, Operation } from './operation.ts';
import { MENTIONED, OPERATIONS } from './operations.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `Answers are \`{"status": "success", "data": …}\`, errors \`{"status": "error", "errorType": "…", "error": "…"}\`. Times are RFC 3339 in UTC. Lists are newest first. Answers may get more keys; bodies with an unknown key, and queries with an unknown parameter, are refused.

Reads are open, and writes are taken from this machine only, unless the web config (\`--web.config.file\`) names users: then every path but \`/-/healthy\`, \`/-/ready\` and an outcome with its token needs one. Writes by pages of another origin are refused.`;

const TAGS: Readonly<Record<Operation['tag'], string>> = {
  state: 'What drifts, since when and why',
  events: 'Metric events in, and what happens out',
  retrains: 'What was asked of the pipeline, and what came of it',
  process: 'The process itself',
};

export function buildDocument({ version }: { readonly version: string }): Json {
  const schemas = new SchemaCollector();
  const paths: Json = {};
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    const entries = Object.entries(methods) as [Method, Operation][];
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    paths[path] = {
      ...(parameters.length > 0 && { parameters }),
      ...Object.fromEntries(
        entries.map(([method, operation]) => [method, describeOperation(operation, method, schemas)]),
      ),
    };
  }
  for (const schema of MENTIONED) schemas.use(schema);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Driftgauge',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document came from.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.shared(),
      securitySchemes: {
        user: {
          type: 'http',
          scheme: 'basic',
          description: 'A user of the web config, where it names some.',
        },
        outcomeToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The `outcome.token` of the request, good for its outcome only.',
        },
      },
    },
  };
}

/** As it is committed. */
export function documentText(build: { readonly version: string }): string {
  return `${JSON.stringify(buildDocument(build), null, 2)}\n`;
}

function describeOperation(operation: Operation, method: Method, schemas: SchemaCollector): Json {
  const { id, tag, summary, description, query = {}, body, access } = operation;
  const answers = answersOf(operation, method);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: SECURITY[access ?? 'users'],
    ...(Object.keys(query).length > 0 && {
      parameters: Object.entries(query).map(([name, parameter]) => ({
        name,
        in: 'query',
        description: parameter.description,
        ...(parameter.required && { required: true }),
        schema: schemas.use(parameter.schema),
      })),
    }),
    ...(body && {
      requestBody: {
        ...(body.description !== undefined && { description: body.description }),
        content: {
          'application/json': { schema: schemas.use(body.schema) },
          ...(body.lines !== undefined && {
            'application/x-ndjson': { schema: { type: 'string', description: body.lines } },
          }),
        },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer, schemas)]),
    ),
  };
}

/** `{}`: without credentials, where the web config names no users. */
const SECURITY = { open: [], token: [{ outcomeToken: [] }], users: [{}, { user: [] }] };

/** Its own, and what every operation of its kind may answer. */
export function answersOf(operation: Operation, method: Method): Readonly<Record<number, Answer>> {
  return { ...commonAnswers(operation, method), ...operation.answers };
}

function commonAnswers({ tag, query, body, access }: Operation, method: Method): Record<number, Answer> {
  const fault = (description: string): Answer => ({ description, content: ['application/json', error] });
  const isWrite = method !== 'get';
  const isProbe = access === 'open';
  return {
    ...(!isProbe &&
      (tag !== 'process' || query || body) && { 400: fault('The query or the body is not valid.') }),
    ...(!isProbe && {
      401: fault(
        access === 'token'
          ? 'The token is missing or wrong.'
          : 'The web config names users, and this is none of them.',
      ),
    }),
    ...(isWrite && {
      403: fault(
        access === 'token'
          ? 'It comes from a page of another origin.'
          : 'It comes from a page of another origin, or from another machine where the web config names no users.',
      ),
    }),
    ...(body && {
      413: fault('The body is too large.'),
      415: fault('The content encoding is neither gzip nor identity.'),
      503: fault('The storage takes nothing at present; `Retry-After` says when to come back.'),
    }),
  };
}

function describeAnswer({ description, content }: Answer, schemas: SchemaCollector): Json {
  if (!content) return { description };
  const [type, schema] = content;
  return { description, content: { [type]: { schema: schemas.use(schema) } } };
}

/** Turns schemas into JSON Schema; those with an id are written once, and referred to. */
class SchemaCollector {
  readonly #shared = new Map<string, unknown>();
  readonly #done = new Map<z.ZodType, unknown>();

  use(schema: z.ZodType): unknown {
    const known = this.#done.get(schema);
    if (known !== undefined) return known;
    const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io: 'input', override: tidy });
    for (const [id, shared] of Object.entries($defs ?? {})) this.#shared.set(id, refer(shared));
    const own = refer(rest);
    this.#done.set(schema, own);
    return own;
  }

  shared(): Json {
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Formats say it better than the patterns that check them, and what any integer of JSON has needs no saying. */
function tidy({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
}

function refer(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
