/** `retrain`, parsed: policies and triggers. */
import type { JudgeConfig, RetrainPolicy } from '../../core/rule.ts';
import type { TriggerConfig, WebhookConfig } from '../config.ts';
import { DEFAULTS } from '../defaults.ts';
import type { RawPolicy, RawRetrain, RawTrigger, RawWebhook } from '../schema/retrain.ts';
import { toHttpClient, toSecret } from './http.ts';
import { type ResolvePath, toMs } from './values.ts';

export function toPolicies(raw: RawRetrain): Pick<JudgeConfig, 'policy' | 'policies'> {
  const { policies = [], triggers: _, ...keys } = raw;
  return {
    policy: toPolicy(keys),
    policies: policies.map(({ models, ...own }) => ({ models, policy: toPolicy({ ...keys, ...own }) })),
  };
}

/** `initial_hold` follows the cooldown of the same models unless it is written for them or for all. */
function toPolicy(raw: Omit<RawPolicy, 'models'>): RetrainPolicy {
  const cooldownMs = toMs(raw.cooldown, DEFAULTS.cooldownMs);
  return {
    mode: raw.mode ?? 'act',
    initialHoldMs: toMs(raw.initial_hold, cooldownMs),
    groupWaitMs: toMs(raw.group_wait, DEFAULTS.groupWaitMs),
    cooldownMs,
    maxPerDay: raw.max_per_day ?? DEFAULTS.maxPerDay,
    inFlightTimeoutMs: toMs(raw.in_flight_timeout, DEFAULTS.inFlightTimeoutMs),
    replacedAfterMs: toMs(raw.replaced_after, DEFAULTS.replacedAfterMs),
  };
}

export function toTriggers(
  raw: readonly RawTrigger[] | undefined,
  resolve: ResolvePath,
): readonly TriggerConfig[] {
  if (!raw) return [{ name: DEFAULTS.triggerName, models: [], outcome: 'none', deliver: { kind: 'log' } }];
  return raw.map(({ name, models = [], outcome, webhook }) => ({
    name,
    models,
    outcome: outcome ?? (webhook ? 'reported' : 'none'),
    deliver: webhook ? toWebhook(webhook, resolve) : { kind: 'log' },
  }));
}

function toWebhook(raw: RawWebhook, resolve: ResolvePath): WebhookConfig {
  const signingSecret = toSecret(raw.signing_secret, raw.signing_secret_file, resolve);
  return {
    kind: 'webhook',
    url: raw.url,
    method: raw.method ?? 'POST',
    ...toHttpClient(raw, resolve),
    ...(signingSecret && { signingSecret }),
    timeoutMs: toMs(raw.timeout, DEFAULTS.webhookTimeoutMs),
    retry: {
      initialMs: toMs(raw.retry?.initial, DEFAULTS.retryInitialMs),
      maxMs: toMs(raw.retry?.max, DEFAULTS.retryMaxMs),
      giveUpAfterMs: toMs(raw.retry?.give_up_after, DEFAULTS.retryGiveUpAfterMs),
    },
  };
}
