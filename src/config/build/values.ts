/** Texts of a valid config as values. What is not valid here is a bug of the loader, and throws. */
import { dirname, isAbsolute, join } from 'node:path';
import { parseDuration } from '../values/duration.ts';
import { parseSize } from '../values/size.ts';

/** Milliseconds. */
export function toMs(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : parsed(parseDuration(text), text);
}

export function toBytes(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : parsed(parseSize(text), text);
}

function parsed(value: number | null, text: string): number {
  if (value === null) throw new Error(`a value came through validation that is none: ${text}`);
  return value;
}

export function toMap<T>(record: Readonly<Record<string, T>> | undefined): ReadonlyMap<string, T> {
  return new Map(Object.entries(record ?? {}));
}

/** Where a relative path of the config leads: it starts at the config file's folder, as in Prometheus. */
export type ResolvePath = (path: string) => string;

export function pathResolver(configFile: string | null): ResolvePath {
  return (path) => (configFile === null || isAbsolute(path) ? path : join(dirname(configFile), path));
}
