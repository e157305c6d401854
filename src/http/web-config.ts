/** The web config file in the exporter-toolkit's format: TLS, response headers and bcrypt users. Strict; all problems at once. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { WebConfigError } from './web-config-error.ts';
import type { ReadFile, WebTls } from './web-tls.ts';
import { readTls, TLS_SCHEMA } from './web-tls.ts';

export interface WebConfig {
  readonly tls: WebTls | null;
  /** For every answer. */
  readonly headers: ReadonlyMap<string, string>;
  /** User names and bcrypt hashes; empty: nobody needs to log in. */
  readonly users: ReadonlyMap<string, string>;
}

export const NO_WEB_CONFIG: WebConfig = { tls: null, headers: new Map(), users: new Map() };

/** What a reading found; `files` and `digest` say of which contents, of a faulty config too. */
export type WebConfigReading = {
  readonly files: readonly string[];
  readonly digest: string;
} & (
  | { readonly ok: true; readonly config: WebConfig }
  | { readonly ok: false; readonly error: WebConfigError }
);

const HEADERS_SCHEMA = z
  .strictObject({
    'Content-Security-Policy': z.string(),
    'X-Frame-Options': z.enum(['deny', 'sameorigin', ''], { error: 'expected deny or sameorigin' }),
    'X-Content-Type-Options': z.enum(['nosniff', ''], { error: 'expected nosniff' }),
    'X-XSS-Protection': z.string(),
    'Strict-Transport-Security': z.string(),
  })
  .partial();

const BCRYPT = /^\$2[abxy]?\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/** By hand, because a record would silently lose a user named `__proto__`, and with the last user the login. */
const USERS_SCHEMA = z.unknown().transform((value, context) => {
  const users = new Map<string, string>();
  if (value === undefined || value === null) return users;
  const fault = (path: string[], message: string) =>
    void context.issues.push({ code: 'custom', path, message, input: null });
  if (typeof value !== 'object' || Array.isArray(value)) {
    fault([], 'expected user names with bcrypt hashes');
    return users;
  }
  for (const [user, hash] of Object.entries(value)) {
    if (user === '' || user.includes(':')) fault([user], 'a user name is not empty and has no colon');
    else if (typeof hash === 'string' && BCRYPT.test(hash)) users.set(user, hash);
    else fault([user], 'expected a bcrypt hash');
  }
  return users;
});

const SCHEMA = z.strictObject({
  tls_server_config: TLS_SCHEMA.nullish(),
  http_server_config: z
    .strictObject({
      /** Taken, so that files of other programs fit; we speak HTTP/1.1 only. */
      http2: z.boolean().optional(),
      headers: HEADERS_SCHEMA.nullish(),
    })
    .nullish(),
  basic_auth_users: USERS_SCHEMA.optional(),
});

/** Relative paths in the file are relative to its folder. */
export async function readWebConfig(file: string): Promise<WebConfigReading> {
  const contents = new Map<string, string>();
  const read: ReadFile = async (path, place) => {
    try {
      const content = await readFile(path, 'utf8');
      contents.set(path, content);
      return content;
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      contents.set(path, unreadable(code));
      throw new WebConfigError([`${place}: cannot be read: ${code}`]);
    }
  };
  const reading = await build(file, read).then(
    (config) => ({ ok: true, config }) as const,
    (error: unknown) => {
      if (!(error instanceof WebConfigError)) throw error;
      return { ok: false, error } as const;
    },
  );
  return { ...reading, files: [...contents.keys()], digest: digestOf(contents.values()) };
}

async function build(file: string, read: ReadFile): Promise<WebConfig> {
  const raw = parse(await read(file, file), file);
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(raw.http_server_config?.headers ?? {}))
    if (value) headers.set(name, value);
  return {
    tls: raw.tls_server_config ? await readTls(raw.tls_server_config, { file, read }) : null,
    headers,
    users: raw.basic_auth_users ?? new Map(),
  };
}

/** Equal as long as the contents are; that a file can't be read counts as its content. */
export async function digestFiles(files: readonly string[]): Promise<string> {
  return digestOf(
    await Promise.all(
      files.map((file) =>
        readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) =>
          unreadable(code ?? 'unknown error'),
        ),
      ),
    ),
  );
}

function unreadable(code: string): string {
  return `cannot be read: ${code}`;
}

function digestOf(contents: Iterable<string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...contents]))
    .digest('hex');
}

function parse(text: string, file: string): z.output<typeof SCHEMA> {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    // Its own messages may quote the line, and a line may hold a secret: place and kind are told.
    const lines = document.errors.map(({ code, pos }) => {
      const line = text.slice(0, pos[0]).split('\n').length;
      return `${file}: line ${line}: not valid YAML: ${code.toLowerCase().replaceAll('_', ' ')}`;
    });
    throw new WebConfigError(lines);
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    throw new WebConfigError([`${file}: too many YAML aliases`]);
  }
  const result = SCHEMA.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new WebConfigError(result.error.issues.flatMap((issue) => problemsOf(issue, file)));
}

function problemsOf(issue: z.core.$ZodIssue, file: string): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${file}: ${[...path, key].join('.')}: unknown key`);
  }
  return [`${file}: ${path.join('.') || 'the file'}: ${issue.message}`];
}
