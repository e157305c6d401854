/** What a route is, and how routes become an Express app in which every other path is 404 and every other method 405. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import express from 'express';
import { sendError } from './answer.ts';

/** What a handler gets: Express adds `params`, the parts of the path that it names, decoded. */
export interface RouteRequest extends IncomingMessage {
  readonly params: Readonly<Record<string, string>>;
}

/** May throw or reject: `failed` answers then. */
export type Handler = (request: RouteRequest, response: ServerResponse) => void | Promise<void>;

/** For handlers that need no part of the path, and so can be called without Express. */
export type PlainHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Route {
  /** `:name` is one segment. */
  readonly path: string;
  readonly methods: { readonly get?: Handler; readonly post?: Handler; readonly put?: Handler };
}

export function createApp(
  routes: readonly Route[],
  failed: (error: unknown, request: IncomingMessage, response: ServerResponse) => void,
): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.enable('case sensitive routing').enable('strict routing');
  for (const { path, methods } of routes) {
    const route = app.route(path);
    for (const [method, handler] of Object.entries(methods) as ['get' | 'post' | 'put', Handler][]) {
      route[method]((request, response) => handler(request as unknown as RouteRequest, response));
    }
    const allow = allowed(methods);
    route.all((request, response) => {
      if (request.method === 'OPTIONS') response.writeHead(204, { Allow: allow }).end();
      else sendError(response, 'method_not_allowed', `this path takes ${allow}`, { Allow: allow });
    });
  }
  app.use((_request, response) => sendError(response, 'not_found', 'there is nothing at this path'));
  app.use(
    (error: unknown, request: express.Request, response: express.Response, _next: express.NextFunction) =>
      failed(error, request, response),
  );
  return app;
}

/** HEAD works wherever GET does. */
function allowed(methods: Route['methods']): string {
  return Object.keys(methods)
    .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
    .join(', ');
}
