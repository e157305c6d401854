/** The way of a request to its trigger: the strategy that delivers it and the schedule by which it is repeated. */
import type { Clock } from '../clock.ts';
import type { TriggerConfig, WebhookConfig } from '../config/config.ts';
import type { Logger } from '../log.ts';
import type { RetrainTrigger } from './trigger.ts';
import { createLogTrigger } from './triggers/log.ts';
import { createWebhookTrigger } from './triggers/webhook.ts';

export type RetrySettings = WebhookConfig['retry'];

export interface DeliveryRoute {
  readonly trigger: RetrainTrigger;
  readonly retry: RetrySettings;
  /** An attempt that has not settled by then is aborted and counts as `timeout`. */
  readonly limitMs: number;
}

/** For triggers without a `retry` of their own: the defaults of a webhook. */
export const DEFAULT_RETRY: RetrySettings = {
  initialMs: 5_000,
  maxMs: 15 * 60_000,
  giveUpAfterMs: 7 * 24 * 3_600_000,
};

/** Generous: a trigger of an embedding program may talk to something slow, but must not block its queue for ever. */
const CUSTOM_LIMIT_MS = 60_000;
/** A webhook keeps its own deadline; ours is a second line. */
const WEBHOOK_SLACK_MS = 5_000;

export interface RoutesSource {
  readonly triggers: readonly TriggerConfig[];
  /** Triggers that an embedding program brought along, by name. */
  readonly custom?: ReadonlyMap<string, RetrainTrigger>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of Driftgauge. */
  readonly version: string;
}

/** One route per configured trigger, by name, in the config's order. Throws where a custom trigger was not brought along. */
export function createRoutes({
  triggers,
  custom,
  clock,
  log,
  version,
}: RoutesSource): Map<string, DeliveryRoute> {
  const routes = new Map<string, DeliveryRoute>();
  for (const { name, deliver } of triggers) {
    switch (deliver.kind) {
      case 'webhook':
        routes.set(name, {
          trigger: createWebhookTrigger({ name, config: deliver, version, clock }),
          retry: deliver.retry,
          limitMs: deliver.timeoutMs + WEBHOOK_SLACK_MS,
        });
        break;
      case 'log':
        routes.set(name, {
          trigger: createLogTrigger({ name, log }),
          retry: DEFAULT_RETRY,
          limitMs: CUSTOM_LIMIT_MS,
        });
        break;
      case 'custom': {
        const trigger = custom?.get(name);
        if (!trigger)
          throw new Error(`no trigger was passed for the configured name ${JSON.stringify(name)}`);
        routes.set(name, { trigger, retry: DEFAULT_RETRY, limitMs: CUSTOM_LIMIT_MS });
      }
    }
  }
  return routes;
}
