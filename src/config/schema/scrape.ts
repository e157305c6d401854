/** `global` and `scrape_configs` as people write them. */
import * as z from 'zod';
import { metricsPathFault, targetFault } from '../values/address.ts';
import { cronFault } from '../values/cron.ts';
import { nameFault, scrapeHeaderFault } from '../values/names.ts';
import { authorization, basicAuth, headers, tlsConfig } from './http.ts';
import { identity, integer, labels, list, marks, oneOf, size, span, text } from './leaf.ts';
import { relabelConfigs } from './relabel.ts';

const MAX_TIMEOUT = { text: '1h', ms: 3_600_000 };

export const globalSchema = z
  .strictObject({
    scrape_interval: span().meta({ description: 'How often targets are scraped. Default: 15s.' }).optional(),
    scrape_timeout: span(MAX_TIMEOUT)
      .meta({
        description:
          'How long one scrape may take; at most the interval. Default: 10s, or the interval where that is shorter.',
      })
      .optional(),
    external_labels: labels()
      .meta({
        description: `Labels of every retrain request. \${ENV_VAR} is replaced in their values. Default: none.`,
      })
      .optional(),
    identity: identity({ model: 'model', version: 'version' })
      .meta({ description: 'Which labels of scraped samples name model and version.' })
      .optional(),
  })
  .meta({ description: 'What holds for all jobs.' });

const staticConfig = z.strictObject({
  targets: list(
    text('a target as host:port', { hidden: 'url', check: targetFault }),
    'a list of at least one target',
  ).meta({ description: 'Targets as host:port; without a port: 80, or 443 with https.' }),
  labels: labels()
    .meta({
      description: `Labels of samples that carry none of that name. \${ENV_VAR} is replaced in their values. Default: none.`,
    })
    .optional(),
});

const params = z
  .record(
    text('the name of a parameter'),
    z
      .array(text('the value of a parameter', { hidden: 'secret' }))
      .register(marks, { expected: 'a list of values' }),
  )
  .register(marks, { expected: 'a mapping of names to lists of values' });

export const scrapeConfigSchema = z.strictObject({
  job_name: text('a name of 1 to 1024 bytes', { check: nameFault }).meta({
    description: 'The name of the job; no two jobs share one.',
  }),
  scrape_interval: span()
    .meta({
      description:
        'How often the targets are scraped. Default: that of global. At most one of scrape_interval and schedule.',
    })
    .optional(),
  schedule: text('a cron expression of 5 or 6 fields, such as "*/10 * * * * *"', { check: cronFault })
    .meta({
      description:
        'When the targets are scraped, as cron instead of an interval; the sixth field, in front, is the second. Default: none.',
    })
    .optional(),
  scrape_timeout: span(MAX_TIMEOUT)
    .meta({
      description:
        'How long one scrape may take; at most the interval. Default: that of global, or the interval where that is shorter.',
    })
    .optional(),
  scheme: oneOf('http', 'https')
    .meta({ description: 'How the targets are asked. Default: http.' })
    .optional(),
  metrics_path: text('a path that begins with /', { check: metricsPathFault })
    .meta({ description: 'Where the targets serve their page of metrics. Default: /metrics.' })
    .optional(),
  params: params.meta({ description: 'Query parameters of each scrape. Default: none.' }).optional(),
  headers: headers(scrapeHeaderFault).optional(),
  basic_auth: basicAuth().optional(),
  authorization: authorization().optional(),
  tls_config: tlsConfig().optional(),
  sample_limit: integer(1, 100_000_000)
    .meta({ description: 'A scrape with more samples fails as a whole. Default: 50000.' })
    .optional(),
  body_size_limit: size({ text: '1GB', bytes: 2 ** 30 })
    .meta({ description: 'A scrape with a larger body, once unpacked, fails as a whole. Default: 10MB.' })
    .optional(),
  identity: identity({ model: 'that of global', version: 'that of global' })
    .meta({ description: 'Which labels of the samples of this job name model and version.' })
    .optional(),
  metric_relabel_configs: relabelConfigs.optional(),
  static_configs: list(staticConfig).meta({ description: 'The targets.' }),
});

export type RawGlobal = z.infer<typeof globalSchema>;
export type RawScrapeConfig = z.infer<typeof scrapeConfigSchema>;
