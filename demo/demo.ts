/**
 * `npm run demo`: a model server that drifts, the shipped program beside it and a trainer behind it, and the story of what
 * they do, told as it happens. `--once` ends after one drift and its recovery, and fails where they were not seen.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { planDrifts } from './drifts.ts';
import { unmetExpectation } from './expectations.ts';
import { FIRST_VERSION, MODEL } from './model-server.ts';
import type { Point } from './picture.ts';
import { drawPicture, drawSparkline, MAX_POINTS } from './picture.ts';
import type { Screen } from './screen.ts';
import { createScreen } from './screen.ts';
import { SidecarError } from './sidecar.ts';
import type { Snapshot } from './snapshot.ts';
import { EMPTY, servedSignal, takeSnapshot } from './snapshot.ts';
import type { Stage } from './stage.ts';
import { setStage } from './stage.ts';
import type { Happening } from './story.ts';
import { howThingsStand, whatHappened } from './story.ts';

const PROGRAM = join(import.meta.dirname, '../dist/cli.js');
const POLL_MS = 250;
const ONCE_TIMEOUT_MS = 55_000;
const PLAIN_PICTURE_EVERY_MS = 4000;
const INTERRUPTED = 130;

const USAGE = `usage: npm run demo [-- --once]

  --once   end after one drift, one retrain and the recovery; exit 1 where they were not seen
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let once: boolean;
  try {
    const options = { once: { type: 'boolean', default: false }, help: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    ({ once } = values);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (!existsSync(PROGRAM)) {
    process.stderr.write('dist/cli.js is missing; npm run build makes it\n');
    return 1;
  }
  try {
    return await play({ once, ended: untilToldToEnd() });
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error;
    process.stderr.write(`\nThe demo failed: ${error.message}\n`);
    return 1;
  }
}

/** Aborts at Ctrl-C and the like, and where nobody reads any more. Who asks twice does not want to wait. */
function untilToldToEnd(): AbortSignal {
  const ending = new AbortController();
  const end = () => (ending.signal.aborted ? process.exit(INTERRUPTED) : ending.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.stdout.on('error', () => ending.abort());
  return ending.signal;
}

async function play({ once, ended }: { once: boolean; ended: AbortSignal }): Promise<number> {
  const deadlineMs = Date.now() + ONCE_TIMEOUT_MS;
  await using stack = new AsyncDisposableStack();
  const untold: Happening[] = [];
  const stage = await setStage(stack, { program: PROGRAM, tell: (happening) => untold.push(happening) });
  const screen = stack.use(createScreen(process.stdout));
  const end = (sentence: string, exitCode: number): number => {
    screen[Symbol.dispose]();
    process.stdout.write(`\n${sentence}\n`);
    return exitCode;
  };
  introduce(screen, stage);

  const startMs = Date.now();
  const drifts = planDrifts(stage.model, { again: !once });
  const show = createPicture(screen);
  let snapshot = EMPTY;
  let sawDrift = false;
  while (!ended.aborted) {
    const before = snapshot;
    snapshot = await takeSnapshot(stage.sidecar, MODEL);
    sawDrift ||= servedSignal(snapshot, 'accuracy')?.state === 'drifting';
    untold.push(...whatHappened(before, snapshot), ...drifts(snapshot));
    for (const happening of takeDue(untold, snapshot.atMs)) screen.tell(happening, happening.atMs - startMs);
    show(snapshot);

    const unmet = unmetExpectation({ snapshot, sawDrift, trainerRequests: stage.trainer.requests });
    const tooMany = stage.trainer.requests > 1 || snapshot.retrains.length > 1;
    const elapsed = `${((Date.now() - startMs) / 1000).toFixed(0)} s`;
    if (once && unmet === null && untold.length === 0) {
      return end(`All seen in ${elapsed}: drift, exactly one retrain request, success, recovery.`, 0);
    }
    if (once && (tooMany || Date.now() > deadlineMs))
      return end(`The demo failed after ${elapsed}: ${unmet}.`, 1);
    await delay(POLL_MS, undefined, { signal: ended }).catch(() => {});
  }
  return once ? end('Interrupted before the end of the story.', INTERRUPTED) : end('Ended.', 0);
}

/** Those until then, in order. Later ones wait for the next snapshot, which may know of something that came before them. */
function takeDue(untold: Happening[], untilMs: number): Happening[] {
  const due = untold.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
  for (const happening of due) untold.splice(untold.indexOf(happening), 1);
  return due;
}

function introduce({ print, paint }: Screen, stage: Stage): void {
  const { model, trainer, sidecar, configFile, prometheus } = stage;
  const line = (name: string, what: string, does = '') =>
    print(`  ${paint('bold', name.padEnd(12))}${what.padEnd(33)}${paint('dim', does)}`.trimEnd());
  print(`\n${paint('bold', 'A model drifts, one retrain is asked for, and it recovers.')}\n`);
  line('model', `${model.url}/metrics`, `serves ${MODEL}, version ${FIRST_VERSION}`);
  line('driftgauge', `${sidecar.url}/metrics`, 'reads it four times a second');
  line('trainer', trainer.url, 'takes the webhook, trains, deploys');
  print('');
  line('page', `${sidecar.url}/`, 'what drifts, why, and what was asked: open it');
  const { graph } = prometheus;
  // The link is long: what it shows comes first.
  if ('url' in graph) {
    line('prometheus', 'EMA, threshold and drift flag as a graph:');
    print(`${' '.repeat(14)}${graph.url}`);
  } else line('prometheus', graph.missing);
  line('config', configFile);
  line('try', `curl '${sidecar.url}/api/v1/explain?model=${MODEL}'`);
  print('');
}

/** Redrawn at each snapshot; where that cannot be, a line now and then. */
function createPicture(screen: Screen): (snapshot: Snapshot) => void {
  const points: Point[] = [];
  let nextLineMs = 0;
  return (snapshot) => {
    const signal = servedSignal(snapshot, 'accuracy');
    if (!signal) return;
    points.push(signal);
    if (points.length > MAX_POINTS) points.shift();
    if (screen.live) {
      const { columns, paint } = screen;
      screen.show(['', ...drawPicture(points, { columns, paint, note: howThingsStand(snapshot) })]);
    } else if (snapshot.atMs >= nextLineMs) {
      nextLineMs = snapshot.atMs + PLAIN_PICTURE_EVERY_MS;
      screen.print(`${' '.repeat(10)}${drawSparkline(points)}`);
    }
  };
}
