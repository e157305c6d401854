import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import type { TriggerConfig, WebhookConfig } from '../config/config.ts';
import { silentLogger } from '../log.ts';
import { createRoutes, DEFAULT_RETRY } from './route.ts';
import type { RetrainTrigger } from './trigger.ts';

const webhook: WebhookConfig = {
  kind: 'webhook',
  url: 'http://trainer/',
  method: 'POST',
  headers: new Map(),
  timeoutMs: 90_000,
  retry: { initialMs: 1, maxMs: 2, giveUpAfterMs: 3 },
};
const trigger = (name: string, deliver: TriggerConfig['deliver']): TriggerConfig => ({
  name,
  models: [],
  outcome: 'reported',
  deliver,
});
const own: RetrainTrigger = { name: 'own', deliver: async () => ({ ok: true }) };

const routesOf = (triggers: TriggerConfig[], custom?: ReadonlyMap<string, RetrainTrigger>) =>
  createRoutes({
    triggers,
    ...(custom ? { custom } : {}),
    clock: new ManualClock(),
    log: silentLogger,
    version: '1.2.3',
  });

describe('routes', () => {
  it('are one per trigger, in the order of the config', () => {
    const routes = routesOf(
      [
        trigger('training', webhook),
        trigger('__proto__', { kind: 'log' }),
        trigger('own', { kind: 'custom' }),
      ],
      new Map([['own', own]]),
    );
    expect([...routes].map(([name, route]) => [name, route.trigger.name])).toEqual([
      ['training', 'training'],
      ['__proto__', '__proto__'],
      ['own', 'own'],
    ]);
    expect(routes.get('own')!.trigger).toBe(own);
  });

  it('keep the schedule of a webhook, and leave its own deadline the first word', () => {
    const route = routesOf([trigger('training', webhook)]).get('training')!;
    expect(route.retry).toBe(webhook.retry);
    expect(route.limitMs).toBeGreaterThan(webhook.timeoutMs);
  });

  it('give a trigger without a schedule of its own that of a webhook: 5 s, 15 min, 7 days', () => {
    const routes = routesOf([trigger('own', { kind: 'custom' })], new Map([['own', own]]));
    expect(routes.get('own')!.retry).toBe(DEFAULT_RETRY);
    expect(DEFAULT_RETRY).toEqual({ initialMs: 5_000, maxMs: 900_000, giveUpAfterMs: 604_800_000 });
  });

  it('cannot be made for a trigger that nobody passed', () => {
    expect(() => routesOf([trigger('own', { kind: 'custom' })])).toThrow(
      'no trigger was passed for the configured name "own"',
    );
  });
});
