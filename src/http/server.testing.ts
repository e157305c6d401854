/** A real server around a fake backend, and the simplest client that can send anything to it. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { request as plainRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import type { LogFields, Logger } from '../log.ts';
import { createMetricsPage } from '../metrics/page.ts';
import { parsePush } from '../sources/push.ts';
import { FakeBackend } from './backend.testing.ts';
import { createHttpServer, type HttpAddress, type HttpServerOptions } from './server.ts';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines, and tells when one comes. */
export function createLogFake(): Logger & {
  readonly lines: LogLine[];
  next(message: string): Promise<LogLine>;
} {
  const lines: LogLine[] = [];
  const waiting: { message: string; resolve: (line: LogLine) => void }[] = [];
  const at =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}): void => {
      const line = { level, message, fields };
      lines.push(line);
      for (const waiter of waiting.splice(0)) {
        if (message.startsWith(waiter.message)) waiter.resolve(line);
        else waiting.push(waiter);
      }
    };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    next: (message) => new Promise((resolve) => void waiting.push({ message, resolve })),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  /** Any of 127.0.0.0/8: only 127.0.0.1 may write. */
  readonly from?: string;
  readonly tls?: Pick<RequestOptions, 'ca' | 'cert' | 'key'>;
}

export type TestServer = AsyncDisposable & {
  readonly backend: FakeBackend;
  readonly log: ReturnType<typeof createLogFake>;
  readonly address: HttpAddress;
  ask(path: string, ask?: Ask): Promise<Answer>;
  stop(): Promise<void>;
};

export async function startServer(
  options: Partial<Omit<HttpServerOptions, 'backend'>> & { readonly backend?: FakeBackend } = {},
): Promise<TestServer> {
  const backend = options.backend ?? new FakeBackend();
  const log = createLogFake();
  const server = createHttpServer({
    log,
    listen: { host: '127.0.0.1', port: 0 },
    enableLifecycle: true,
    parsePush,
    metricsPage: createMetricsPage(backend),
    ...options,
    backend,
  });
  const address = await server.start();
  return {
    backend,
    log,
    address,
    ask: (path, ask) => send(address, path, ask),
    stop: () => server.stop(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** Each time over a connection of its own. */
export function send(address: HttpAddress, path: string, ask: Ask = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, from, tls } = ask;
  const request = address.scheme === 'https' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: address.port,
        path,
        method,
        headers,
        agent: false,
        ...(from !== undefined && { localAddress: from }),
        ...tls,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
