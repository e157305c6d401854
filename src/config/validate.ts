/**
 * Holds a value against the schema and says all that does not fit. What fits is kept, so that checks across keys can
 * run over it: a bad duration in one entry must not hide a problem in another.
 */
import type * as z from 'zod';
import { type Finding, formatPath, type Path, quote } from './problem.ts';
import type { Readable } from './readable.ts';
import { everyKey, expectationOf, holdsEntries, keysOf, markOf, schemaAt } from './schema/walk.ts';
import { configSchema, type RawConfig } from './schema.ts';
import { type Suggestion, suggestKey } from './suggest.ts';
import { redactUrl } from './values/address.ts';

export type ReadableConfig = Readable<RawConfig>;

export function validate(value: unknown): {
  readonly config: ReadableConfig;
  readonly findings: readonly Finding[];
} {
  const result = configSchema.safeParse(value);
  if (result.success) return { config: value as RawConfig, findings: [] };
  const everywhere = everyKey(configSchema);
  const findings: Finding[] = [];
  const unreadable: Path[] = [];
  const unknown: Path[] = [];
  // A misspelled key is one fault, not two: the key that was meant is not missing.
  const meant = new Set<string>();

  for (const issue of result.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const place = pathOf(issue);
    const known = keysOf(schemaAt(configSchema, place));
    const parent = valueAt(value, place) as object;
    const allowed = known.filter((key) => !Object.hasOwn(parent, key));
    for (const key of issue.keys) {
      const suggestion = suggestKey({ key, place, allowed, everywhere });
      findings.push({ path: [...place, key], message: unknownKey(key, known, suggestion), atKey: true });
      unknown.push([...place, key]);
      if (suggestion?.kind === 'here') {
        meant.add(formatPath([...place, suggestion.key]));
        unreadable.push([...place, suggestion.key]);
      }
    }
  }
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') continue;
    const path = pathOf(issue);
    if (issue.code === 'invalid_key') {
      findings.push({ path, message: invalidKey(path, issue), atKey: true });
      unknown.push(path);
      continue;
    }
    const found = valueAt(value, path);
    unreadable.push(path);
    if (found === undefined && (meant.has(formatPath(path)) || isUnread(value, path))) continue;
    findings.push({ path, message: mismatch(path, found, issue) });
  }
  return { config: prune(value, { unknown, unreadable }), findings };
}

type Issue = z.core.$ZodIssue;

function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** There, but without a value: the YAML reader has said why. */
function isUnread(value: unknown, path: Path): boolean {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  return typeof parent === 'object' && parent !== null && key !== undefined && Object.hasOwn(parent, key);
}

function unknownKey(key: string, known: readonly string[], suggestion: Suggestion | null): string {
  const unknown = `unknown key ${quote(key)}`;
  if (suggestion?.kind === 'here') return `${unknown}, did you mean ${quote(suggestion.key)}?`;
  if (suggestion) return `${unknown}, did you mean ${suggestion.path}?`;
  return `${unknown}, expected ${known.length === 0 ? 'no keys here' : `one of ${known.join(', ')}`}`;
}

function invalidKey(path: Path, issue: Extract<Issue, { code: 'invalid_key' }>): string {
  const parent = schemaAt(configSchema, path.slice(0, -1));
  const keyType = parent && 'keyType' in parent ? (parent.keyType as z.core.$ZodType) : undefined;
  const reason = issue.issues.map(reasonOf).join('');
  return because(`expected ${expectationOf(keyType)}, found ${quote(String(path.at(-1)))}`, reason);
}

function mismatch(path: Path, found: unknown, issue: Issue): string {
  const schema = schemaAt(configSchema, path);
  return because(`expected ${expectationOf(schema)}, found ${describe(found, schema)}`, reasonOf(issue));
}

/** What the checks of leaf.ts have to say beyond what is expected. */
function reasonOf(issue: Issue): string {
  return issue.code === 'custom' ? String(issue.params?.['reason'] ?? '') : '';
}

function because(sentence: string, reason: string): string {
  return reason === '' ? sentence : `${sentence} (${reason})`;
}

/** What was found: a scalar as it is where one was expected and it is no secret, all else by its kind. */
function describe(value: unknown, schema: z.core.$ZodType | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  // Where a mapping was expected, a text may hold what would have been a secret in it.
  if (holdsEntries(schema)) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  const hidden = markOf(schema)?.hidden;
  if (hidden === 'secret') return 'a value that is not shown';
  if (typeof value !== 'string') return String(value);
  return quote(hidden === 'url' ? redactUrl(value) : value);
}

/** Takes out what does not fit, in place. Entries of lists keep their positions. */
function prune(
  value: unknown,
  parts: { unknown: readonly Path[]; unreadable: readonly Path[] },
): ReadableConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const parentOf = (path: Path): Record<string | number, unknown> | undefined => {
    const parent = valueAt(value, path.slice(0, -1));
    return typeof parent === 'object' && parent !== null
      ? (parent as Record<string | number, unknown>)
      : undefined;
  };
  for (const path of parts.unknown) {
    const parent = parentOf(path);
    if (parent) delete parent[path.at(-1)!];
  }
  for (const path of parts.unreadable) {
    const parent = parentOf(path);
    if (parent) parent[path.at(-1)!] = undefined;
  }
  return value as ReadableConfig;
}
