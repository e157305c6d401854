/** Every curl line of docs/http-api.md is run, in order, against the shipped program, and answers what stands below it. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OPERATIONS } from '../src/http/openapi/operations.ts';
import { accuracy, Program } from './support/program.ts';
import { Receiver } from './support/receiver.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../docs/http-api.md'), 'utf8');
const BLOCKS = [...TEXT.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));

interface Example {
  readonly command: string;
  /** What stands below it; null: nothing, so it answers 204. */
  readonly shown: string | null;
}

const EXAMPLES: readonly Example[] = BLOCKS.flatMap(({ language, text }, index) => {
  if (language !== 'sh') return [];
  const next = BLOCKS[index + 1];
  return [{ command: text.trim(), shown: next && next.language !== 'sh' ? next.text : null }];
});

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?Z$/;
/** Deliveries go on meanwhile. */
const MOVING = new Set(['attempts']);

/** What is shown as is stands there as is; an ellipsis is anything, at the end of a list or among keys: anything more. */
function expectShown(real: unknown, shown: unknown, path = ''): void {
  const place = (value: unknown) => `${path}: ${JSON.stringify(value)}`;
  if (Array.isArray(shown)) {
    const isOpen = shown.at(-1) === '…';
    const items = isOpen ? shown.slice(0, -1) : shown;
    expect(Array.isArray(real), place(real)).toBe(true);
    const found = real as unknown[];
    if (isOpen) expect(found.length, path).toBeGreaterThan(items.length);
    else expect(found.length, path).toBe(items.length);
    items.forEach((item, index) => {
      expectShown(found[index], item, `${path}[${index}]`);
    });
  } else if (typeof shown === 'object' && shown !== null) {
    const { '…': more, ...keys } = shown as Record<string, unknown>;
    expect(typeof real, place(real)).toBe('object');
    const found = real as Record<string, unknown>;
    if (more === undefined) expect(Object.keys(found), path).toEqual(Object.keys(keys));
    for (const [key, value] of Object.entries(keys))
      if (!MOVING.has(key)) expectShown(found[key], value, `${path}.${key}`);
  } else if (typeof shown === 'string' && (shown.includes('…') || TIME.test(shown))) {
    const form = shown.includes('…') ? new RegExp(`^${shown.replaceAll('…', '[^]+')}$`) : TIME;
    expect(real, path).toEqual(expect.stringMatching(form));
  } else {
    expect(place(real)).toBe(place(shown));
  }
}

/** Starts a line as it is written; curl shows nothing but the answer, and then its status. */
function start(command: string, env: Readonly<Record<string, string>>) {
  const child = spawn('bash', ['-c', `curl() { exec curl -sS -w '\\n%{http_code}' "$@"; }\n${command}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let wake = Promise.withResolvers<void>();
  const more = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      more();
    });
  }
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    child,
    ended,
    output: () => output,
    async seen(isThere: (output: string) => boolean) {
      while (!isThere(output)) await wake.promise;
    },
  };
}

async function run(command: string, env: Readonly<Record<string, string>>) {
  const running = start(command, env);
  await running.ended;
  const [, body, status] = /^(.*)\n(\d{3})$/s.exec(running.output()) ?? [];
  if (status === undefined) throw new Error(`${command}: ${running.output()}`);
  return { body: body!, status: Number(status) };
}

function expectAnswer({ body, status }: { body: string; status: number }, { command, shown }: Example): void {
  if (shown === null) {
    expect([command, status, body]).toEqual([command, 204, '']);
  } else if (shown.startsWith('{')) {
    const expected = JSON.parse(shown) as { status?: string };
    expect([command, status < 300], body).toEqual([command, expected.status !== 'error']);
    expectShown(JSON.parse(body), expected);
  } else {
    expect([command, status]).toEqual([command, 200]);
    for (const line of shown.trim().split('\n')) expect(body.split('\n'), command).toContain(line);
  }
}

function framesOf(text: string): { event: string; data: unknown }[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.+)\n\n/gm)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!),
  }));
}

it('has an example of every path of the API', () => {
  const named = EXAMPLES.map(({ command }) => {
    const [, path] = /"\$DRIFTGAUGE(\/[^?"]*)/.exec(command) ?? [];
    const method = / -(d|X POST) ?/.test(command) ? 'post' : 'get';
    return `${method} ${path!.replace(/\$\w+/, '{id}')}`;
  });
  const documented = Object.entries(OPERATIONS).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  // PUT does what POST does, for those who know it from Prometheus.
  expect([...new Set(named), 'put /-/reload'].sort()).toEqual(documented.sort());
});

describeWith(['bash', 'curl'], 'the examples', () => {
  it('answer what is shown', async () => {
    using folder = scratch();
    await using receiver = await Receiver.start(folder.file('journal'), ({ body }) =>
      body.includes('"churn"') ? 410 : 202,
    );
    const { text: yaml } = BLOCKS.find(({ language }) => language === 'yaml')!;
    const configFile = folder.file('driftgauge.yaml');
    writeFileSync(configFile, yaml.replace('http://trainer:8080/retrain', receiver.url));
    await using program = await Program.start({
      storagePath: folder.file('data'),
      configFile,
      args: ['--web.enable-lifecycle'],
    });
    const env: Record<string, string> = { DRIFTGAUGE: program.url };

    const [watching, ...examples] = EXAMPLES as [Example, ...Example[]];
    const stream = start(watching.command, env);
    await stream.seen((output) => output.includes('\n\n'));
    for (const example of examples) {
      for (const [, name] of example.command.matchAll(/\$([A-Z]+)/g)) await provide(name!);
      if (example.command.includes('status=delivered')) await program.logged('retrain request delivered');
      expectAnswer(await run(example.command, env), example);
    }

    const shown = framesOf(`${watching.shown}\n`);
    expect(shown).toHaveLength(2);
    expect(stream.output().startsWith(watching.shown!.slice(0, watching.shown!.indexOf('\n\n')))).toBe(true);
    for (const { event, data } of shown) {
      const { type } = data as { type?: string };
      await stream.seen((output) =>
        framesOf(output).some(
          (frame) => frame.event === event && (frame.data as { type?: string }).type === type,
        ),
      );
      const found = framesOf(stream.output()).find(
        (frame) => frame.event === event && (frame.data as { type?: string }).type === type,
      );
      expectShown(found!.data, data);
    }
    stream.child.kill();
    await stream.ended;

    /** What a reader knows by then: ids from the answers before, and the token from the request that was received. */
    async function provide(name: string): Promise<void> {
      if (name in env) return;
      if (name === 'PARKED') {
        await program.post('/api/v1/events', accuracy(0.5, { name: 'churn' }));
        await program.logged('retrain request parked');
        const [parked] = await program.data<[{ id: string }]>('/api/v1/retrains?status=parked');
        env['PARKED'] = parked.id;
        return;
      }
      const [delivery] = await receiver.received(1);
      const { id, episode, outcome } = JSON.parse(delivery!.body).data;
      Object.assign(env, { ID: id, EPISODE: episode, TOKEN: outcome.token });
    }
  });
});
