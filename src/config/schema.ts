/** The whole config as people write it. Every option is documented here; the JSON Schema for editors is made from it. */
import * as z from 'zod';
import { integer, list } from './schema/leaf.ts';
import { metricSchema } from './schema/metrics.ts';
import { retrainSchema } from './schema/retrain.ts';
import { globalSchema, scrapeConfigSchema } from './schema/scrape.ts';

const limitsSchema = z
  .strictObject({
    max_signals: integer(1, 10_000_000)
      .meta({
        description:
          'Signals (model, version, metric) that are watched; new ones beyond it are refused and counted. Default: 20000.',
      })
      .optional(),
    max_series: integer(1, 100_000_000)
      .meta({
        description:
          'Scraped series that are remembered; new ones beyond it are refused and counted. Default: 200000.',
      })
      .optional(),
  })
  .meta({ description: 'Upper bounds of memory.' });

export const configSchema = z
  .strictObject({
    global: globalSchema.optional(),
    scrape_configs: z
      .array(scrapeConfigSchema)
      .meta({ description: 'What is scraped. Default: nothing; metrics are pushed.' })
      .optional(),
    metrics: list(metricSchema).meta({
      description: 'What is judged. The first entry whose name and models fit an event judges it.',
    }),
    retrain: retrainSchema.optional(),
    limits: limitsSchema.optional(),
  })
  .meta({ title: 'Driftgauge configuration' });

export type RawConfig = z.infer<typeof configSchema>;

/** JSON Schema 2020-12, for editors. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' }), null, 2)}\n`;
}
