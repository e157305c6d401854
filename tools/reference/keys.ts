/** What the schema of the config says of each key, as the words of a table's row. */
import * as z from 'zod';
import { entrySchema, expectationOf, keysOf, markOf, plain } from '../../src/config/schema/walk.ts';
import { code, prose } from './markdown.ts';

type Schema = z.core.$ZodType;

/** A mapping of the config with what may stand in it; `path` is written as in messages, with `[]` for any entry. */
export interface Section {
  readonly path: string;
  readonly description: string;
  readonly keys: readonly Key[];
}

export interface Key {
  readonly key: string;
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
  /** The path of the section that says what stands in it; null for a scalar, or a mapping of any keys. */
  readonly section: string | null;
}

/** Every mapping, in the order of the file, each before those inside it. */
export function sectionsOf(root: Schema, path = ''): readonly Section[] {
  const schema = mappingIn(root);
  if (!schema) return [];
  const children = keysOf(schema).map((key) => ({ key, child: entrySchema(schema, key)! }));
  const pathOf = (key: string) => (path === '' ? key : `${path}.${key}`);
  const keys = children.map(({ key, child }) =>
    describeKey({ key, child, path: pathOf(key), parent: schema }),
  );
  const own = { path, description: descriptionOf(root), keys };
  return [
    own,
    ...children.flatMap(({ key, child }) => sectionsOf(child, `${pathOf(key)}${entriesOf(child)}`)),
  ];
}

interface DescribedKey {
  readonly key: string;
  readonly child: Schema;
  readonly path: string;
  readonly parent: z.ZodObject;
}

function describeKey({ key, child, path, parent }: DescribedKey): Key {
  const { description, stated } = splitDefault(descriptionOf(child));
  const optional = parent.shape[key] instanceof z.ZodOptional;
  const inside = mappingIn(child);
  return {
    key,
    path,
    type: typeOf(child),
    default: optional ? defaultText(stated) : '**required**',
    description: prose(description),
    section: inside && keysOf(inside).length > 0 ? `${path}${entriesOf(child)}` : null,
  };
}

/** The mapping that a key holds, itself or as entries of a list. */
function mappingIn(schema: Schema): z.ZodObject | undefined {
  const here = plain(schema);
  if (here instanceof z.ZodArray) return mappingIn(here.element);
  return here instanceof z.ZodObject ? here : undefined;
}

function entriesOf(schema: Schema): string {
  return plain(schema) instanceof z.ZodArray ? '[]' : '';
}

function descriptionOf(schema: Schema): string {
  return (plain(schema) as z.ZodType).description ?? '';
}

/** Descriptions say the default in a sentence of its own, for editors; here it has a column. */
function splitDefault(text: string): { readonly description: string; readonly stated: string } {
  const match = / ?Default: (.+?)\.(?= [A-Z]|$)/.exec(text);
  if (!match) return { description: text, stated: '' };
  return { description: text.replace(match[0], ''), stated: match[1]! };
}

function defaultText(stated: string): string {
  if (stated === '') return '';
  if (stated === 'none' || stated === 'all') return stated;
  return /^\S+$/.test(stated) ? code(stated) : prose(stated);
}

function typeOf(schema: Schema): string {
  const here = plain(schema);
  if (here instanceof z.ZodEnum) return here.options.map((word) => code(String(word))).join(' or ');
  if (here instanceof z.ZodArray && mappingIn(here)) return 'list of mappings';
  if (here instanceof z.ZodObject) return 'mapping';
  const words = expectationOf(here).replace(/^an? /, '');
  const [, before = words, examples] = /^(.*?such as )(.*)$/.exec(words) ?? [];
  const shown = examples === undefined ? prose(before) : `${before}${exampleText(examples)}`;
  return markOf(here)?.hidden === 'secret' ? `${shown}; secret` : shown;
}

/** `30s, 5m or 1h`: each of them as code. */
function exampleText(examples: string): string {
  const separator = /(, | or )/;
  return examples
    .split(separator)
    .map((part) => (separator.test(part) ? part : code(part.replaceAll('`', ''))))
    .join('');
}
