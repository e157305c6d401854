/** What README shows is true: its config loads, its commands exist, and its metrics are exposed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import { FAMILIES } from '../src/metrics/table.ts';
import { Program } from './support/program.ts';
import { scratch } from './support/scratch.ts';

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

it('the config loads', () => {
  const [text] = blocks('yaml');
  expect(loadConfig({ text: text!, file: 'README.md', env: {} })).toMatchObject({ ok: true });
});

it('every npm script that it names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...README.matchAll(/npm (?:run )?(demo|test|build|bench)\b/g)].map(([, script]) => script!);
  expect(named.length).toBeGreaterThan(2);
  for (const script of named) expect(scripts).toHaveProperty(script);
});

it('the pushed event is taken and explained', async () => {
  using folder = scratch();
  await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
  const [event] = /\{"model".*?\}(?=')/.exec(README)!;
  expect((await program.post('/api/v1/events', event)).status).toBe(204);
  expect(await program.data('/api/v1/explain?model=fraud')).toMatchObject([
    { model: { name: 'fraud', version: '1.4.0' } },
  ]);
});

it('the metrics in the table are exposed, with the labels that it names', () => {
  const table = README.slice(README.indexOf('## What it exposes'), README.indexOf('## The webhook'));
  const named = [...table.matchAll(/`(driftgauge_[a-z_]+)(?:\{([a-z_]+)\})?/g)];
  expect(named.length).toBeGreaterThan(10);
  for (const [, name, label] of named) {
    const family = FAMILIES.find((one) => one.name === name);
    expect(family?.labels, name).toContain(label ?? family?.labels[0]);
  }
});
