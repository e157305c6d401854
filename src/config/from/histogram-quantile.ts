/** `histogram_quantile`: a quantile of what a histogram has observed. */
import * as z from 'zod';
import { marks } from '../schema/leaf.ts';
import { baseName, checkMinCount, counted, toWindowed } from './keys.ts';
import { defineKind } from './kind.ts';
import { bucketsOf } from './series.ts';

const quantileOf = z
  .strictObject({
    quantile: z
      .number()
      .min(0)
      .max(1)
      .register(marks, { expected: 'a number from 0 to 1' })
      .meta({ description: 'Which quantile, 0.95 for the 95th percentile.' }),
    of: baseName('histogram').meta({
      description: 'The histogram, classic or native. Its name is written without _bucket.',
    }),
  })
  .register(marks, { expected: 'a mapping with quantile and of' });

export const histogramQuantile = defineKind({
  key: 'histogram_quantile',
  keys: {
    histogram_quantile: quantileOf.meta({
      description:
        'A quantile of a histogram, as PromQL estimates it, of the increases of all series of a model version.',
    }),
    ...counted,
  },
  check: (from, { path }) => checkMinCount(from, path),
  build: ({ histogram_quantile: { quantile, of }, ...rest }) => ({
    takes: bucketsOf(of),
    settings: { kind: 'histogram_quantile', quantile, ...toWindowed(rest) },
  }),
});
