/** Everything in the docs that can be checked is: each fenced block by the rule of its language, each command, link and anchor. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from './support/docs/block-rules.ts';
import { commandFaults } from './support/docs/commands.ts';
import { ROOT, readPage, readPages } from './support/docs/pages.ts';

const pages = readPages();

describe('every block holds', () => {
  const blocks = pages.flatMap((page) => page.blocks);
  it.each(blocks)('$place: $language', async (block) => {
    const rule = RULES[block.language];
    expect(rule, `no rule takes a block of language "${block.language}"`).toBeDefined();
    expect(await rule!(block)).toEqual([]);
  });
});

it.each(pages)('$file names commands, flags and npm scripts that exist', ({ inlineCode }) => {
  expect(inlineCode.flatMap(commandFaults)).toEqual([]);
});

it.each(pages)('$file links to files and anchors that exist', ({ file, links, anchors }) => {
  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path)));
    if (!existsSync(join(ROOT, target))) return true;
    if (anchor === undefined) return false;
    const there =
      target === file ? anchors : readPage(target, readFileSync(join(ROOT, target), 'utf8')).anchors;
    return !there.has(anchor);
  });
  expect(broken).toEqual([]);
});

describe('the rules find', () => {
  const faulty: Record<string, [language: string, text: string, fault: string]> = {
    'a shell block that is none': ['sh', 'if true; then', 'syntax error'],
    'a command that is gone': ['sh', 'driftgauge chekc config a.yaml', 'driftgauge has no command chekc'],
    'a flag that is gone': [
      'sh',
      'node dist/cli.js run \\\n  --config.fil=a.yaml',
      'driftgauge run has no flag --config.fil',
    ],
    'a flag of another command': [
      'sh',
      'driftgauge check config --log.level=info a.yaml',
      'has no flag --log.level',
    ],
    'an npm script that is gone': ['sh', 'npm ci && npm run nothing', 'no npm script nothing'],
    'a config with a wrong key': ['yaml', 'metrics: [{name: a, drfit: {below: 1}}]', 'drfit'],
    'a Prometheus config with a wrong key': ['yaml', 'scrape_configs: [{job_nam: a}]', 'job_nam'],
    'a web config with a wrong key': ['yaml', 'basic_auth_users: {a: b}', 'bcrypt'],
    'YAML that nobody knows': ['yaml', 'colour: blue', 'of no known kind'],
    'a kustomization with a file that is gone': [
      'yaml',
      'configMapGenerator:\n  - name: a\n    files:\n      - grafana/gone.json',
      'no grafana/gone.json',
    ],
    'JSON with a comma too many': ['json', '{"a": 1,}', 'JSON'],
    'PromQL that is none': ['promql', 'sum by (a (b)', 'no PromQL'],
    'code that no test runs': ['ts', 'let a;', 'so nobody runs this'],
  };
  it.each(Object.entries(faulty))('%s', async (_, [language, text, fault]) => {
    const faults = await RULES[language]!({ language, text, place: 'docs/nowhere-at-all.md:1' });
    expect(faults.join('\n')).toContain(fault);
  });

  it('a heading, an anchor and a link, but none of those in code', () => {
    const page = readPage(
      'a.md',
      '# One `two` (three)\n## Same\n## Same\n<a id="x.y"></a>[a](b.md#c) `[d](e.md)`\n```text\n# no\n[f](g.md)\n```\n',
    );
    expect([...page.anchors].sort()).toEqual(['one-two-three', 'same', 'same-1', 'x.y']);
    expect(page.links).toEqual(['b.md#c']);
    expect(page.blocks).toEqual([{ language: 'text', text: '# no\n[f](g.md)\n', place: 'a.md:5' }]);
  });
});
