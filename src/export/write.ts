/** Rule groups as YAML with comments. */
import { Document, Scalar } from 'yaml';
import type { ExportedRule, RuleGroup } from './group.ts';

const COLUMNS = 110;

export function writeRuleFile(groups: readonly RuleGroup[], head: readonly string[]): string {
  const document = new Document({});
  const nodes = groups.map((group, index) => {
    const rules = group.rules.map((rule) => {
      const node = document.createNode(styled(rule));
      node.commentBefore = comment(rule.remarks, 6);
      return node;
    });
    const node = document.createNode({ name: group.name, interval: group.interval, rules });
    node.commentBefore = comment(group.remarks, 2);
    node.spaceBefore = index > 0;
    return node;
  });
  document.set('groups', document.createNode(nodes));
  document.commentBefore = comment(head, 0);
  return escaped(document.toString({ lineWidth: 0 }));
}

/** The rule without its remarks, with expressions as blocks and label values in quotes. */
function styled({ remarks: _, ...rule }: ExportedRule): object {
  const labels =
    rule.labels &&
    Object.fromEntries(Object.entries(rule.labels).map(([name, value]) => [name, quoted(value)]));
  const expr = new Scalar(rule.expr);
  expr.type = 'BLOCK_LITERAL';
  return { ...rule, expr, ...(labels && { labels }) };
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

/** Readers of YAML 1.1 take some characters for line breaks and refuse others; only quoted scalars hold any here. */
function escaped(yaml: string): string {
  return yaml.replace(/[^\n\P{C}]|[\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** Each remark begins on a line of its own; ` ` in front stands between `#` and the text. */
function comment(remarks: readonly string[], indentation: number): string {
  const width = COLUMNS - indentation - 2;
  return remarks
    .flatMap((remark) => wrapped(remark, width))
    .map((line) => ` ${line}`)
    .join('\n');
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = text.startsWith('- ') ? `  ${word}` : word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
