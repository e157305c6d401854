/** `retrain` as people write it: when a drift may ask for a retrain, and whom it asks. */
import * as z from 'zod';
import { webhookUrlFault } from '../values/address.ts';
import { nameFault, webhookHeaderFault } from '../values/names.ts';
import { authorization, basicAuth, file, headers, secret, tlsConfig } from './http.ts';
import { duration, globs, integer, list, marks, oneOf, span, text } from './leaf.ts';

const retry = z.strictObject({
  initial: span()
    .meta({ description: 'Upper bound of the first wait; it doubles with each attempt. Default: 5s.' })
    .optional(),
  max: span().meta({ description: 'Upper bound of every wait. Default: 15m.' }).optional(),
  give_up_after: span()
    .meta({
      description:
        'A request that could not be delivered for so long is parked: kept and shown. Default: 7d.',
    })
    .optional(),
});

const webhook = z
  .strictObject({
    url: text('an http or https URL', { hidden: 'url', check: webhookUrlFault }).meta({
      description:
        'Where the request goes. {model} and {version} are replaced, percent-encoded. User info and query are secret.',
    }),
    method: oneOf('POST', 'PUT', 'PATCH')
      .meta({ description: 'How the request is made. Default: POST.' })
      .optional(),
    headers: headers(webhookHeaderFault).optional(),
    authorization: authorization().optional(),
    basic_auth: basicAuth().optional(),
    tls_config: tlsConfig().optional(),
    signing_secret: secret('a secret, or whsec_ and base64')
      .meta({
        description: `Signs each request as Standard Webhooks do; several secrets, separated by spaces, sign it each, so that one can take the place of another; \${ENV_VAR} is replaced. Default: none, requests are not signed. At most one of signing_secret and signing_secret_file.`,
      })
      .optional(),
    signing_secret_file: file('the path of a file that holds the secret')
      .meta({
        description:
          'Instead of signing_secret: a file that holds it, read anew for each attempt. Relative paths start at the config file.',
      })
      .optional(),
    timeout: span({ text: '1h', ms: 3_600_000 })
      .meta({ description: 'How long one attempt may take. Default: 15s.' })
      .optional(),
    retry: retry.meta({ description: 'When an attempt that failed is made again.' }).optional(),
  })
  .register(marks, { expected: 'a mapping with url' });

export const triggerSchema = z.strictObject({
  name: text('a name of 1 to 1024 bytes', { check: nameFault }).meta({
    description: 'The name of the trigger; no two share one.',
  }),
  models: globs()
    .meta({
      description: 'Globs over model names; the first trigger that fits has the request. Default: all.',
    })
    .optional(),
  outcome: oneOf('reported', 'none')
    .meta({
      description:
        'reported: a request has ended once its outcome is known, by callback. none: with its delivery. Default: reported for webhook, none for log.',
    })
    .optional(),
  webhook: webhook.meta({ description: 'Calls a URL. Exactly one of webhook and log.' }).optional(),
  log: z.strictObject({}).meta({ description: 'Instead of webhook: writes a line to the log.' }).optional(),
});

/** The keys that a policy may set for some models. `inherited`: what holds without one is the key of `retrain` itself. */
const policyKeys = ({ inherited }: { readonly inherited: boolean }) => {
  const fallback = (value: string) => `Default: ${inherited ? 'that of retrain' : value}.`;
  return {
    mode: oneOf('act', 'dry_run')
      .meta({
        description: `dry_run: requests are made and end at once, delivered to nobody. ${fallback('act')}`,
      })
      .optional(),
    initial_hold: duration()
      .meta({
        description: `How long requests are held after the store was made, as nobody knows what was asked before. Default: ${inherited ? 'that of retrain, else ' : ''}cooldown.`,
      })
      .optional(),
    group_wait: duration()
      .meta({
        description: `How long a request waits for other signals of its model version, to be one request for all that drift together. ${fallback('30s')}`,
      })
      .optional(),
    cooldown: duration()
      .meta({
        description: `Time between the end of a request and the next one of the same model name, whatever the version. One that was never delivered starts none. ${fallback('6h')}`,
      })
      .optional(),
    max_per_day: integer(1, 100_000)
      .meta({
        description: `Requests per model name in any 24 hours; more are held. One that was withdrawn, or cancelled before its delivery, does not count. ${fallback('4')}`,
      })
      .optional(),
    in_flight_timeout: span()
      .meta({
        description: `Without an outcome for so long after its delivery, a request has timed out. ${fallback('24h')}`,
      })
      .optional(),
    replaced_after: span()
      .meta({
        description: `A version without samples for so long, while another of its model has some, was replaced. ${fallback('1h')}`,
      })
      .optional(),
  };
};

export const policySchema = z.strictObject({
  models: globs().meta({ description: 'Globs over model names; the first policy that fits has the model.' }),
  ...policyKeys({ inherited: true }),
});

export const retrainSchema = z
  .strictObject({
    ...policyKeys({ inherited: false }),
    policies: z
      .array(policySchema)
      .meta({ description: 'Other values of the keys above for some models. Default: none.' })
      .optional(),
    triggers: list(triggerSchema, 'a list of at least one trigger')
      .meta({ description: 'Whom a retrain is asked of. Default: one log trigger named log.' })
      .optional(),
  })
  .meta({ description: 'When a drift may ask for a retrain, and whom it asks.' });

export type RawPolicy = z.infer<typeof policySchema>;
export type RawRetrain = z.infer<typeof retrainSchema>;
export type RawTrigger = z.infer<typeof triggerSchema>;
export type RawWebhook = z.infer<typeof webhook>;
