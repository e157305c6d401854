// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config writes environment variables
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';

describe('the redacted config', () => {
  it('is what was written, without comments and secrets, and says the same again', async () => {
    const text = await readFile('test/data/config/good-secrets.yaml', 'utf8');
    const env = { STAGE: 'prod', PASSWORD: 'planted' };
    const result = loadConfig({ text, file: null, env });
    if (!result.ok) throw new Error('the file is broken');
    const { redactedYaml } = result.config;
    expect(redactedYaml).not.toMatch(/planted|cGxhbnRlZA|#/);
    expect(redactedYaml).toContain('    env: ${STAGE}\n');
    expect(redactedYaml).toContain('        url: http://<secret>@trainer/{model}?<secret>\n');
    expect(redactedYaml.match(/<secret>/g)).toHaveLength(10);
    expect(
      loadConfig({ text: redactedYaml.replaceAll('{model}?<secret>', '{model}'), file: null, env }),
    ).toMatchObject({
      ok: true,
    });
  });
});
