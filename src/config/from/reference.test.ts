import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from './reference.ts';
import { MAX_REFERENCE_BYTES, readReferences } from './reference-files.ts';

describe('a reference file', () => {
  const accepted: Record<string, [string, number[], number[]]> = {
    'as YAML': ['buckets:\n  0.1: 50\n  0.2: 70\n  +Inf: 120\n', [0.1, 0.2, Infinity], [50, 70, 120]],
    'as JSON': ['{"buckets": {"0.1": 50, "0.2": 70, "+Inf": 120}}', [0.1, 0.2, Infinity], [50, 70, 120]],
    'with buckets in any order, as a mapping has none': [
      '{"buckets": {"+Inf": 3, "10": 2, "-0.5": 0, "2": 1}}',
      [-0.5, 2, 10, Infinity],
      [0, 1, 2, 3],
    ],
    'with a bucket that adds nothing': ['buckets: {1: 5, 2: 5, +Inf: 5}', [1, 2, Infinity], [5, 5, 5]],
    'with counts that are no integers': ['buckets: {1: 0.25, +Inf: 1.5}', [1, Infinity], [0.25, 1.5]],
    'with bounds as formats spell them': [
      'buckets: {1e-3: 1, "1.0": 2, Inf: 3}',
      [0.001, 1, Infinity],
      [1, 2, 3],
    ],
    'with YAML’s word for infinity': ['buckets: {1: 1, .inf: 2}', [1, Infinity], [1, 2]],
  };
  it.each(Object.entries(accepted))('%s', (_, [text, bounds, cumulative]) => {
    expect(parseReference(text, 'r.yaml')).toEqual({ ok: true, histogram: { bounds, cumulative } });
  });

  const refused: Record<string, [string, string[]]> = {
    'that is empty': ['', ['r.yaml:1:1: expected a mapping with buckets, found nothing']],
    'that is a text, which is not shown': [
      'planted',
      ['r.yaml:1:1: expected a mapping with buckets, found a text'],
    ],
    'that is a list': ['[1, 2]', ['r.yaml:1:1: expected a mapping with buckets, found a list']],
    'without buckets': [
      'counts: {1: 1}',
      [
        'r.yaml:1:1: counts: unknown key "counts", expected buckets',
        'r.yaml:1:1: buckets: expected a mapping of upper bounds to cumulative counts, found nothing',
      ],
    ],
    'with a list of buckets': [
      'buckets: [1, 2]',
      ['r.yaml:1:1: buckets: expected a mapping of upper bounds to cumulative counts, found a list'],
    ],
    'with no bucket at all': [
      'buckets: {}',
      ['r.yaml:1:1: buckets: expected a bucket up to +Inf, found no buckets'],
    ],
    'with bounds that are none, each of them': [
      'buckets:\n  low: 1\n  NaN: 2\n  -Inf: 2\n  0x10: 2\n  +Inf: 3',
      [
        'r.yaml:2:3: buckets.low: expected an upper bound, a number or +Inf, found "low"',
        'r.yaml:3:3: buckets.NaN: expected an upper bound, a number or +Inf, found "NaN"',
        'r.yaml:4:3: buckets.-Inf: expected an upper bound, a number or +Inf, found "-Inf"',
        'r.yaml:5:3: buckets.0x10: expected an upper bound, a number or +Inf, found "0x10"',
      ],
    ],
    'with counts that are none, each of them': [
      'buckets:\n  1: "5"\n  2: -1\n  3: .nan\n  4: .inf\n  5: planted\n  6: [1]\n  +Inf:',
      [
        'r.yaml:2:6: buckets.1: expected a cumulative count, 0 or more, found a text',
        'r.yaml:3:6: buckets.2: expected a cumulative count, 0 or more, found -1',
        'r.yaml:4:6: buckets.3: expected a cumulative count, 0 or more, found NaN',
        'r.yaml:5:6: buckets.4: expected a cumulative count, 0 or more, found Infinity',
        'r.yaml:6:6: buckets.5: expected a cumulative count, 0 or more, found a text',
        'r.yaml:7:3: buckets.6: expected a cumulative count, 0 or more, found a list',
      ],
    ],
    'with counts that fall': [
      'buckets:\n  1: 5\n  2: 4\n  3: 3\n  +Inf: 9',
      [
        'r.yaml:3:6: buckets.2: expected at least 5, the count up to 1, found 4',
        'r.yaml:4:6: buckets.3: expected at least 4, the count up to 2, found 3',
      ],
    ],
    'without +Inf': [
      'buckets: {1: 5, 2: 6}',
      ['r.yaml:1:1: buckets: expected a bucket up to +Inf, found 2 as the last one'],
    ],
    'with +Inf alone': [
      'buckets: {+Inf: 6}',
      [
        'r.yaml:1:1: buckets: expected a bucket below +Inf, found none: there is no distribution in one bucket',
      ],
    ],
    'with no observations': [
      'buckets: {1: 0, +Inf: 0}',
      ['r.yaml:1:23: buckets["+Inf"]: expected observations, found a total of 0'],
    ],
    'with one bound in two spellings': [
      'buckets: {1: 5, 1.0: 5, +Inf: 6}',
      ['r.yaml:1:17: buckets["1.0"]: expected each upper bound once, found it as "1" too'],
    ],
    'with one bound twice': [
      'buckets: {1: 5, 1: 5, +Inf: 6}',
      ['r.yaml:1:17: buckets.1: duplicate key "1", expected it once, found it on line 1 too'],
    ],
    'that is cut': [
      '{"buckets": {"1": 5, "+In',
      [
        'r.yaml:1:26: a quote, a bracket, a comma, a space or the right indentation is missing here or before',
      ],
    ],
  };
  it.each(Object.entries(refused))('is refused %s', (_, [text, faults]) => {
    expect(parseReference(text, 'r.yaml')).toEqual({ ok: false, faults });
  });
});

describe('reading reference files', () => {
  let folder: string;
  const inFolder = (path: string) => join(folder, path);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftgauge-reference-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('takes paths as the config resolves them, each file once, and tells each that cannot be read', async () => {
    await writeFile(inFolder('good.yaml'), 'buckets: {1: 1, +Inf: 2}');
    await writeFile(inFolder('large.yaml'), '#'.repeat(MAX_REFERENCE_BYTES + 1));
    await writeFile(inFolder('latin.yaml'), Buffer.from('# \xe4', 'latin1'));
    const resolved: string[] = [];
    const references = await readReferences(
      ['good.yaml', 'missing.yaml', 'good.yaml', 'large.yaml', 'latin.yaml', '.'],
      (path) => {
        resolved.push(path);
        return inFolder(path);
      },
    );
    expect(resolved).toEqual(['good.yaml', 'missing.yaml', 'large.yaml', 'latin.yaml', '.']);
    expect(references.get('good.yaml')).toMatchObject({ ok: true });
    const faultsOf = (path: string) => {
      const result = references.get(path)!;
      return result.ok ? [] : result.faults.map((fault) => fault.replace(inFolder(path), '<file>'));
    };
    expect(faultsOf('missing.yaml')).toEqual(['<file>: cannot be read: ENOENT: no such file or directory']);
    expect(faultsOf('large.yaml')).toEqual(['<file>: expected at most 1 MiB, found a larger file']);
    expect(faultsOf('latin.yaml')).toEqual(['<file>: expected UTF-8, found bytes that are none']);
    expect(faultsOf('.')).toEqual(['<file>: cannot be read: EISDIR: illegal operation on a directory']);
  });
});
