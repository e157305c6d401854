import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config.ts';

const FOLDER = 'test/data/config';

async function check(files: readonly string[], env = {}): Promise<{ exitCode: number; lines: string[] }> {
  const lines: string[] = [];
  const exitCode = await checkConfig(files, { env, out: (line) => lines.push(line) });
  return { exitCode, lines };
}

describe('driftgauge check config', () => {
  it('says that a file is fine, and exits with 0', async () => {
    expect(await check([`${FOLDER}/good-habits.yaml`])).toEqual({
      exitCode: 0,
      lines: [`SUCCESS: ${FOLDER}/good-habits.yaml`],
    });
  });

  it('prints each of ten faults with file, line, column and path, and exits with 1', async () => {
    const { exitCode, lines } = await check([`${FOLDER}/ten-faults.yaml`]);
    expect(exitCode).toBe(1);
    expect(lines).toHaveLength(10);
    for (const line of lines)
      expect(line).toMatch(/^test\/data\/config\/ten-faults\.yaml:\d+:\d+: [a-z_.[\]0-9]+: .+$/);
  });

  it('goes on to the next file, in the order in which they were named', async () => {
    const files = ['missing.yaml', `${FOLDER}/bad-action.yaml`, `${FOLDER}/good-habits.yaml`];
    expect(await check(files)).toEqual({
      exitCode: 1,
      lines: [
        'missing.yaml: cannot be read: ENOENT: no such file or directory',
        `${FOLDER}/bad-action.yaml:4:13: metrics[0].action: expected one of retrain, flag, inhibit, found "retrian"`,
        `SUCCESS: ${FOLDER}/good-habits.yaml`,
      ],
    });
  });

  it('takes environment variables from its caller only', async () => {
    const file = `${FOLDER}/good-secrets.yaml`;
    expect((await check([file], { STAGE: 'prod', PASSWORD: 'x' })).exitCode).toBe(0);
    expect((await check([file])).exitCode).toBe(1);
  });
});
