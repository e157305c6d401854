/** From a text to a config, or to every problem at once. Never throws for bad input; reads neither clock nor environment by itself. */
import { isUtf8 } from 'node:buffer';
import { toConfig } from './build/config.ts';
import { pathResolver } from './build/values.ts';
import { checkAcross } from './check/check.ts';
import type { Config } from './config.ts';
import { type Environment, fillEnvironment } from './environment.ts';
import { filesOf } from './from/index.ts';
import type { References } from './from/reference.ts';
import { readReferences } from './from/reference-files.ts';
import { type Finding, formatPath, type Problem, sortProblems } from './problem.ts';
import { readStart, systemText } from './read-start.ts';
import { redactConfig } from './redact.ts';
import { configSchema, type RawConfig } from './schema.ts';
import { type ReadableConfig, validate } from './validate.ts';
import { readYaml, type YamlSource } from './yaml/source.ts';

export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const MAX_CONFIG_BYTES = 1024 * 1024;

interface ConfigText {
  readonly text: string;
  /** For messages and relative paths; null for the built-in config. */
  readonly file: string | null;
  readonly env: Environment;
}

/** Reads no files: what the config refers to must have been read, as `readConfig` does. */
export function loadConfig({
  references = new Map(),
  ...given
}: ConfigText & { readonly references?: References }): LoadResult {
  if (Buffer.byteLength(given.text) > MAX_CONFIG_BYTES) return tooLarge(nameOf(given.file));
  return toResult(readDraft(given), references);
}

/** Reads a file as UTF-8, up to 1 MiB, and the files that it refers to. A file that cannot be read is a problem too. */
export async function readConfig(file: string, env: Environment): Promise<LoadResult> {
  let bytes: Buffer;
  try {
    bytes = await readStart(file, MAX_CONFIG_BYTES + 1);
  } catch (error) {
    return wholeFile(file, `cannot be read: ${systemText(error)}`);
  }
  if (bytes.length > MAX_CONFIG_BYTES) return tooLarge(file);
  if (!isUtf8(bytes)) {
    const message = 'expected UTF-8, found bytes that are none';
    return { ok: false, problems: [{ file, ...firstBadByte(bytes), path: '', message }] };
  }
  const draft = readDraft({ text: bytes.toString('utf8'), file, env });
  const paths = (draft.filled.metrics ?? []).flatMap((metric) => (metric?.from ? filesOf(metric.from) : []));
  return toResult(draft, await readReferences(paths, pathResolver(file)));
}

/** A config as far as its own text tells. */
interface Draft {
  readonly file: string | null;
  readonly source: YamlSource;
  readonly written: ReadableConfig;
  /** With the environment variables filled in. */
  readonly filled: ReadableConfig;
  readonly findings: readonly Finding[];
}

function readDraft({ text, file, env }: ConfigText): Draft {
  const source = readYaml(text, configSchema);
  const { config: written, findings } = validate(source.value ?? {});
  const { config: filled, findings: missing } = fillEnvironment(written, env);
  return { file, source, written, filled, findings: [...findings, ...missing] };
}

function toResult({ file, source, written, filled, findings }: Draft, references: References): LoadResult {
  const name = nameOf(file);
  const problems = [
    ...source.problems.map(({ line, column, path, message }) => ({
      file: name,
      line,
      column,
      path: formatPath(path),
      message,
    })),
    ...[...findings, ...checkAcross(filled, references)]
      .filter((finding) => !isEcho(finding, source))
      .map((finding) => locate(finding, source, name)),
  ];
  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  const redactedYaml = redactConfig(written as RawConfig);
  return { ok: true, config: toConfig(filled as RawConfig, { file, references, redactedYaml }) };
}

function nameOf(file: string | null): string {
  return file ?? '(built-in)';
}

function firstBadByte(bytes: Buffer): { line: number; column: number } {
  for (let start = 0, line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(row)) return { line, column: row.toString('utf8').indexOf('\ufffd') + 1 };
    if (end < 0) return { line, column: 1 };
    start = end + 1;
  }
}

function wholeFile(file: string, message: string): LoadResult {
  return { ok: false, problems: [{ file, line: 0, column: 0, path: '', message }] };
}

function tooLarge(file: string): LoadResult {
  return wholeFile(file, 'expected at most 1 MiB, found a larger file');
}

/** Where the YAML itself is broken, what was read may not be what was written: only the syntax error is told. */
function isEcho({ path }: Finding, source: YamlSource): boolean {
  return source.isBroken(path);
}

function locate({ path, message, atKey = false }: Finding, source: YamlSource, file: string): Problem {
  return { file, ...source.locate(path, { atKey }), path: formatPath(path), message };
}
