/** How checks look at a config that could be read in part only. */
import { type Finding, type Path, quote } from '../problem.ts';
import { parseDuration } from '../values/duration.ts';

/** Whether the key was written, be it readable or not. */
export function isWritten<T extends object>(node: T, key: keyof T): boolean {
  return Object.hasOwn(node, key);
}

/** The entries that could be read, each with its position. */
export function entriesOf<T>(
  list: readonly (T | undefined)[] | undefined,
): readonly { entry: T; index: number }[] {
  return (list ?? []).flatMap((entry, index) => (entry === undefined ? [] : [{ entry, index }]));
}

/** In milliseconds; the fallback where the key was not written, undefined where it could not be read. */
export function durationAt<K extends string>(
  node: { readonly [key in K]?: string | undefined } | undefined,
  key: K,
  fallback: number | undefined,
): number | undefined {
  if (node === undefined || !isWritten(node, key)) return fallback;
  const text = node[key];
  return text === undefined ? undefined : parseDuration(text)!;
}

/** The keys of a list that were written; a finding at the second where only one may be, at the mapping where one must be. */
export function checkOne<T extends object>(
  node: T,
  keys: readonly (keyof T & string)[],
  options: { readonly path: Path; readonly required: boolean },
): readonly Finding[] {
  const { path, required } = options;
  const written = keys.filter((key) => isWritten(node, key));
  const [first, second] = written;
  if (second !== undefined) {
    const which = `${required ? 'exactly' : 'at most'} one of ${keys.join(', ')}`;
    return [
      { path: [...path, second], message: `expected ${which}, found ${first} and ${second}`, atKey: true },
    ];
  }
  if (first !== undefined || !required) return [];
  return [{ path, message: `expected exactly one of ${keys.join(', ')}, found none of them` }];
}

/** Entries whose name another before them has. */
export function checkUnique(
  names: readonly { readonly name: string | undefined; readonly path: Path }[],
  what: string,
): readonly Finding[] {
  const seen = new Set<string>();
  return names.flatMap(({ name, path }) => {
    if (name === undefined) return [];
    if (seen.has(name)) {
      return [
        { path, message: `expected ${what} of its own, found ${quote(name)}, which an earlier entry has` },
      ];
    }
    seen.add(name);
    return [];
  });
}
