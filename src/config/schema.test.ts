import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readConfig } from './load.ts';
import { entrySchema, everyKey, keysOf, markOf, schemaAt } from './schema/walk.ts';
import { configSchema, jsonSchemaText } from './schema.ts';

const EXAMPLE = 'config/driftgauge.example.yaml';

describe('the JSON Schema', () => {
  it('in config/ is current (node tools/build-schema.ts makes it)', async () => {
    expect(await readFile('config/driftgauge.schema.json', 'utf8')).toBe(jsonSchemaText());
  });

  it('describes every option', () => {
    const undocumented: string[] = [];
    const visit = (node: Record<string, unknown>, path: string) => {
      for (const [key, option] of Object.entries(
        (node['properties'] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (typeof option['description'] !== 'string') undocumented.push(`${path}${key}`);
        visit(option, `${path}${key}.`);
        if (option['items']) visit(option['items'] as Record<string, unknown>, `${path}${key}[].`);
      }
    };
    visit(JSON.parse(jsonSchemaText()), '');
    expect(undocumented).toEqual([]);
  });

  it('allows no key that it does not know', () => {
    const count = (pattern: RegExp) => jsonSchemaText().match(pattern)?.length;
    expect(count(/"additionalProperties": false/g)).toBe(count(/"properties": /g));
  });
});

describe('the example', () => {
  it('loads, without a single environment variable', async () => {
    expect(await readConfig(EXAMPLE, {})).toMatchObject({ ok: true });
  });

  it('shows every option', async () => {
    const text = await readFile(EXAMPLE, 'utf8');
    const missing = everyKey(configSchema).filter(({ key }) => !new RegExp(`\\b${key}:`).test(text));
    expect(missing).toEqual([]);
  });

  it('tells editors where its schema is', async () => {
    const [first] = (await readFile(EXAMPLE, 'utf8')).split('\n');
    const [, path] = /^# yaml-language-server: \$schema=(.+)$/.exec(first!)!;
    const schema = JSON.parse(await readFile(join(dirname(EXAMPLE), path!), 'utf8'));
    expect(schema).toMatchObject({ title: 'Driftgauge configuration' });
  });
});

describe('the schema', () => {
  it('hides what is secret, in every place that can hold a secret', () => {
    const hidden = everyKey(configSchema).flatMap(({ key, parents }) => {
      const path = [...parents, key].map((step) => (step === '[]' ? 0 : step));
      const schema = schemaAt(configSchema, path);
      const leaf =
        schema instanceof z.ZodRecord ? entrySchema(entrySchema(schema, 'x') ?? schema, 0) : schema;
      const inside =
        schema instanceof z.ZodArray ? entrySchema(schema, 0) : (leaf ?? entrySchema(schema, 'x'));
      const mark = markOf(inside);
      return mark?.hidden ? [`${[...parents, key].join('.').replaceAll('.[]', '[]')}: ${mark.hidden}`] : [];
    });
    expect(hidden.sort()).toEqual([
      'retrain.triggers[].webhook.authorization.credentials: secret',
      'retrain.triggers[].webhook.basic_auth.password: secret',
      'retrain.triggers[].webhook.headers: secret',
      'retrain.triggers[].webhook.signing_secret: secret',
      'retrain.triggers[].webhook.url: url',
      'scrape_configs[].authorization.credentials: secret',
      'scrape_configs[].basic_auth.password: secret',
      'scrape_configs[].headers: secret',
      'scrape_configs[].params: secret',
      'scrape_configs[].static_configs[].targets: url',
    ]);
  });

  it('knows which keys stand where', () => {
    expect(keysOf(schemaAt(configSchema, ['metrics', 3, 'drift']))).toEqual([
      'below',
      'above',
      'clear',
      'for',
      'keep_firing_for',
      'min_samples',
    ]);
    expect(schemaAt(configSchema, ['metrics', 'name'])).toBe(undefined);
  });
});
