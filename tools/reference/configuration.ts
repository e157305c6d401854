/** docs/configuration.md: every key of the config, from the schema, after a short introduction written by hand. */
import { KINDS, requiredKeys } from '../../src/config/from/index.ts';
import { configSchema } from '../../src/config/schema.ts';
import { EXAMPLES } from './configuration-examples.ts';
import type { Key, Section } from './keys.ts';
import { sectionsOf } from './keys.ts';
import { code, GENERATED, slug, table } from './markdown.ts';

export function configurationPage(): string {
  const [root, ...sections] = sectionsOf(configSchema);
  const parts = [
    GENERATED('src/config/schema.ts and tools/reference'),
    EXAMPLES.introduction,
    '## The file\n',
    keyTable(root!.keys),
    ...sections.filter(({ keys }) => keys.length > 0).map(sectionText),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function sectionText(section: Section): string {
  const { path, description, keys } = section;
  const level = path.includes('.') ? '###' : '##';
  const example = EXAMPLES.sections[path];
  return [
    `\n${level} ${code(path)}\n`,
    ...(description === '' ? [] : [`${sentence(description)}\n`]),
    ...(example === undefined ? [] : [`${example}\n`]),
    ...(path === 'metrics[].from' ? [`${kindTable()}\n`] : []),
    keyTable(keys),
  ].join('\n');
}

/** The default of a whole mapping stands in the row of its key. */
function sentence(description: string): string {
  return description.replace(/ ?Default: .*$/, '').replaceAll(/\b[a-z]+(?:_[a-z]+)+\b/g, code);
}

function keyTable(keys: readonly Key[]): string {
  const rows = keys.map(({ key, path, type, default: fallback, description, section }) => {
    const shown = section === null ? type : `[${type}](#${slug(section)})`;
    // A key with a section of its own has that heading as its anchor.
    const anchor = section === null ? `<a id="${path}"></a>` : '';
    return [`${anchor}${code(key)}`, shown, fallback, description];
  });
  return table(['key', 'type', 'default', 'what it does'], rows);
}

function kindTable(): string {
  const rows = KINDS.map((kind) => {
    const needed = requiredKeys(kind);
    const others = Object.keys(kind.keys).filter((key) => !needed.includes(key));
    const list = (keys: readonly string[]) => keys.map(code).join(', ');
    return [code(kind.key), list(needed.filter((key) => key !== kind.key)), list(others)];
  });
  return table(['kind', 'needs beside it', 'may have beside it'], rows);
}
