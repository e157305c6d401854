/**
 * The building blocks of the schema: zod types that also know how to say what they expect, whether their value is
 * secret, and whether `${ENV_VAR}` is replaced in it. One place for all that messages, redaction and lookups need.
 */
import * as z from 'zod';
import { DURATION_PATTERN, durationFault, parseDuration } from '../values/duration.ts';
import { globFault, LABEL_NAME_PATTERN, labelNameFault } from '../values/names.ts';
import { parseSize, SIZE_PATTERN } from '../values/size.ts';

export interface Mark {
  /** Ends the sentence "expected …". */
  readonly expected: string;
  /** `secret`: never shown at all; `url`: shown without user info and query. */
  readonly hidden?: 'secret' | 'url';
  /** `${ENV_VAR}` is replaced. */
  readonly environment?: boolean;
}

export const marks = z.registry<Mark>();

/** Why a text is refused (empty: what is expected says it all), or null. */
export type Check = (text: string) => string | null;

type TextOptions = Omit<Mark, 'expected'> & { readonly check?: Check };

export function text(expected: string, { check, ...mark }: TextOptions = {}) {
  return z
    .string()
    .check((context) => {
      const fault = unusable(context.value) ?? check?.(context.value) ?? null;
      if (fault !== null)
        context.issues.push({ code: 'custom', params: { reason: fault }, input: context.value });
    })
    .register(marks, { expected, ...mark });
}

/** What no text of a config may hold: it could reach neither a file name nor a label nor the wire. */
function unusable(value: string): string | null {
  if (value.includes('\0')) return 'it holds a NUL character';
  return value.isWellFormed() ? null : 'it is not valid Unicode';
}

/** Absent and empty are different: an empty text is refused. */
export function filledText(expected: string, options: TextOptions = {}) {
  const { check } = options;
  return text(expected, { ...options, check: (value) => (value === '' ? '' : (check?.(value) ?? null)) });
}

export function duration() {
  return text('a duration such as 30s, 5m or 1h30m', {
    check: (value) => (parseDuration(value) === null ? durationFault(value) : null),
  }).meta({ type: ['string', 'integer'], pattern: DURATION_PATTERN, maximum: 0, minimum: 0 });
}

/** A duration above zero, and no longer than `maxMs` where a timer has to wait for it. */
export function span(limit?: { readonly text: string; readonly ms: number }) {
  const expected = `a duration above 0${limit ? ` and up to ${limit.text}` : ''}, such as 30s or 5m`;
  return text(expected, {
    check: (value) => {
      const ms = parseDuration(value);
      if (ms === null) return durationFault(value);
      return ms > 0 && ms <= (limit?.ms ?? Infinity) ? null : '';
    },
  }).meta({ pattern: DURATION_PATTERN });
}

export function size(max: { readonly text: string; readonly bytes: number }) {
  return text(`a size above 0 and up to ${max.text}, such as 512KB or 10MB`, {
    check: (value) => {
      const bytes = parseSize(value);
      return bytes !== null && bytes > 0 && bytes <= max.bytes ? null : '';
    },
  }).meta({ pattern: SIZE_PATTERN });
}

export function integer(min: number, max: number) {
  return z
    .int()
    .min(min)
    .max(max)
    .register(marks, { expected: `an integer from ${min} to ${max}` });
}

/** Any number but an infinite one. */
export function number(expected = 'a finite number') {
  return z.number().register(marks, { expected });
}

export function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  const expected = words.length > 2 ? `one of ${words.join(', ')}` : words.join(' or ');
  return z.enum(words).register(marks, { expected });
}

export function yesNo() {
  return z.boolean().register(marks, { expected: 'true or false' });
}

/** A list with at least one entry: an empty one would say the opposite of what it looks like. */
export function list<T extends z.ZodType>(entry: T, expected = 'a list of at least one entry') {
  return z.array(entry).min(1).register(marks, { expected });
}

export function globs() {
  return list(
    text('a glob over model names, such as fraud-*', { check: globFault }),
    'a list of at least one glob',
  );
}

export function labels() {
  const name = text('a label name of letters, digits and _', { check: labelNameFault });
  const value = text('a label value', { environment: true });
  return z
    .record(name.meta({ pattern: LABEL_NAME_PATTERN }), value.meta({ type: ['string', 'number', 'boolean'] }))
    .register(marks, { expected: 'a mapping of label names to values' });
}

export function labelName() {
  return text('a label name of letters, digits and _', { check: labelNameFault }).meta({
    pattern: LABEL_NAME_PATTERN,
  });
}

/** `defaults` end the sentence "Default: …". */
export function identity(defaults: { readonly model: string; readonly version: string }) {
  return z.strictObject({
    model: labelName()
      .meta({ description: `The label that names the model. Default: ${defaults.model}.` })
      .optional(),
    version: labelName()
      .meta({
        description: `The label that names the version; samples without it have the version none. Default: ${defaults.version}.`,
      })
      .optional(),
  });
}
