/** `mean`: the average of what a histogram or summary has observed. */
import { baseName, checkMinCount, counted, toWindowed } from './keys.ts';
import { defineKind } from './kind.ts';
import { seriesOf } from './series.ts';

export const mean = defineKind({
  key: 'mean',
  keys: {
    mean: baseName('histogram or summary').meta({
      description:
        'The histogram or summary whose mean is taken: the increase of its sum divided by that of its count, each summed over the series of a model version. Its name is written without _sum or _count.',
    }),
    ...counted,
  },
  check: (from, { path }) => checkMinCount(from, path),
  build: ({ mean, ...rest }) => ({
    takes: [
      { role: 'sum', selector: seriesOf(mean, '_sum') },
      { role: 'count', selector: seriesOf(mean, '_count') },
      { role: 'native', selector: seriesOf(mean) },
      { role: 'start', selector: seriesOf(mean, '_created') },
    ],
    settings: { kind: 'mean', ...toWindowed(rest) },
  }),
});
