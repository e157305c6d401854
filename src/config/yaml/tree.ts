/** The parser's nodes as plain values: aliases and merge keys resolved within bounds, duplicate keys found, nulls left out. */
import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar } from 'yaml';
import * as z from 'zod';
import type { Path } from '../problem.ts';
import { formatPath, quote } from '../problem.ts';
import { entrySchema, plain } from '../schema/walk.ts';

type Schema = z.core.$ZodType;

/** Offsets in the text. */
export interface Place {
  /** Of the key; entries of a list have none. */
  readonly key: number | null;
  readonly start: number;
  readonly end: number;
  readonly scalar: boolean;
}

export interface TreeFinding {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  /** Where the same key stands first. */
  readonly first?: number;
}

export interface Tree {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Place>;
  readonly findings: readonly TreeFinding[];
}

const MAX_DEPTH = 64;
/** Values that come out of aliases, all together: nine levels of ten aliases would make a billion of one kilobyte. */
const MAX_EXPANDED = 20_000;

const ENDLESS = 'expected an alias to something else, found one to what it stands in';

interface Entry {
  readonly node: unknown;
  readonly schema: Schema | undefined;
  readonly path: Path;
  readonly key: number | null;
  /** Where the outermost alias stands through which it is read. */
  readonly alias: number | null;
  /** Grows with each mapping merged in too, whose path does not. */
  readonly depth: number;
}

export function readTree(root: unknown, schema: Schema): Tree {
  const places = new Map<string, Place>();
  const findings: TreeFinding[] = [];
  const anchors = new Map<string, unknown>();
  /** Mappings and lists that are being read: an alias to one of them would never end. */
  const open = new Set<unknown>();
  let expanded = 0;

  const find = (offset: number, path: Path, message: string): undefined => {
    findings.push({ offset, path, message });
    return undefined;
  };

  const read = (entry: Entry): unknown => {
    const { node, path, key, alias, depth } = entry;
    if (isAlias(node)) return readAlias(entry, node.source);
    const [start, , end] = rangeOf(node) ?? [key ?? 0, 0, key ?? 0];
    if (alias === null || !places.has(formatPath(path))) {
      const scalar = isScalar(node) && node.value !== null;
      places.set(formatPath(path), { key, start, end, scalar });
    }
    if (depth > MAX_DEPTH) return find(key ?? start, path, `nested deeper than ${MAX_DEPTH} levels`);
    if (alias !== null && ++expanded > MAX_EXPANDED) {
      return expanded === MAX_EXPANDED + 1
        ? find(alias, path, `aliases expand to more than ${MAX_EXPANDED} values`)
        : undefined;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalarValue(node, entry.schema);
    if (!isMap(node) && !isSeq(node)) return null;
    open.add(node);
    const value = isSeq(node) ? readList(entry, node.items) : readMap(entry, node.items);
    open.delete(node);
    return value;
  };

  const readList = (entry: Entry, items: readonly unknown[]): unknown[] => {
    return items.map((node, index) => {
      const { path, alias, depth } = entry;
      const schema = entrySchema(entry.schema, index);
      return read({ node, schema, path: [...path, index], key: null, alias, depth: depth + 1 });
    });
  };

  const readAlias = (entry: Entry, name: string): unknown => {
    const { node, path, key } = entry;
    const [start, , end] = rangeOf(node) ?? [0, 0, 0];
    places.set(formatPath(path), { key, start, end, scalar: true });
    const target = anchors.get(name);
    if (target === undefined)
      return find(start, path, 'expected an anchor before its alias, found none of that name');
    if (open.has(target)) return find(start, path, ENDLESS);
    return read({ ...entry, node: target, alias: entry.alias ?? start });
  };

  const readMap = (entry: Entry, pairs: readonly Pair[]): unknown => {
    const value: Record<string, unknown> = Object.create(null);
    const offsets = new Map<string, number>();
    const merges: Pair[] = [];
    for (const pair of pairs) {
      const name = keyOf(pair);
      if (name === null) continue;
      const offset = rangeOf(pair.key)?.[0] ?? 0;
      const path = [...entry.path, name];
      const first = offsets.get(name);
      if (isMergeKey(pair)) merges.push(pair);
      else if (name === '__proto__') find(offset, path, 'expected another key, found "__proto__"');
      else if (first !== undefined) {
        findings.push({ offset, path, message: `duplicate key ${quote(name)}, expected it once`, first });
      } else {
        offsets.set(name, offset);
        readPair({ into: value, entry, name, node: pair.value, key: offset });
      }
    }
    // An own key wins even where it has no value: `from:` below `<<: *base` means none.
    for (const merge of merges) {
      for (const [name, merged] of readMerge(entry, merge)) {
        if (!offsets.has(name) && !(name in value)) value[name] = merged;
      }
    }
    return value;
  };

  const readPair = (pair: {
    into: Record<string, unknown>;
    entry: Entry;
    name: string;
    node: unknown;
    key: number;
  }) => {
    const { into, entry, name, node, key } = pair;
    const schema = entrySchema(entry.schema, name);
    const path = [...entry.path, name];
    const value = read({ node, schema, path, key, alias: entry.alias, depth: entry.depth + 1 });
    // A key without a value is as good as none, as in Prometheus, but where nothing more can be said: `log:`.
    if (value !== null) into[name] = value;
    else if (schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0)
      into[name] = Object.create(null);
  };

  /** What `<<: *base` or `<<: [*a, *b]` brings, in the order in which the first to bring a key has it. */
  const readMerge = (entry: Entry, merge: Pair): readonly [string, unknown][] => {
    const offset = rangeOf(merge.key)?.[0] ?? 0;
    const path = [...entry.path, '<<'];
    const sources = isSeq(merge.value) ? merge.value.items : [merge.value];
    return sources.flatMap((source) => {
      const target = isAlias(source) ? anchors.get(source.source) : source;
      if (!isMap(target) || open.has(target)) {
        find(
          offset,
          path,
          isMap(target) ? ENDLESS : 'expected mappings to merge, as in <<: *name, found something else',
        );
        return [];
      }
      const merged = read({ ...entry, node: target, alias: entry.alias ?? offset, depth: entry.depth + 1 });
      return typeof merged === 'object' && merged !== null ? Object.entries(merged) : [];
    });
  };

  const value =
    root === null
      ? null
      : read({ node: root, schema: plain(schema), path: [], key: null, alias: null, depth: 0 });
  return { value, places, findings };
}

/** Where a text is expected, an unquoted number or word is the text as it was written. */
function scalarValue(node: Scalar, schema: Schema | undefined): unknown {
  const asWritten = schema instanceof z.ZodString && node.value !== null && node.type === Scalar.PLAIN;
  return asWritten && node.source !== undefined ? node.source : node.value;
}

function keyOf({ key }: Pair): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  return node.range ?? undefined;
}
