/**
 * Takes three pages of one target and measures what is then kept of it. Arguments: the kind, how many series. Its
 * message is a `MemoryGrowth`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryMb } from '../proc.ts';
import { ScrapedTarget } from '../scraped-target.ts';
import { loadShippedConfig } from '../shipped.ts';
import { loadShippedPath } from '../shipped-path.ts';
import type { SizedKind } from '../sized-pages.ts';
import { createSizedPages } from '../sized-pages.ts';
import { detectorIntake } from '../timed-intake.ts';

export interface MemoryGrowth {
  readonly residentBytes: number;
  /** Of JavaScript's heap, and of the buffers that it owns. */
  readonly ownBytes: number;
}

// As the program does.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const [kind, series] = process.argv.slice(2) as [SizedKind, string];
const path = await loadShippedPath();
const small = await prepare(640);
// What the first page of any target brings into memory, such as compiled code, is no part of it.
for (const body of small.bodies) small.target.take(body);
const { target, signals, bodies } = await prepare(Number(series));
const before = measure();
for (const body of bodies) target.take(body);
const after = measure();
target.check(signals);
small.target.check(small.signals);

process.send!({
  residentBytes: after.residentBytes - before.residentBytes,
  ownBytes: after.ownBytes - before.ownBytes,
} satisfies MemoryGrowth);

async function prepare(count: number) {
  const { yaml, ...pages } = createSizedPages(kind, count);
  const config = await loadShippedConfig(yaml);
  const intake = detectorIntake(path, config);
  const target = new ScrapedTarget(path, { config, contentType: 'text/plain; version=0.0.4', intake });
  return { target, ...pages };
}

function measure(): MemoryGrowth {
  for (let times = 0; times < 3; times++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return { residentBytes: memoryMb(process.pid).resident * 1e6, ownBytes: heapUsed + external };
}
