/** The schema as a map: what is allowed at a path, what it is called, and which keys there are anywhere. */
import * as z from 'zod';
import type { Path } from '../problem.ts';
import { type Mark, marks } from './leaf.ts';

type Schema = z.core.$ZodType;

/** What stands behind `optional`. */
export function plain(schema: Schema): Schema {
  return schema instanceof z.ZodOptional ? plain(schema.unwrap()) : schema;
}

/** The schema of an entry; undefined where the key is unknown or the schema holds no entries. */
export function entrySchema(parent: Schema | undefined, key: string | number): Schema | undefined {
  if (parent instanceof z.ZodObject) {
    const shape: Readonly<Record<string, Schema>> = parent.shape;
    return Object.hasOwn(shape, key) ? plain(shape[key]!) : undefined;
  }
  if (parent instanceof z.ZodArray) return typeof key === 'number' ? plain(parent.element) : undefined;
  return parent instanceof z.ZodRecord ? plain(parent.valueType) : undefined;
}

export function schemaAt(root: Schema, path: Path): Schema | undefined {
  let schema: Schema | undefined = plain(root);
  for (const key of path) schema = entrySchema(schema, key);
  return schema;
}

export function markOf(schema: Schema | undefined): Mark | undefined {
  return schema && marks.get(schema);
}

/** How the sentence "expected …" ends. */
export function expectationOf(schema: Schema | undefined): string {
  return markOf(schema)?.expected ?? (schema instanceof z.ZodArray ? 'a list' : 'a mapping');
}

/** The keys that a mapping may have; none where it is a list, a scalar or may have any. */
export function keysOf(schema: Schema | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Whether the schema is that of a mapping or a list. */
export function holdsEntries(schema: Schema | undefined): boolean {
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord || schema instanceof z.ZodArray;
}

/** A key somewhere in the schema, with the keys that lead to it; an entry of a list is `[]`. */
export interface KeyPlace {
  readonly key: string;
  readonly parents: readonly string[];
}

export function everyKey(schema: Schema, parents: readonly string[] = []): readonly KeyPlace[] {
  const here = plain(schema);
  if (here instanceof z.ZodArray) return everyKey(here.element, [...parents, '[]']);
  return keysOf(here).flatMap((key) => [
    { key, parents },
    ...everyKey(entrySchema(here, key)!, [...parents, key]),
  ]);
}

/** A copy of a value in which `change` has replaced every scalar; what could not be read stays undefined. */
export function mapScalars(
  schema: Schema | undefined,
  value: unknown,
  change: (value: unknown, mark: Mark | undefined, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      mapScalars(entrySchema(schema, index), entry, change, [...path, index]),
    );
  }
  if (typeof value !== 'object' || value === null) return change(value, markOf(schema), path);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of Object.entries(value)) {
    copy[key] = mapScalars(entrySchema(schema, key), entry, change, [...path, key]);
  }
  return copy;
}
