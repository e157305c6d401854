/** The kinds of `from`: adding one is its file and its line here. */
import * as z from 'zod';
import type { MetricSource } from '../config.ts';
import type { Readable } from '../readable.ts';
import { marks } from '../schema/leaf.ts';
import { gauge } from './gauge.ts';
import { histogram } from './histogram.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import type { Keys, Kind } from './kind.ts';
import { mean } from './mean.ts';
import { rate } from './rate.ts';
import { ratio } from './ratio.ts';
import type { References } from './reference.ts';

const LIST = [gauge, rate, ratio, mean, histogramQuantile, histogram] as const;

export const KINDS: readonly Kind[] = LIST;

/** The keys of all kinds. */
type AllKeys<List> = List extends readonly [infer First extends { readonly keys: Keys }, ...infer Rest]
  ? First['keys'] & AllKeys<Rest>
  : unknown;

// The kinds' own keys first, as messages list them in this order.
const keys = Object.assign(
  {},
  ...KINDS.map(({ key, keys }) => ({ [key]: keys[key] })),
  ...KINDS.map(({ keys }) => keys),
) as AllKeys<typeof LIST>;

/** One mapping for all kinds, so that a misspelled key is told as such; `check.ts` says which keys go together. */
export const fromSchema = z
  .strictObject(keys)
  .partial()
  .register(marks, { expected: `a mapping with one of ${KINDS.map(({ key }) => key).join(', ')}` })
  .meta({
    oneOf: KINDS.map((kind) => ({
      required: requiredKeys(kind),
      propertyNames: { enum: Object.keys(kind.keys) },
    })),
  });

export type RawFrom = z.infer<typeof fromSchema>;

export function requiredKeys({ keys }: Kind): readonly string[] {
  return Object.keys(keys).filter((key) => !(keys[key] instanceof z.ZodOptional));
}

/** The paths of files whose content a `from` needs, as written. */
export function filesOf(from: Readable<RawFrom>): readonly string[] {
  return KINDS.filter(({ key }) => Object.hasOwn(from, key)).flatMap((kind) => kind.files?.(from) ?? []);
}

/** `from` has passed all checks. */
export function toSource(from: RawFrom, references: References): MetricSource {
  const kind = KINDS.find(({ key }) => Object.hasOwn(from, key));
  if (!kind) throw new Error('a `from` came through validation that is of no kind');
  return kind.build(from, references);
}
