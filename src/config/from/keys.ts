/** The keys that several kinds of `from` share, and what they come to. */
import type * as z from 'zod';
import type { Windowed } from '../../core/derive/settings.ts';
import { parseSelector } from '../../selector/parse.ts';
import { toMs } from '../build/values.ts';
import { DEFAULTS } from '../defaults.ts';
import type { Finding, Path } from '../problem.ts';
import type { Readable } from '../readable.ts';
import { duration, integer, number, text } from '../schema/leaf.ts';
import { exactName } from './series.ts';

const MAX_COUNT = 1_000_000_000;

/** Any instant selector. */
export function selector(example: string) {
  return text(`a PromQL selector such as ${example}`, { check: selectorFault });
}

/** The name that the series of one histogram or summary have in common, with or without matchers of other labels. */
export function baseName(ofWhat: string) {
  return text(`the base name of a ${ofWhat}, such as latency_seconds`, { check: baseFault });
}

export const scaled = {
  scale: number('a finite number other than 0')
    .refine((scale) => scale !== 0)
    .meta({ description: 'Values are multiplied by it, 1000 makes milliseconds of seconds. Default: 1.' })
    .optional(),
};

/** Of the kinds that count. */
export const counted = {
  ...scaled,
  window: duration()
    .meta({
      description:
        'Counts are collected for at least so long, then they give one sample; not beside gauge. Default: each scrape gives one.',
    })
    .optional(),
  min_count: integer(0, MAX_COUNT)
    .meta({
      description:
        'A window goes on until it holds so many observations (of a ratio: in the denominator; of a rate: so large an increase); not beside gauge. Default: 1; 500 for histogram distances; 0 for rate, as a rate of zero is a value.',
    })
    .optional(),
};

type Counted = z.infer<z.ZodObject<typeof counted>>;

export function toWindowed(
  { scale = DEFAULTS.scale, window, min_count: minCount }: Counted,
  defaults: { readonly minCount: number } = DEFAULTS,
): Windowed {
  return { scale, windowMs: toMs(window, DEFAULTS.windowMs), minCount: minCount ?? defaults.minCount };
}

/** What is divided by the number of observations needs one at least. */
export function checkMinCount(from: Readable<Counted>, path: Path): readonly Finding[] {
  if (from.min_count !== 0) return [];
  const message = `expected an integer from 1 to ${MAX_COUNT}, found 0 (only a rate can do without observations)`;
  return [{ path: [...path, 'min_count'], message }];
}

function selectorFault(written: string): string | null {
  const result = parseSelector(written);
  return result.ok ? null : `${result.message} at character ${result.offset + 1}`;
}

const SUFFIX = /_(?:bucket|sum|count)$/;

function baseFault(written: string): string | null {
  const result = parseSelector(written);
  if (!result.ok) return `${result.message} at character ${result.offset + 1}`;
  const name = exactName(result.selector);
  if (name === null) return 'its name must be written out, as several series are made of it';
  const label = result.selector.matchers.find((matcher) => /^(?:le|quantile)$/.test(matcher.label))?.label;
  if (label !== undefined) return `a matcher on ${label} would leave a part of it only`;
  // Written as a matcher, the name is meant as it is: a histogram may be called token_count.
  if (!SUFFIX.test(name) || result.selector.text.startsWith('{')) return null;
  return `did you mean ${name.replace(SUFFIX, '')}? A base name that ends so is written as {__name__="${name}"}`;
}
