/**
 * The schemas of what the API takes. Pushed events are read by hand, for speed and for words about each fault; their
 * schema here is held to agree with that by a test.
 */
import { z } from 'zod';
import { boundedText } from '../json-body.ts';

export {
  CANCEL as cancelBody,
  OUTCOME as outcomeBody,
  REDELIVER as redeliverBody,
} from '../routes/retrain-actions.ts';

const name = boundedText(1024).min(1).meta({ description: 'At most 1,024 bytes of UTF-8.' });

/** A date, a time and an offset, as RFC 3339 writes them; whether the month has such a day is another question. */
const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const calendarDate = z.iso.date();

const timestamp = z
  .union([
    z
      .string()
      .regex(RFC3339)
      .refine((text) => calendarDate.safeParse(text.slice(0, 10)).success)
      .meta({ format: 'date-time' }),
    z.number().meta({ description: 'Unix seconds; fractions are allowed.' }),
  ])
  .meta({
    description:
      'The sample’s own time, at most 5 minutes ahead of this server’s clock. Left out: the time of receipt.',
  });

export const metricEvent = z
  .strictObject({
    model: z.strictObject({ name, version: name.optional().meta({ default: 'none' }) }),
    metric: name,
    value: z.number(),
    timestamp: timestamp.optional(),
  })
  .meta({ id: 'MetricEvent', description: 'One value of one metric of one model version at one time.' });

export const pushBody = z.union([metricEvent, z.array(metricEvent)]);
