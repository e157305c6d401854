/** From spawning the program to its being ready, and what it then holds of memory, beside a bare Node server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../test/support/program.ts';
import { scratch } from '../../test/support/scratch.ts';
import type { Figure, FigureModule, MeasureOptions, Skipped } from '../figure.ts';
import { Child, HAS_PROC, memoryMb } from '../proc.ts';
import { median, ratioOf } from '../stats.ts';

const SETTLE_MS = 1000;
const BARE =
  "require('node:http').createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', () => console.log('ready'))";

interface Start {
  readonly readyMs: number;
  readonly memory: ReturnType<typeof memoryMb>;
}

async function measure({ quick }: MeasureOptions): Promise<Figure | Skipped> {
  if (!HAS_PROC) return { skipped: 'it needs /proc, that is Linux' };
  const rounds = quick ? 3 : 15;
  using folder = scratch();
  const own: Start[] = [];
  const bare: Start[] = [];
  for (let round = -1; round < rounds; round++) {
    const ownStart = await startProgram(folder.file('data'));
    const bareStart = await startBare();
    // The first round reads the files from the disk and makes the store.
    if (round < 0) continue;
    own.push(ownStart);
    bare.push(bareStart);
  }
  const readyMs = (starts: readonly Start[]) => starts.map((start) => start.readyMs);
  const resident = (starts: readonly Start[]) => starts.map(({ memory }) => memory.resident);
  const row = (what: string, starts: readonly Start[]) => ({
    what,
    cells: {
      'ready ms': median(readyMs(starts)),
      'RSS MB': median(resident(starts)),
      'of it unshared MB': median(starts.map(({ memory }) => memory.own)),
    },
  });
  return {
    rows: [row('Driftgauge', own), row('floor: a bare node:http server', bare)],
    ratios: [
      {
        what: 'time to ready of Driftgauge, over that of the bare server',
        ...ratioOf(readyMs(own), readyMs(bare)),
      },
      { what: 'RSS of Driftgauge, over that of the bare server', ...ratioOf(resident(own), resident(bare)) },
    ],
    remarks: [],
  };
}

async function startProgram(storagePath: string): Promise<Start> {
  const started = performance.now();
  await using program = await Program.start({ storagePath, args: ['--log.level=info'] });
  const readyMs = performance.now() - started;
  await sleep(SETTLE_MS);
  return { readyMs, memory: memoryMb(program.child.pid!) };
}

async function startBare(): Promise<Start> {
  const started = performance.now();
  await using child = Child.spawn(process.execPath, ['-e', BARE]);
  const readyMs = (await child.said('ready')) - started;
  await sleep(SETTLE_MS);
  return { readyMs, memory: memoryMb(child.pid) };
}

export default {
  title: 'Start-up and memory at rest',
  method: `From spawning \`driftgauge run\` with the built-in config and an existing empty store to its log line "ready", and its
memory a second later. A bare Node process that serves HTTP and nothing else is started in turn. Much of the resident memory of both are
pages of the Node binary, which all Node processes on a machine share.`,
  measure,
} satisfies FigureModule;
