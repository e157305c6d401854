/** `metrics` as people write it: where samples come from, how they are smoothed and judged, what a drift leads to. */
import * as z from 'zod';
import { fromSchema } from '../from/index.ts';
import { nameFault } from '../values/names.ts';
import { duration, globs, integer, marks, number, oneOf, span, text } from './leaf.ts';

const MAX_COUNT = 1_000_000_000;

const smoothing = z
  .strictObject({
    alpha: z
      .number()
      .gt(0)
      .max(1)
      .register(marks, { expected: 'a number above 0 and up to 1' })
      .meta({
        description:
          'Weight of the newest sample; larger follows faster. Default: 0.25. At most one of alpha and half_life.',
      })
      .optional(),
    half_life: span()
      .meta({
        description:
          'A sample has lost half of its weight after so long, however irregular the samples are; longer follows more slowly. Instead of alpha.',
      })
      .optional(),
    warm_up: integer(0, MAX_COUNT)
      .meta({ description: 'Samples that enter the average before it is judged. Default: 0.' })
      .optional(),
  })
  .register(marks, { expected: 'a mapping with one of alpha, half_life' });

const drift = z
  .strictObject({
    below: number()
      .meta({ description: 'A moving average below it is a breach. Exactly one of below and above.' })
      .optional(),
    above: number()
      .meta({ description: 'A moving average above it is a breach. Exactly one of below and above.' })
      .optional(),
    clear: number()
      .meta({
        description:
          'At or past it a drift is over; on the good side of the threshold. Default: the threshold.',
      })
      .optional(),
    for: duration()
      .meta({
        description:
          'How long a breach must last to be a drift; longer means fewer false alarms, and later ones. Default: 0s.',
      })
      .optional(),
    keep_firing_for: duration()
      .meta({
        description:
          'How long a drift must have been clear to be over; longer keeps a drift that flaps in one episode. Default: 0s.',
      })
      .optional(),
    min_samples: integer(1, MAX_COUNT)
      .meta({ description: 'How many samples in a row must breach, the first included. Default: 1.' })
      .optional(),
  })
  .register(marks, { expected: 'a mapping with one of below, above' });

export const metricSchema = z.strictObject({
  name: text('a name of 1 to 1024 bytes', { check: nameFault }).meta({
    description: 'The metric. A name may repeat for other models; the first entry that fits a model has it.',
  }),
  models: globs().meta({ description: 'Globs over model names. Default: all.' }).optional(),
  from: fromSchema
    .meta({
      description:
        'Which scraped series the samples come from and what is made of them; exactly one of the kinds. Without it, the metric is pushed.',
    })
    .optional(),
  smoothing: smoothing.meta({ description: 'The exponential moving average that is judged.' }).optional(),
  drift: drift.meta({ description: 'When the moving average counts as drift.' }),
  action: oneOf('retrain', 'flag', 'inhibit')
    .meta({
      description:
        'retrain asks for a retrain, flag only shows, inhibit holds retrains of the model version while it drifts. Default: flag.',
    })
    .optional(),
  stale_after: span()
    .meta({
      description:
        'Without samples for so long, a signal is stale, and a longer gap starts `for` anew. Default: 5m, three times the longest scrape interval or three times `window`, whichever is longest; ttl for pushed metrics.',
    })
    .optional(),
  ttl: span()
    .meta({ description: 'A signal without samples for so long is forgotten. Default: 24h.' })
    .optional(),
});

export type RawMetric = z.infer<typeof metricSchema>;
