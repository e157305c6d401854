/** Pieces of Markdown: tables, and sentences whose names and values are set as code. */

export const GENERATED = (source: string) =>
  `<!-- Made from ${source} by \`npm run reference\`: change it there. -->`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bar would end the cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** What Markdown would otherwise take for emphasis or mathematics, and the names of keys. */
const NAME =
  /\$\{\w+\}|\$\w+|\$\$|\{(?!")\w+\}|\{".*?\}|\b_*[a-z0-9]+(?:_+[a-z0-9]+)+_*|__name__|(?<![\w`])_[a-z]+\b/g;

/** Sets names as code wherever they are not already. */
export function prose(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(NAME, code)))
    .join('');
}

/** As GitHub makes the anchor of a heading. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
