/**
 * Fetches the page of one target: one GET under a total deadline, over a kept connection, into a buffer that is used
 * again. Redirects are not followed, the environment's proxies are not asked, and a body is cut off as soon as its
 * decoded size passes the limit.
 */
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import type { ScrapeConfig } from '../config/config.ts';
import type { OutgoingTls } from '../outgoing/credentials.ts';
import { authorizationHeader, readHeaderSecret, tlsOptions } from '../outgoing/credentials.ts';
import { createDeadline } from '../outgoing/deadline.ts';
import type { FailureReason } from '../outgoing/failure.ts';
import { describeError, oneLine, reasonOfError, reasonOfStatus } from '../outgoing/failure.ts';
import type { Page } from './formats/page.ts';
import type { TargetUrl } from './target-url.ts';

export type FetchResult =
  /** `contentType`: of the page, as the target has sent it; empty where it has sent none. */
  | { readonly ok: true; readonly contentType: string }
  /** `message` is one line free of secrets. */
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** The formats that are asked for. */
  readonly accept: string;
}

/** A failure of a page, as opposed to one of the connection. */
class PageError extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export class PageFetcher {
  readonly #config: ScrapeConfig;
  readonly #url: TargetUrl;
  readonly #clock: Clock;
  readonly #userAgent: string;
  #agent: HttpAgent | undefined;
  #tls: OutgoingTls | undefined;

  constructor(options: { config: ScrapeConfig; url: TargetUrl; clock: Clock; userAgent: string }) {
    this.#config = options.config;
    this.#url = options.url;
    this.#clock = options.clock;
    this.#userAgent = options.userAgent;
  }

  /** Overwrites `page`. Settles soon after `signal` aborts; the result then means nothing. */
  async fetch(page: Page, { signal, accept }: FetchOptions): Promise<FetchResult> {
    const { timeoutMs } = this.#config;
    const deadline = createDeadline({ clock: this.#clock, timeoutMs, signal });
    try {
      const reading = this.#read(page, { signal: deadline.signal, accept });
      return { ok: true, contentType: await Promise.race([reading, deadline.passed]) };
    } catch (error) {
      if (deadline.expired)
        return { ok: false, reason: 'timeout', message: `not done within ${timeoutMs} ms` };
      if (error instanceof PageError) return { ok: false, reason: error.reason, message: error.message };
      return { ok: false, reason: reasonOfError(error), message: describeError(error) };
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  /** Ends the kept connection. */
  close(): void {
    this.#agent?.destroy();
  }

  /** Answers the content type. */
  async #read(page: Page, { signal, accept }: FetchOptions): Promise<string> {
    const headers = { ...(await this.#headers()), accept };
    const agent = await this.#currentAgent();
    signal.throwIfAborted();
    const response = await this.#respond({ headers, agent, signal });
    try {
      await readBody(response, { page, limitBytes: this.#config.bodySizeLimitBytes, signal });
      return response.headers['content-type'] ?? '';
    } finally {
      // A body that was not wanted is not waited for.
      if (!response.readableEnded) response.destroy();
    }
  }

  async #headers(): Promise<OutgoingHttpHeaders> {
    const { headers, auth, timeoutMs } = this.#config;
    const all: OutgoingHttpHeaders = {};
    for (const [name, secret] of headers) all[name.toLowerCase()] = await readHeaderSecret(secret);
    if (auth) all['authorization'] = await authorizationHeader(auth);
    all['accept-encoding'] = 'gzip';
    all['user-agent'] = this.#userAgent;
    all['x-prometheus-scrape-timeout-seconds'] = String(timeoutMs / 1000);
    return all;
  }

  /** One agent for all requests, so that the connection is kept; a new one where a certificate has changed. */
  async #currentAgent(): Promise<HttpAgent> {
    const tls = this.#url.secure && this.#config.tls ? await tlsOptions(this.#config.tls) : undefined;
    if (this.#agent && isDeepStrictEqual(tls, this.#tls)) return this.#agent;
    this.#agent?.destroy();
    this.#tls = tls;
    const options = { keepAlive: true, maxSockets: 1, ...tls };
    this.#agent = this.#url.secure ? new HttpsAgent(options) : new HttpAgent(options);
    return this.#agent;
  }

  async #respond(sending: {
    headers: OutgoingHttpHeaders;
    agent: HttpAgent;
    signal: AbortSignal;
  }): Promise<IncomingMessage> {
    const { secure, host, port, path } = this.#url;
    for (let attempt = 1; ; attempt++) {
      const request = (secure ? requestHttps : requestHttp)({ host, port, path, ...sending });
      try {
        return await responseOf(request);
      } catch (error) {
        // The target may close a kept connection at the very moment it is used again: that is no failure of the target.
        const wasClosed = request.reusedSocket && reasonOfError(error) === 'reset';
        if (!wasClosed || attempt > 1) throw error;
      }
    }
  }
}

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

async function readBody(
  response: IncomingMessage,
  { page, limitBytes, signal }: { page: Page; limitBytes: number; signal: AbortSignal },
): Promise<void> {
  // Once it was given up, the page belongs to somebody else.
  signal.throwIfAborted();
  const status = response.statusCode!;
  if (status < 200 || status > 299)
    throw new PageError(reasonOfStatus(status), `the target answered ${status}`);

  page.clear();
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (signal.aborted) {
        done(new PageError('timeout', 'given up'));
      } else if (page.length + chunk.length > limitBytes) {
        done(new PageError('too_large', `the body is larger than ${limitBytes} bytes`));
      } else {
        page.append(chunk);
        done();
      }
    },
  });
  const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') {
    await pipeline(response, sink, { signal });
  } else if (encoding === 'gzip' || encoding === 'x-gzip') {
    await pipeline(response, createGunzip({ chunkSize: 64 * 1024 }), sink, { signal }).catch(refuseGzip);
  } else {
    throw new PageError('parse', `the body is encoded as ${oneLine(encoding)}, which was not asked for`);
  }
}

function refuseGzip(error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_')) throw new PageError('parse', `the body is not valid gzip (${code})`);
  throw error;
}
