/** From a text to a config, or to every problem at once. Never throws for bad input; reads neither clock nor environment by itself. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { toConfig } from './build/config.ts';
import { checkAcross } from './check/check.ts';
import type { Config } from './config.ts';
import { type Environment, fillEnvironment } from './environment.ts';
import { type Finding, formatPath, type Problem, sortProblems } from './problem.ts';
import { redactConfig } from './redact.ts';
import { configSchema, type RawConfig } from './schema.ts';
import { validate } from './validate.ts';
import { readYaml, type YamlSource } from './yaml/source.ts';

export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const MAX_CONFIG_BYTES = 1024 * 1024;

/** `file` is for messages and relative paths; null for the built-in config. */
export function loadConfig({
  text,
  file,
  env,
}: {
  text: string;
  file: string | null;
  env: Environment;
}): LoadResult {
  const name = file ?? '(built-in)';
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) return tooLarge(name);

  const source = readYaml(text, configSchema);
  const { config: readable, findings } = validate(source.value ?? {});
  const filled = fillEnvironment(readable, env);
  const problems = [
    ...source.problems.map(({ line, column, path, message }) => ({
      file: name,
      line,
      column,
      path: formatPath(path),
      message,
    })),
    ...[...findings, ...filled.findings, ...checkAcross(filled.config)]
      .filter((finding) => !isEcho(finding, source))
      .map((finding) => locate(finding, source, name)),
  ];
  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  const redactedYaml = redactConfig(readable as RawConfig);
  return { ok: true, config: toConfig(filled.config as RawConfig, { file, redactedYaml }) };
}

/** Reads a file as UTF-8, up to 1 MiB. A file that cannot be read is a problem too. */
export async function readConfig(file: string, env: Environment): Promise<LoadResult> {
  let bytes: Buffer;
  try {
    bytes = await readStart(file, MAX_CONFIG_BYTES + 1);
  } catch (error) {
    return wholeFile(file, `cannot be read: ${errorText(error)}`);
  }
  if (bytes.length > MAX_CONFIG_BYTES) return tooLarge(file);
  if (isUtf8(bytes)) return loadConfig({ text: bytes.toString('utf8'), file, env });
  const place = firstBadByte(bytes);
  return {
    ok: false,
    problems: [{ file, ...place, path: '', message: 'expected UTF-8, found bytes that are none' }],
  };
}

/** The first bytes of a file. Rejects with the file system's error. */
export async function readStart(file: string, maxBytes: number): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await handle.read(buffer, length, maxBytes - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** What the system says, without the path that the message names anyway. */
function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^([A-Z]+: [^,]+), .*$/s, '$1');
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
