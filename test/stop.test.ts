/** How the program ends, and that it goes on where it stopped. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { accuracy, CLI, Program } from './support/program.ts';
import { scratch } from './support/scratch.ts';

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with exit code 0, and the next start knows everything',
  async (signal) => {
    using folder = scratch();
    const options = { storagePath: folder.file('data'), cwd: folder.path };
    {
      await using program = await Program.start(options);
      await program.post('/api/v1/events', accuracy(0.9));
      program.kill(signal);
      expect(await program.exited).toEqual({ code: 0, signal: null });
    }
    await using program = await Program.start(options);
    expect(await program.data('/api/v1/signals')).toMatchObject([
      { metric: 'accuracy', ema: 0.9, samples: 1, state: 'ok' },
    ]);
  },
);

it('a second process on the same folder is refused in words, with exit code 1', async () => {
  using folder = scratch();
  const options = { storagePath: folder.file('data'), cwd: folder.path };
  await using _first = await Program.start(options);
  await using second = new Program(options);
  expect((await second.exited).code).toBe(1);
  expect(second.output).toContain('is in use by another Driftgauge process');
});

it.each([
  ['an unknown flag', ['run', '--nope']],
  ['an unknown command', ['fly']],
  ['a listen address that is none', ['run', '--web.listen-address=9822']],
  ['a retention that is no duration', ['run', '--storage.retention=soon']],
  ['check without a file', ['check', 'config']],
])('%s is a usage error: exit code 2', (_what, args) => {
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('error:');
});

it.each([['--help'], ['run', '--help'], ['--version']].map((args) => [args.join(' '), args]))(
  '%s is fine: exit code 0',
  (_shown, args) => {
    expect(spawnSync(process.execPath, [CLI, ...(args as string[])]).status).toBe(0);
  },
);

it('a named config file that is missing is an error: exit code 1', async () => {
  using folder = scratch();
  await using program = new Program({
    storagePath: folder.file('data'),
    configFile: folder.file('missing.yaml'),
  });
  expect((await program.exited).code).toBe(1);
  expect(program.output).toContain('missing.yaml');
});
