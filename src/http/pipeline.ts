/** What happens to every request, in order: the headers of every answer, access, then the route. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import { sendError, sendFailure } from './answer.ts';
import type { PlainHandler } from './route.ts';

export interface PipelineOptions {
  /** For every answer, as configured now. */
  headers(): ReadonlyMap<string, string>;
  readonly access: Access;
  /** By method and URL (`GET /metrics`): called without the router, which would cost more than they do. */
  readonly hot: ReadonlyMap<string, PlainHandler>;
  /** Everything else. */
  readonly app: (request: IncomingMessage, response: ServerResponse) => void;
  readonly failed: (error: unknown, request: IncomingMessage, response: ServerResponse) => void;
}

export function createPipeline({ headers, access, hot, app, failed }: PipelineOptions): PlainHandler {
  const run: PlainHandler = async (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    for (const [name, value] of headers()) response.setHeader(name, value);
    // Absolute targets and `*` mean proxies and servers as a whole; access and router must see the same path.
    if (!request.url?.startsWith('/')) return sendError(response, 'bad_data', 'the target must be a path');
    const judged = access(request);
    const verdict = judged instanceof Promise ? await judged : judged;
    // The client may have left during its login: then nothing would ever end what a handler begins.
    if (response.destroyed) return;
    if (!verdict.ok) return sendFailure(response, verdict.failure);
    const handler = hot.get(`${request.method} ${request.url}`);
    if (handler) await handler(request, response);
    else app(request, response);
  };

  return async (request, response) => {
    try {
      await run(request, response);
    } catch (error) {
      failed(error, request, response);
    }
  };
}
