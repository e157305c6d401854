/** The content of a reference file: `buckets`, a mapping of upper bounds to cumulative counts, as YAML or JSON. */
import * as z from 'zod';
import type { ClassicHistogram } from '../../core/derive/histogram/classic.ts';
import { labelNumber } from '../../selector/label-number.ts';
import { formatPath, formatProblem, type Path, quote } from '../problem.ts';
import { readYaml } from '../yaml/source.ts';

export type ReferenceResult =
  | { readonly ok: true; readonly histogram: ClassicHistogram }
  /** Each with the name of the file, and the place in it where there is one. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** What was read, by path as it is written in the config. */
export type References = ReadonlyMap<string, ReferenceResult>;

export function referenceOf(path: string, references: References): ReferenceResult {
  const message =
    'expected a config that is read from a file, found a text alone, beside which no file is read';
  return references.get(path) ?? { ok: false, faults: [message] };
}

const schema = z.strictObject({ buckets: z.record(z.string(), z.number()) });

interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly atKey?: boolean;
}

interface Bucket {
  readonly key: string;
  readonly bound: number;
  readonly count: number;
}

/** Takes the buckets in any order, as a mapping has none. `file` is for messages. Never throws for bad input. */
export function parseReference(text: string, file: string): ReferenceResult {
  const source = readYaml(text, schema);
  const { buckets, faults } = readBuckets(source.value);
  const problems = [
    ...source.problems,
    ...faults
      .filter(({ path }) => !source.isBroken(path))
      .map(({ path, message, atKey = false }) => ({ path, message, ...source.locate(path, { atKey }) })),
  ].sort((a, b) => a.line - b.line || a.column - b.column);
  if (problems.length > 0) {
    const texts = problems.map((problem) =>
      formatProblem({ ...problem, file, path: formatPath(problem.path) }),
    );
    return { ok: false, faults: texts };
  }
  const histogram = {
    bounds: buckets.map(({ bound }) => bound),
    cumulative: buckets.map(({ count }) => count),
  };
  return { ok: true, histogram };
}

function readBuckets(value: unknown): { buckets: readonly Bucket[]; faults: readonly Fault[] } {
  if (!isMapping(value)) {
    const message = `expected a mapping with buckets, found ${kindOf(value)}`;
    return { buckets: [], faults: [{ path: [], message }] };
  }
  const unknown = Object.keys(value)
    .filter((key) => key !== 'buckets')
    .map((key) => ({ path: [key], message: `unknown key ${quote(key)}, expected buckets`, atKey: true }));
  const written = value['buckets'];
  if (!isMapping(written)) {
    const message = `expected a mapping of upper bounds to cumulative counts, found ${kindOf(written)}`;
    return { buckets: [], faults: [...unknown, { path: ['buckets'], message }] };
  }
  const each = Object.entries(written).map(([key, count]) => readBucket(key, count));
  const buckets = each.filter((bucket) => 'bound' in bucket).sort((a, b) => a.bound - b.bound);
  const unreadable = each.filter((bucket) => 'message' in bucket);
  const across = unreadable.length > 0 ? [] : checkBuckets(buckets);
  return { buckets, faults: [...unknown, ...unreadable, ...across] };
}

function readBucket(key: string, count: unknown): Bucket | Fault {
  const path = ['buckets', key];
  // YAML's own word for infinity is fine too.
  const bound = labelNumber(key.replace(/^([+-]?)\.inf$/i, '$1Inf'));
  if (bound === null || bound === -Infinity) {
    return { path, message: `expected an upper bound, a number or +Inf, found ${quote(key)}`, atKey: true };
  }
  if (typeof count !== 'number' || !(count >= 0) || count === Infinity) {
    const found = typeof count === 'number' ? String(count) : kindOf(count);
    return { path, message: `expected a cumulative count, 0 or more, found ${found}` };
  }
  return { key, bound, count };
}

function checkBuckets(buckets: readonly Bucket[]): readonly Fault[] {
  const faults: Fault[] = buckets.slice(1).flatMap(({ key, bound, count }, index) => {
    const below = buckets[index]!;
    const path = ['buckets', key];
    if (bound === below.bound) {
      const message = `expected each upper bound once, found it as ${quote(below.key)} too`;
      return [{ path, message, atKey: true }];
    }
    if (count >= below.count) return [];
    const message = `expected at least ${below.count}, the count up to ${below.key}, found ${count}`;
    return [{ path, message }];
  });
  const last = buckets.at(-1);
  if (last?.bound !== Infinity) {
    const found = last ? `found ${last.key} as the last one` : 'found no buckets';
    faults.push({ path: ['buckets'], message: `expected a bucket up to +Inf, ${found}` });
  } else if (buckets.length < 2) {
    const message = 'expected a bucket below +Inf, found none: there is no distribution in one bucket';
    faults.push({ path: ['buckets'], message });
  } else if (last.count === 0) {
    faults.push({ path: ['buckets', last.key], message: 'expected observations, found a total of 0' });
  }
  return faults;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, not what it says: the file may be another than was meant, one that holds a secret. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
