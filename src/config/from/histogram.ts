/** `histogram`: how far what a histogram observes lies from a reference distribution. */
import * as z from 'zod';
import type { ReferenceSettings } from '../../core/derive/settings.ts';
import { toMs } from '../build/values.ts';
import { checkOne } from '../check/reading.ts';
import { DEFAULTS } from '../defaults.ts';
import { file } from '../schema/http.ts';
import { marks, oneOf, span } from '../schema/leaf.ts';
import { baseName, checkMinCount, counted, toWindowed } from './keys.ts';
import { defineKind } from './kind.ts';
import { type References, referenceOf } from './reference.ts';
import { bucketsOf } from './series.ts';

const reference = z
  .strictObject({
    first: span()
      .meta({ description: 'What the model version observed in its first so long, 24h for the first day.' })
      .optional(),
    trailing: span()
      .meta({ description: 'What it observed in the last so long before the window.' })
      .optional(),
    file: file('the path of a file with buckets')
      .meta({
        description:
          'A YAML or JSON file with `buckets`, a mapping of upper bounds to cumulative counts: {"0.1": 50, "0.2": 70, "+Inf": 120}. It is compared with the classic buckets of the histogram, and read when the config is, up to 1 MiB; relative paths start at the config file.',
      })
      .optional(),
  })
  .register(marks, { expected: 'a mapping with one of first, trailing, file' })
  .meta({ minProperties: 1, maxProperties: 1 });

type RawReference = z.infer<typeof reference>;

export const histogram = defineKind({
  key: 'histogram',
  keys: {
    histogram: baseName('histogram').meta({
      description:
        'The histogram, classic or native, whose distribution is compared with a reference. Its name is written without _bucket.',
    }),
    distance: oneOf('psi', 'js', 'ks').meta({
      description:
        'How the distance is measured, beside histogram only: the population stability index, the base-2 Jensen-Shannon distance, or the Kolmogorov-Smirnov statistic.',
    }),
    reference: reference.meta({
      description:
        'What the distribution is compared with, beside histogram only. Exactly one of first, trailing and file.',
    }),
    ...counted,
  },
  files: ({ reference: written }) => (written?.file === undefined ? [] : [written.file]),
  check({ reference: written, ...from }, { path, references }) {
    const counts = checkMinCount(from, path);
    if (!written) return counts;
    const at = [...path, 'reference'];
    return [
      ...counts,
      ...checkOne(written, ['first', 'trailing', 'file'], { path: at, required: true }),
      ...faultsOf(written.file, references).map((message) => ({ path: [...at, 'file'], message })),
    ];
  },
  build: ({ histogram: base, distance, reference: written, ...rest }, references) => ({
    // A file has classic buckets, and native ones have no bounds in common with them.
    takes: bucketsOf(base).filter(({ role }) => role !== 'native' || written.file === undefined),
    settings: {
      kind: 'histogram',
      distance,
      reference: toReference(written, references),
      ...toWindowed(rest, { minCount: DEFAULTS.distanceMinCount }),
    },
  }),
});

function faultsOf(path: string | undefined, references: References): readonly string[] {
  const result = path === undefined ? undefined : referenceOf(path, references);
  return !result || result.ok ? [] : result.faults;
}

function toReference(
  { first, trailing, file: path }: RawReference,
  references: References,
): ReferenceSettings {
  if (first !== undefined) return { kind: 'first', ms: toMs(first, 0) };
  if (trailing !== undefined) return { kind: 'trailing', ms: toMs(trailing, 0) };
  const result = path === undefined ? undefined : referenceOf(path, references);
  if (!result?.ok) throw new Error('a reference came through validation that is none');
  return { kind: 'file', histogram: result.histogram };
}
