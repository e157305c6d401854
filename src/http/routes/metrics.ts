/** `GET /metrics`, compressed off the event loop where the client takes gzip. Pages in the making or on their way are few and short-lived. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { sendError, sendFailure } from '../answer.ts';
import { gzipped, takesGzip } from '../gzip.ts';
import { readQuery } from '../query.ts';
import type { PlainHandler } from '../route.ts';

/** What makes the page; `accept` is the request's header. */
export interface MetricsPage {
  /** The body must not be read once the page was disposed of. */
  render(
    accept: string | undefined,
  ): Promise<{ readonly contentType: string; readonly body: Uint8Array } & Disposable>;
}

export interface MetricsOptions {
  readonly page: MetricsPage;
  readonly clock: Clock;
  /** A page that was not taken by then is broken off, so that slow readers hold no memory. */
  readonly deadlineMs: number;
}

/** A page is some megabytes: more readers than anybody has, fewer than fill the memory. */
const MAX_PAGES = 16;

export function metricsHandler({ page, clock, deadlineMs }: MetricsOptions): PlainHandler {
  let pages = 0;
  return async (request, response) => {
    const query = readQuery(request.url!, []);
    if (!query.ok) return sendFailure(response, query.failure);
    if (pages >= MAX_PAGES) {
      return sendError(response, 'unavailable', 'too many scrapes at once', { 'Retry-After': '1' });
    }
    pages++;
    const deadline = clock.after(deadlineMs, () => response.destroy());
    response.once('close', () => {
      pages--;
      deadline[Symbol.dispose]();
    });
    const rendered = await page.render(request.headers.accept);
    const { contentType } = rendered;
    if (takesGzip(request.headers['accept-encoding'])) {
      using whole = rendered;
      send(response, { contentType, zipped: true, body: await gzipped(whole.body) });
    } else {
      response.once('close', () => rendered[Symbol.dispose]());
      send(response, { contentType, zipped: false, body: rendered.body });
    }
  };
}

function send(
  response: ServerResponse,
  { contentType, zipped, body }: { contentType: string; zipped: boolean; body: Uint8Array },
): void {
  response.setHeader('Vary', 'Accept, Accept-Encoding');
  response.setHeader('Cache-Control', 'no-store');
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(body);
}
