/** Answers a request whose handler threw: a store that can't write is expected, a bad path is the client's, all else is a bug. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../log.ts';
import { StorageError } from '../storage-error.ts';
import { pathOf } from './access.ts';
import { refuse, sendError, sendFailure } from './answer.ts';

export const STORAGE_FAILURE = refuse('unavailable', 'the storage takes nothing at present', {
  'Retry-After': '1',
}).failure;

export function createFailed(
  log: Logger,
): (error: unknown, request: IncomingMessage, response: ServerResponse) => void {
  return (error, request, response) => {
    if (response.headersSent) {
      // Too late for another answer: the client must see that this one is not whole.
      logBug(log, error, request);
      response.destroy();
    } else if (error instanceof StorageError) {
      sendFailure(response, STORAGE_FAILURE);
    } else if (error instanceof URIError) {
      sendError(response, 'bad_data', 'the path is not percent-encoded UTF-8');
    } else {
      logBug(log, error, request);
      sendError(response, 'internal', 'an error of ours, see the log');
    }
  };
}

/** Never with headers, query or body: they may hold secrets. */
function logBug(log: Logger, error: unknown, request: IncomingMessage): void {
  log.error('request failed', {
    method: request.method,
    path: pathOf(request.url!).slice(0, 200),
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
