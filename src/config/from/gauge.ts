/** `gauge`: values as they are. */
import { DEFAULTS } from '../defaults.ts';
import { oneOf } from '../schema/leaf.ts';
import { scaled, selector } from './keys.ts';
import { defineKind } from './kind.ts';
import { selectorOf } from './series.ts';

export const gauge = defineKind({
  key: 'gauge',
  keys: {
    gauge: selector('model_accuracy{stage="prod"}').meta({
      description: 'The scraped series whose values are taken as they are.',
    }),
    ...scaled,
    aggregate: oneOf('avg', 'min', 'max', 'sum')
      .meta({
        description:
          'What becomes of several series of one model version; beside gauge only, counts are always summed. Default: the first has it, the others are dropped and counted.',
      })
      .optional(),
  },
  elsewhere: { aggregate: 'counts of several series are always summed' },
  build: ({ gauge, scale = DEFAULTS.scale, aggregate = null }) => ({
    takes: [{ role: 'value', selector: selectorOf(gauge) }],
    settings: { kind: 'gauge', scale, aggregate },
  }),
});
