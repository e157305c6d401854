/** The HTTP server: plain or TLS by the web config file, with limits on, the routes of the API, and an orderly end. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Clock, systemClock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createAccess, mayWrite } from './access.ts';
import type { Backend } from './backend.ts';
import { createAuthenticate } from './basic-auth.ts';
import { createBodyReader } from './body.ts';
import { clientFits } from './client-certificate.ts';
import { createFailed } from './failed.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { createPipeline } from './pipeline.ts';
import { createApp, type PlainHandler, type Route } from './route.ts';
import { episodeRoutes } from './routes/episodes.ts';
import { createEventStreams, type EventStreams } from './routes/event-stream.ts';
import { eventsHandler, type ParsePush } from './routes/events.ts';
import { explainRoutes } from './routes/explain.ts';
import { healthRoutes } from './routes/health.ts';
import { type MetricsPage, metricsHandler } from './routes/metrics.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { pageRoutes } from './routes/pages.ts';
import { reloadRoutes } from './routes/reload.ts';
import { retrainActionRoutes } from './routes/retrain-actions.ts';
import { retrainRoutes } from './routes/retrains.ts';
import { signalRoutes } from './routes/signals.ts';
import { statusRoutes } from './routes/status.ts';
import { NO_WEB_CONFIG, type WebConfig } from './web-config.ts';
import { WebConfigError } from './web-config-error.ts';
import { type WebConfigWatch, watchWebConfig } from './web-config-watch.ts';

export interface HttpServerOptions {
  readonly backend: Backend;
  readonly log: Logger;
  /** Port 0: any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** In the exporter-toolkit's format. */
  readonly webConfigFile?: string;
  /** How others reach us: pages of its origin may write, where users have to log in. */
  readonly externalUrl?: string;
  readonly enableLifecycle: boolean;
  readonly parsePush: ParsePush;
  readonly metricsPage: MetricsPage;
  readonly clock?: Clock;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpAddress {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

export interface HttpServer extends AsyncDisposable {
  /** Rejects with `WebConfigError`, or with the error of listening (`EADDRINUSE`). Once only. */
  start(): Promise<HttpAddress>;
  /** Takes nothing new, lets requests in progress end, and breaks them off after `drainMs`. */
  stop(): Promise<void>;
  /** Null unless it listens. */
  readonly address: HttpAddress | null;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { backend, log, listen, webConfigFile, clock = systemClock } = options;
  const limits: HttpLimits = { ...DEFAULT_LIMITS, ...options.limits };
  let watch: WebConfigWatch | null = null;
  let server: Server | TlsServer | null = null;
  let address: HttpAddress | null = null;
  let stopping = false;
  const streams = createEventStreams({ backend, clock });

  const webConfig = (): WebConfig => watch?.current ?? NO_WEB_CONFIG;

  const createRequestHandler = (scheme: HttpAddress['scheme']): PlainHandler => {
    const failed = createFailed(log);
    const { hot, routes } = createRoutes(options, {
      clock,
      limits,
      streams,
      scheme,
      needUser: () => webConfig().users.size > 0,
    });
    const handle = createPipeline({
      headers: () => webConfig().headers,
      access: createAccess({
        scheme,
        users: () => webConfig().users,
        authenticate: createAuthenticate(),
        externalOrigin: URL.parse(options.externalUrl ?? '')?.origin ?? null,
        tokenFits: (request, token) => backend.tokenFits(request, token),
      }),
      hot,
      app: createApp(routes, failed),
      failed,
    });
    return (request, response) => {
      if (stopping) response.setHeader('Connection', 'close');
      // A connection that has become idle would otherwise be waited for.
      response.once('close', () => stopping && server?.closeIdleConnections());
      return handle(request, response);
    };
  };

  return {
    get address() {
      return address;
    },

    async start() {
      if (webConfigFile !== undefined) {
        watch = await watchWebConfig({
          file: webConfigFile,
          clock,
          log,
          apply(config, before) {
            applyTls(server, config, before);
            // Who is a user no more must not go on reading.
            if (!sameUsers(config, before)) streams.endAll();
          },
        });
      }
      const scheme = webConfig().tls ? 'https' : 'http';
      server = createNodeServer(limits, webConfig);
      server.on('request', createRequestHandler(scheme));
      const listening = server;
      try {
        await new Promise<void>((resolve, reject) => {
          listening.once('error', reject);
          listening.listen(listen.port, listen.host, () => {
            listening.off('error', reject);
            resolve();
          });
        });
      } catch (error) {
        watch?.[Symbol.dispose]();
        throw error;
      }
      server.on('error', (error) => log.error('http server error', { error: error.message }));
      address = { scheme, host: listen.host, port: (server.address() as AddressInfo).port };
      const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
      log.info('listening', { address: `${scheme}://${host}:${address.port}` });
      return address;
    },

    async stop() {
      watch?.[Symbol.dispose]();
      const closing = server;
      if (!closing?.listening) return;
      stopping = true;
      address = null;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      streams.close();
      using _deadline = clock.after(limits.drainMs, () => closing.closeAllConnections());
      await closed;
    },

    async [Symbol.asyncDispose]() {
      await this.stop();
    },
  };
}

interface RouteNeeds {
  readonly clock: Clock;
  readonly limits: HttpLimits;
  readonly streams: EventStreams;
  readonly scheme: HttpAddress['scheme'];
  /** Whether a visitor has had to log in. */
  needUser(): boolean;
}

/** Exported for the tests that compare them with what is documented. */
export function createRoutes(
  { backend, parsePush, metricsPage, enableLifecycle }: HttpServerOptions,
  { clock, limits, streams, scheme, needUser }: RouteNeeds,
): { hot: ReadonlyMap<string, PlainHandler>; routes: readonly Route[] } {
  const readBody = createBodyReader({ heldBytes: limits.heldBodyBytes });
  const events = eventsHandler({ backend, readBody, parsePush, limitBytes: limits.bodyBytes });
  const metrics = metricsHandler({ page: metricsPage, clock, deadlineMs: limits.pageTimeoutMs });
  return {
    hot: new Map([
      ['POST /api/v1/events', events],
      ['GET /metrics', metrics],
    ]),
    routes: [
      ...healthRoutes(backend),
      ...reloadRoutes(backend, { enabled: enableLifecycle }),
      { path: '/metrics', methods: { get: metrics } },
      { path: '/api/v1/events', methods: { get: streams.handler, post: events } },
      ...signalRoutes(backend),
      ...episodeRoutes(backend),
      ...retrainRoutes(backend),
      ...retrainActionRoutes(backend, readBody),
      ...explainRoutes(backend),
      ...statusRoutes(backend),
      ...openApiRoutes(backend),
      ...pageRoutes(backend, {
        readBody,
        scheme,
        mayWrite: (request) => mayWrite(request, { scheme, needUser: needUser() }),
      }),
    ],
  };
}

function createNodeServer(limits: HttpLimits, webConfig: () => WebConfig): Server | TlsServer {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
  };
  const { tls } = webConfig();
  const server = tls
    ? createTlsServer({
        ...options,
        ...tls.context,
        handshakeTimeout: limits.headersTimeoutMs,
        requestCert: tls.clientAuth !== 'NoClientCert',
        rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
      })
    : createServer(options);
  server.maxConnections = limits.connections;
  server.timeout = limits.idleTimeoutMs;
  // Before node:https sees the connection, so that no request of a client that does not fit is read.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const now = webConfig().tls;
    if (!now || !clientFits(socket, now)) socket.destroy();
  });
  return server;
}

function sameUsers({ users }: WebConfig, { users: before }: WebConfig): boolean {
  return users.size === before.size && users.entries().every(([name, hash]) => before.get(name) === hash);
}

/** New certificates, names and ciphers are used for the next connection. What was fixed when the server was made can't change. */
function applyTls(server: Server | TlsServer | null, { tls }: WebConfig, { tls: before }: WebConfig): void {
  if ((tls === null) !== (before === null) || tls?.clientAuth !== before?.clientAuth) {
    throw new WebConfigError(['switching TLS or client_auth_type needs a restart']);
  }
  if (tls) (server as TlsServer | null)?.setSecureContext(tls.context);
}
