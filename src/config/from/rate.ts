/** `rate`: how much a counter grows per second. */
import { DEFAULTS } from '../defaults.ts';
import { counted, selector, toWindowed } from './keys.ts';
import { defineKind } from './kind.ts';
import { selectorOf, startsOf } from './series.ts';

export const rate = defineKind({
  key: 'rate',
  keys: {
    rate: selector('model_errors_total').meta({
      description:
        'The counter whose increase per second is taken; the increases of several series of one model version are summed.',
    }),
    ...counted,
  },
  build({ rate, ...rest }) {
    const counter = selectorOf(rate);
    return {
      takes: [
        { role: 'value', selector: counter },
        ...startsOf(counter).map((selector) => ({ role: 'start' as const, selector })),
      ],
      settings: { kind: 'rate', ...toWindowed(rest, { minCount: DEFAULTS.rateMinCount }) },
    };
  },
});
