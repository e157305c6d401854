/** `ratio`: how much of one counter's increase another's is, as errors of requests. */
import * as z from 'zod';
import { marks } from '../schema/leaf.ts';
import { checkMinCount, counted, selector, toWindowed } from './keys.ts';
import { defineKind } from './kind.ts';
import { selectorOf, startsOf } from './series.ts';

const ratioOf = z
  .strictObject({
    numerator: selector('model_errors_total').meta({
      description: 'The counter above the line. Where only the denominator is there, it counts as 0.',
    }),
    denominator: selector('model_requests_total').meta({ description: 'The counter below the line.' }),
  })
  .register(marks, { expected: 'a mapping with numerator and denominator' });

export const ratio = defineKind({
  key: 'ratio',
  keys: {
    ratio: ratioOf.meta({
      description:
        'The increase of one counter divided by that of another, each summed over the series of a model version.',
    }),
    ...counted,
  },
  check: (from, { path }) => checkMinCount(from, path),
  build({ ratio, ...rest }) {
    const numerator = selectorOf(ratio.numerator);
    const denominator = selectorOf(ratio.denominator);
    return {
      takes: [
        { role: 'numerator', selector: numerator },
        { role: 'denominator', selector: denominator },
        ...startsOf(numerator).map((selector) => ({ role: 'numerator_start' as const, selector })),
        ...startsOf(denominator).map((selector) => ({ role: 'denominator_start' as const, selector })),
      ],
      settings: { kind: 'ratio', ...toWindowed(rest) },
    };
  },
});
