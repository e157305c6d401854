/** Checks a config on a page that a real local server answers with. */
import type { RequestListener } from 'node:http';
import { systemClock } from '../clock.ts';
import type { RawEntry } from '../sources/config.testing.ts';
import { configOf } from '../sources/config.testing.ts';
import { page, startTarget } from '../sources/target.testing.ts';
import type { TargetReport } from './check-target.ts';
import { checkTarget } from './check-target.ts';

export interface Tried {
  readonly metrics: readonly RawEntry[];
  /** Keys of the one job; `labels` are those of its target. */
  readonly job?: RawEntry;
  readonly rest?: RawEntry;
  /** Lines of the text format, or how the server answers. */
  readonly page: readonly string[] | RequestListener;
}

export async function check({ metrics, job = {}, rest = {}, page: answer }: Tried): Promise<TargetReport> {
  await using target = await startTarget(
    typeof answer === 'function' ? answer : page(answer.map((line) => `${line}\n`).join('')),
  );
  const { labels = {}, ...keys } = job;
  const static_configs = [{ targets: [target.address], labels }];
  return await checkTarget({
    config: configOf(metrics, { static_configs, ...keys }, rest),
    url: new URL(`http://${target.address}/metrics`),
    clock: systemClock,
    userAgent: 'test',
  });
}

/** What is said of the first metric, below its head. */
export async function firstFinding(tried: Tried): Promise<string[]> {
  const { lines } = await check(tried);
  const start = lines.findIndex((line) => line.startsWith('metrics[0] '));
  const end = lines.indexOf('', start);
  return lines.slice(start + 1, end).map((line) => line.slice(2));
}

/** The suggestions, each with the line above it. */
export async function suggestions(tried: Tried): Promise<string[]> {
  const { lines } = await check(tried);
  const start = lines.indexOf('not used, though they look like metrics of a model:');
  if (start < 0) return [];
  return lines.slice(start + 1, lines.indexOf('', start)).map((line) => line.slice(2));
}
