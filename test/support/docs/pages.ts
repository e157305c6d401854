/** The pages that people read, and what is on them: fenced blocks, commands in running text, links, anchors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from '../../../tools/reference/markdown.ts';

export const ROOT = join(import.meta.dirname, '../../..');

export interface Block {
  readonly language: string;
  readonly text: string;
  /** `docs/receiver.md:12`. */
  readonly place: string;
}

export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** The code in running text, without its backticks. */
  readonly inlineCode: readonly string[];
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

export function readPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.sort()].map((file) =>
    readPage(file, readFileSync(join(ROOT, file), 'utf8')),
  );
}

/** A fence may be indented, as in a list; its block then is, too. */
const FENCE = /^( *)(`{3,}|~{3,})(.*)\n([\s\S]*?)^\1\2 *$/gm;

export function readPage(file: string, text: string): Page {
  const blocks = [...text.matchAll(FENCE)].map(({ 1: indent, 3: info, 4: inside, index }) => ({
    language: info!.trim().split(/\s/)[0]!,
    text: inside!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    place: `${file}:${text.slice(0, index).split('\n').length}`,
  }));
  const prose = text.replaceAll(FENCE, '');
  const plain = prose.replaceAll(/`[^`]*`/g, '');
  return {
    file,
    blocks,
    inlineCode: [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll('\n', ' ')),
    links: [...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(([, link]) => link!),
    anchors: anchorsOf(prose),
  };
}

function anchorsOf(prose: string): ReadonlySet<string> {
  const anchors = new Set([...prose.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id!));
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    // A link in a heading counts as its text.
    const base = slug(heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    let anchor = base;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${base}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
