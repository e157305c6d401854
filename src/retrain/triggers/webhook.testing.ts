/** One attempt of a webhook against a real receiver, and files that hold its secrets. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../clock.ts';
import type { WebhookConfig } from '../../config/config.ts';
import type { Resolve } from '../../outgoing/forbidden-address.ts';
import type { Delivery, OutgoingRequest } from '../trigger.ts';
import { createWebhookTrigger } from './webhook.ts';

const retry = { initialMs: 5_000, maxMs: 900_000, giveUpAfterMs: 604_800_000 };
const base = { kind: 'webhook', method: 'POST', headers: new Map(), timeoutMs: 5_000, retry } as const;

export const request: OutgoingRequest = {
  id: 'rt_1',
  model: { name: 'fraud', version: '1.4.0' },
  reason: 'EMA for accuracy breached threshold 0.850, current 0.612',
  body: new TextEncoder().encode('{"type":"retrain.requested","data":{"id":"rt_1","name":"ünïcode"}}'),
  attempt: 1,
};

const never = new AbortController().signal;

export function deliver(
  config: Partial<WebhookConfig> & { url: string },
  more: Partial<Delivering> = {},
): Promise<Delivery> {
  const { signal = never, outgoing = request, ...options } = more;
  const trigger = createWebhookTrigger({
    name: 'training',
    config: { ...base, ...config },
    version: '1.2.3',
    clock: systemClock,
    ...options,
  });
  return trigger.deliver(outgoing, signal);
}

export interface Delivering {
  readonly signal: AbortSignal;
  readonly outgoing: OutgoingRequest;
  readonly resolve: Resolve;
}

export interface TempFolder {
  path(name: string): string;
  /** Returns the file's path. */
  write(name: string, content: string): Promise<string>;
}

/** A folder that lives as long as the tests of a file. */
export function useTempFolder(): TempFolder {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftgauge-webhook-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    async write(name, content) {
      await writeFile(path(name), content);
      return path(name);
    },
  };
}

/** Writes a text again and again, a byte or the whole at a time, until the connection is closed. */
export function drip(socket: Socket, text: string, { whole = false } = {}): void {
  let at = 0;
  const timer = setInterval(() => {
    if (whole) socket.write(text);
    else if (at < text.length) socket.write(text[at++]!);
  }, 20);
  socket.on('close', () => clearInterval(timer));
}
