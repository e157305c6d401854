/** A real HTTP server on 127.0.0.1 that stands for a target. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ScrapeConfig } from '../config/config.ts';

const TLS_FOLDER = new URL('../../test/data/tls/', import.meta.url);

/** The path of a file in `test/data/tls`. */
export function tlsFile(name: 'ca.pem' | 'server.pem' | 'server-key.pem'): string {
  return new URL(name, TLS_FOLDER).pathname;
}

export interface TestTarget extends AsyncDisposable {
  readonly address: string;
  readonly requests: readonly IncomingMessage[];
  /** Connections so far. */
  readonly connections: number;
  /** What is answered from now on. */
  answer: RequestListener;
  /** Settles with the next request. */
  nextRequest(): Promise<IncomingMessage>;
}

export async function startTarget(
  answer: RequestListener,
  { secure = false }: { secure?: boolean } = {},
): Promise<TestTarget> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let waiting = Promise.withResolvers<IncomingMessage>();
  let connections = 0;
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const { resolve } = waiting;
    waiting = Promise.withResolvers();
    target.answer(request, response);
    resolve(request);
  };
  const server = secure
    ? createSecureServer(
        { cert: readFileSync(tlsFile('server.pem')), key: readFileSync(tlsFile('server-key.pem')) },
        listener,
      )
    : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const target: TestTarget = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    get connections() {
      return connections;
    },
    nextRequest: () => waiting.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return target;
}

/** Answers with a page of the text format. */
export function page(body: string): RequestListener {
  return (_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(body);
  };
}

export function scrapeConfig(overrides: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    jobName: 'serving',
    scheme: 'http',
    metricsPath: '/metrics',
    params: new Map(),
    headers: new Map(),
    schedule: { kind: 'interval', intervalMs: 10_000 },
    timeoutMs: 10_000,
    bodySizeLimitBytes: 10 * 1024 * 1024,
    sampleLimit: 50_000,
    identity: { model: 'model', version: 'version' },
    metricRelabelConfigs: [],
    targets: [],
    ...overrides,
  };
}
