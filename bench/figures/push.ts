/** Durable pushes per second over 64 connections, beside what disk and HTTP allow at most. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { Program } from '../../test/support/program.ts';
import { scratch } from '../../test/support/scratch.ts';
import type { Figure, FigureModule, MeasureOptions } from '../figure.ts';
import { Child } from '../proc.ts';
import type { PushWindow } from '../processes/push-load.ts';
import { median, ratioOf } from '../stats.ts';

const CONNECTIONS = 64;
const RECORD_BYTES = 250;
const WARM_UP_MS = 2000;

async function measure({ quick }: MeasureOptions): Promise<Figure> {
  const windowMs = quick ? 1000 : 4000;
  const rounds = quick ? 2 : 5;

  using folder = scratch();
  await using driftgauge = await Program.start({
    storagePath: folder.file('data'),
    args: ['--log.level=info'],
  });
  const { child: bare, ready: bareUrl } = await Child.fork<string>('bare-server.ts');
  await using _bare = bare;
  await using load = await PushLoad.start(`${driftgauge.url}/api/v1/events`);
  await using bareLoad = await PushLoad.start(`${bareUrl}/`);
  await load.window(WARM_UP_MS);
  await bareLoad.window(WARM_UP_MS);

  const pushes: PushWindow[] = [];
  const http: PushWindow[] = [];
  const syncs: DiskWindow[] = [];
  for (let round = 0; round < rounds; round++) {
    syncs.push(appendAndSync(folder.file('floor.log'), windowMs / 4));
    pushes.push(await load.window(windowMs));
    http.push(await bareLoad.window(windowMs / 4));
  }

  const row = (what: string, windows: readonly PushWindow[]) => ({
    what,
    cells: {
      'per second': median(windows.map(rateOf)),
      'p50 ms': median(windows.map(({ p50Ms }) => p50Ms)),
      'p99 ms': median(windows.map(({ p99Ms }) => p99Ms)),
    },
  });
  const rates = pushes.map(rateOf);
  const perSync = syncs.map(({ perSecond }) => perSecond);
  return {
    rows: [
      row(`Driftgauge: durable pushes of one event, ${CONNECTIONS} connections`, pushes),
      {
        what: `floor: append ${RECORD_BYTES} bytes and fdatasync, one after the other`,
        cells: { 'per second': median(perSync), 'p50 ms': median(syncs.map(({ p50Ms }) => p50Ms)) },
      },
      row('floor: a bare node:http server that stores nothing, same load', http),
    ],
    ratios: [
      { what: 'durable pushes, per append and fdatasync', ...ratioOf(rates, perSync) },
      { what: 'durable pushes, per request of the bare server', ...ratioOf(rates, http.map(rateOf)) },
    ],
    remarks: [
      {
        text: `${pushes.reduce((sum, { pushes: taken }) => sum + taken, 0).toLocaleString('en-US')} pushes were answered 204, none otherwise.`,
      },
    ],
  };
}

function rateOf({ pushes, elapsedMs }: PushWindow): number {
  return (pushes / elapsedMs) * 1000;
}

/** The generator is a process of its own. */
class PushLoad implements AsyncDisposable {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async start(url: string): Promise<PushLoad> {
    const { child } = await Child.fork<string>('push-load.ts', [url, String(CONNECTIONS)]);
    return new PushLoad(child);
  }

  async window(ms: number): Promise<PushWindow> {
    const answer = this.#child.message<PushWindow>();
    this.#child.process.send(ms);
    const window = await answer;
    if (window.refused > 0) throw new Error(`${window.refused} pushes were refused`);
    return window;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}

interface DiskWindow {
  readonly perSecond: number;
  readonly p50Ms: number;
}

function appendAndSync(file: string, windowMs: number): DiskWindow {
  const descriptor = openSync(file, 'a');
  const record = Buffer.alloc(RECORD_BYTES, 'x');
  const times: number[] = [];
  const started = performance.now();
  let now = started;
  while (now - started < windowMs) {
    writeSync(descriptor, record);
    fdatasyncSync(descriptor);
    const after = performance.now();
    times.push(after - now);
    now = after;
  }
  closeSync(descriptor);
  return { perSecond: (times.length / (now - started)) * 1000, p50Ms: median(times) };
}

export default {
  title: 'Durable pushes',
  method: `A load generator of its own posts one metric event after the other to \`driftgauge run\` on each of ${CONNECTIONS} connections and counts
the answers 204, which are given once the event is judged, stored and synced to the disk. Everything that waits shares one sync, so there
are more pushes per second than syncs. Two floors take turns with it: appending ${RECORD_BYTES} bytes to a file and calling fdatasync, one after the
other, on the same file system; and the same load on a bare node:http server that reads the body, stores nothing and answers 204. The
generator shares the machine's cores. A virtual disk may acknowledge a sync from a cache: then the ratios say more than the numbers.`,
  measure,
} satisfies FigureModule;
