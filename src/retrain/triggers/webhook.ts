/**
 * The webhook trigger: one HTTP request per attempt, with a total deadline and bounded reading. It classifies what
 * happened and never retries, follows a redirect or asks the environment for a proxy.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { Axios } from 'axios';
import type { Clock } from '../../clock.ts';
import type { WebhookConfig } from '../../config/config.ts';
import { tlsOptions } from '../../outgoing/credentials.ts';
import { createDeadline, type Deadline } from '../../outgoing/deadline.ts';
import { describeError, reasonOfError } from '../../outgoing/failure.ts';
import {
  createAllowedLookup,
  ForbiddenAddressError,
  isForbiddenAddress,
  type Resolve,
} from '../../outgoing/forbidden-address.ts';
import type { FailedDelivery, OutgoingRequest, RetrainTrigger } from '../trigger.ts';
import { type Answer, classifyAnswer } from './answer.ts';
import { webhookHeaders } from './webhook-headers.ts';
import { webhookUrl } from './webhook-url.ts';

export interface WebhookTriggerOptions {
  readonly name: string;
  readonly config: WebhookConfig;
  /** Of Driftgauge, for the `User-Agent` header. */
  readonly version: string;
  readonly clock: Clock;
  /** How names become addresses; default `dns.lookup`. */
  readonly resolve?: Resolve;
}

/** So much of an answer is read, so that a polite receiver can finish; the status has decided before. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * A client of our own: a program that embeds Driftgauge may have changed the defaults of axios itself. Loaded where a
 * webhook is configured, because axios is the slowest part of a start.
 */
async function loadClient(): Promise<Axios> {
  const { Axios } = await import('axios');
  return new Axios({
    adapter: 'http',
    responseType: 'stream',
    maxRedirects: 0,
    proxy: false,
    decompress: false,
    validateStatus: null,
  });
}

export function createWebhookTrigger(options: WebhookTriggerOptions): RetrainTrigger {
  const { name, config, version, clock } = options;
  const lookup = createAllowedLookup(options.resolve);
  const loading = loadClient();
  return {
    name,
    async deliver(request, signal) {
      const client = await loading;
      const target = webhookUrl(config.url, request.model);
      if (!target.ok) {
        return { ok: false, reason: 'parse', message: target.message, next: 'retry_slowly', written: false };
      }
      const progress: Progress = { connected: false, answer: null };
      const deadline = createDeadline({ clock, timeoutMs: config.timeoutMs, signal });
      try {
        const sending = {
          client,
          request,
          config,
          version,
          url: target.url,
          wallMs: clock.wall(),
          lookup,
          progress,
        };
        await Promise.race([send({ ...sending, signal: deadline.signal }), deadline.passed]);
      } catch (error) {
        if (!progress.answer) {
          return {
            ok: false,
            ...failureOf(error, deadline, config.timeoutMs),
            next: 'retry',
            written: progress.connected,
          };
        }
      } finally {
        deadline[Symbol.dispose]();
      }
      return classifyAnswer(progress.answer!, clock.wall());
    },
  };
}

/** How far an attempt has come; what it has reached stays true when it is cut off. */
interface Progress {
  /** The connection stands, TLS included: from now on bytes of the request may have been written. */
  connected: boolean;
  /** Set when the head of the answer is here, whatever becomes of its body. */
  answer: Answer | null;
}

interface Sending {
  readonly client: Axios;
  readonly request: OutgoingRequest;
  readonly config: WebhookConfig;
  readonly version: string;
  readonly url: URL;
  readonly wallMs: number;
  readonly lookup: LookupFunction;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Resolves after the answer's body has been read as far as it is read at all. */
async function send(sending: Sending): Promise<void> {
  const { client, request, config, url, progress, signal } = sending;
  const headers = await webhookHeaders(sending);
  const agent = await createAgent(sending);
  // Already in the headers; axios would prefer them to a configured authorization.
  url.username = '';
  url.password = '';
  try {
    const response = await client.request<Readable>({
      url: url.href,
      method: config.method,
      headers,
      data: Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength),
      httpAgent: agent,
      httpsAgent: agent,
      signal,
    });
    const retryAfter: unknown = response.headers['retry-after'];
    progress.answer = {
      status: response.status,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
    await drain(response.data, signal);
  } finally {
    agent.destroy();
  }
}

/** An agent for one attempt: requests are rare, and a kept connection that the receiver has closed would cost an attempt. */
async function createAgent({ url, config, lookup, progress }: Sending): Promise<HttpAgent> {
  // A literal address is connected to without a lookup.
  const address = url.hostname.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(address)) throw new ForbiddenAddressError(address);

  const secure = url.protocol === 'https:';
  const options = { keepAlive: false, lookup };
  const tls = secure && config.tls ? await tlsOptions(config.tls) : {};
  const agent = secure ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (socketOptions, callback) => {
    const socket = connect(socketOptions, callback);
    socket?.once(secure ? 'secureConnect' : 'connect', () => {
      progress.connected = true;
    });
    return socket;
  };
  return agent;
}

/** Reads an answer's body up to its bound, its end, an error or the deadline, whichever comes first; never rejects. */
async function drain(body: Readable, signal: AbortSignal): Promise<void> {
  const cut = () => body.destroy();
  signal.addEventListener('abort', cut, { once: true });
  if (signal.aborted) cut();
  try {
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // Cut off by the receiver or by the deadline: the status was received, and it alone decides.
  } finally {
    signal.removeEventListener('abort', cut);
    body.destroy();
  }
}

function failureOf(
  error: unknown,
  deadline: Deadline,
  timeoutMs: number,
): Pick<FailedDelivery, 'reason' | 'message'> {
  if (deadline.expired) return { reason: 'timeout', message: `no answer within ${timeoutMs / 1000} s` };
  if (deadline.signal.aborted) return { reason: 'timeout', message: 'stopped before an answer came' };
  return { reason: reasonOfError(error), message: describeError(error) };
}
