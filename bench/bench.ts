/**
 * `npm run bench`: measures every figure, one after the other and each in a process of its own, and shows a table.
 * A full run also writes bench/results.json and docs/performance.md. Options: `--quick` for short windows, `--only NAME`
 * (may repeat) for some figures, `--json FILE` for the results as JSON; with one of the first two, nothing else is written.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure, FigureModule, MeasuredFigure, Skipped } from './figure.ts';
import exposition from './figures/exposition.ts';
import idle from './figures/idle.ts';
import memory from './figures/memory.ts';
import parse from './figures/parse.ts';
import parseHistograms from './figures/parse-histograms.ts';
import push from './figures/push.ts';
import pushLatency from './figures/push-latency.ts';
import scrapeLatency from './figures/scrape-latency.ts';
import startup from './figures/startup.ts';
import { describeMachine } from './machine.ts';
import type { Results } from './report.ts';
import { absence, markdownReport, terminalReport } from './report.ts';

/** In the order of the page; each is a file of this name under figures/. */
const FIGURES: Readonly<Record<string, FigureModule>> = {
  parse,
  'parse-histograms': parseHistograms,
  exposition,
  idle,
  'scrape-latency': scrapeLatency,
  'push-latency': pushLatency,
  push,
  startup,
  memory,
};

const USAGE = `npm run bench -- [--quick] [--only NAME]... [--json FILE]
figures: ${Object.keys(FIGURES).join(', ')}
`;

process.exitCode = await main();

/** 0 where every figure was measured or had a reason not to be, 1 where one failed, 2 for wrong usage. Goals do not count. */
async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { quick, only = Object.keys(FIGURES), json } = options;
  const figures: MeasuredFigure[] = [];
  for (const name of only) {
    process.stderr.write(`measuring ${name} ...\n`);
    const { title, method } = FIGURES[name]!;
    const text = method.replaceAll('\n', ' ');
    figures.push({ name, title, method: text, ...(await measureApart(name, quick)) });
  }
  const date = new Date().toISOString().slice(0, 10);
  const results: Results = { date, quick, machine: describeMachine(), figures };
  process.stdout.write(`\n${terminalReport(results)}`);

  const failed = figures.filter((figure) => 'failed' in figure);
  for (const figure of failed)
    process.stderr.write(`\n${figure.name} ${absence(figure)}\n${figure.failed}\n`);
  const full = !quick && options.only === undefined && failed.length === 0;
  if (json !== undefined) writeFileSync(json, toJson(results));
  if (full) {
    writeFileSync(join(import.meta.dirname, 'results.json'), toJson(results));
    writeFileSync(join(import.meta.dirname, '../docs/performance.md'), markdownReport(results));
    process.stdout.write('\nwritten: bench/results.json, docs/performance.md\n');
  }
  return failed.length === 0 ? 0 : 1;
}

interface Options {
  readonly quick: boolean;
  /** All where undefined. */
  readonly only: readonly string[] | undefined;
  readonly json: string | undefined;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        json: { type: 'string' },
      },
    });
    const { quick, only, json } = values;
    if (only && !only.every((name) => Object.hasOwn(FIGURES, name))) return undefined;
    return { quick, only, json };
  } catch {
    return undefined;
  }
}

/** `--expose-gc`, so that the garbage of one variant is not charged to the next. */
function measureApart(name: string, quick: boolean): Promise<Figure | Skipped | { readonly failed: string }> {
  const child = fork(join(import.meta.dirname, 'figure-process.ts'), [name, quick ? 'quick' : 'full'], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const { promise, resolve } = Promise.withResolvers<Figure | Skipped | { readonly failed: string }>();
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.on('message', (measured) => resolve(measured as Figure | Skipped));
  child.on('close', (code, signal) =>
    resolve({ failed: errors.trim() || `it ended with ${signal ?? code}` }),
  );
  return promise;
}

function toJson(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
