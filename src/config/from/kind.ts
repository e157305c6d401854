/**
 * The contract of a kind of `from`: which keys people may write, what of them no schema can refuse, and what they come
 * to. Each kind is one file; `index.ts` lists them.
 */
import type * as z from 'zod';
import type { MetricSource } from '../config.ts';
import type { Finding, Path } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { References } from './reference.ts';

export type Keys = Readonly<Record<string, z.ZodType>>;

/** A kind among others: its functions are given a `from` that has its key. */
export interface Kind {
  /** The key that names the kind. */
  readonly key: string;
  /** All keys that may stand in its `from`, its own included; those that are not optional must. */
  readonly keys: Keys;
  /** Why some of its keys make no sense beside another kind, where people may wonder. */
  readonly elsewhere?: { readonly [key: string]: string };
  /** The files whose content it needs, as written. */
  files?(from: object): readonly string[];
  /** What is wrong beyond the schema. */
  check?(from: object, at: CheckedAt): readonly Finding[];
  /** `from` has passed all checks. */
  build(from: object, references: References): MetricSource;
}

export interface CheckedAt {
  /** Of `from`. */
  readonly path: Path;
  readonly references: References;
}

/** A kind that knows its own keys. */
export interface KindOf<K extends Keys> extends Kind {
  readonly key: keyof K & string;
  readonly keys: K;
  files?(from: Readable<Written<K>>): readonly string[];
  check?(from: Readable<Written<K>>, at: CheckedAt): readonly Finding[];
  build(from: Written<K>, references: References): MetricSource;
}

type Written<K extends Keys> = z.infer<z.ZodObject<K>>;

/** Gives the functions of a kind the types that its keys say. */
export function defineKind<const K extends Keys>(kind: KindOf<K>): KindOf<K> {
  return kind;
}
