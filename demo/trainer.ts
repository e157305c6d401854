/**
 * A training pipeline in small: takes the webhook, checks who sent it, trains once per request id and reports to the
 * request's own outcome URL. What any real receiver has to do, and nothing else.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

const MAX_BODY_BYTES = 1024 * 1024;
const REPORT_TIMEOUT_MS = 5000;
/** From taking an order to the first step of a training: a scheduler's time. */
const QUEUE_MS = 500;

export interface TrainerOptions {
  /** `whsec_` and base64, the same text as in the file that `signing_secret_file` names. */
  readonly secret: string;
  readonly trainingMs: number;
  /** Called once the training is reported as succeeded. */
  readonly deploy: (version: string) => void;
  /** Told what happens here, when it happens. */
  readonly tell: (text: string) => void;
}

export interface Trainer extends AsyncDisposable {
  /** Where the webhook goes. */
  readonly url: string;
  /** Different requests taken so far; the same id again counts once. */
  readonly requests: number;
}

/** The part of a request's body that is used here. */
interface Order {
  readonly type: string;
  readonly data: {
    readonly id: string;
    readonly model: { readonly name: string; readonly version: string };
    readonly outcome: { readonly url: string; readonly token: string };
  };
}

interface Outcome {
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly version?: string;
  readonly message?: string;
}

export async function startTrainer({ secret, trainingMs, deploy, tell }: TrainerOptions): Promise<Trainer> {
  const webhook = new Webhook(secret);
  const taken = new Set<string>();
  const stopping = new AbortController();

  const take = async (request: IncomingMessage): Promise<number> => {
    if (request.method !== 'POST' || request.url !== '/retrain') return 404;
    const body = await readBody(request);
    if (body === null) return 413;
    let order: Order;
    try {
      order = webhook.verify(body, request.headers as Record<string, string>) as Order;
    } catch (error) {
      tell(`refuses a request: ${(error as Error).message}`);
      return 401;
    }
    const id = String(request.headers['webhook-id']);
    if (taken.has(id)) {
      tell(`gets ${id} once more, and knows it already`);
      return 200;
    }
    taken.add(id);
    tell(`gets ${id}; its signature is right`);
    void work(order);
    return 202;
  };

  const work = async ({ data }: Order): Promise<void> => {
    const { signal } = stopping;
    try {
      await delay(QUEUE_MS, undefined, { signal });
      await report(data, { status: 'running', message: 'training on the last 30 days' });
      await delay(trainingMs, undefined, { signal });
      const version = String(Number(data.model.version) + 1);
      await report(data, { status: 'succeeded', version });
      deploy(version);
    } catch (error) {
      if (!signal.aborted) tell(`cannot go on: ${(error as Error).message}`);
    }
  };

  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/retrain`,
    get requests() {
      return taken.size;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function report({ outcome }: Order['data'], said: Outcome): Promise<void> {
  const response = await fetch(outcome.url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${outcome.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(said),
    signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the report "${said.status}" was answered ${response.status}: ${text}`);
}

/** Null where it is larger than anything that is sent here. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
