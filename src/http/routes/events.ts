/** `POST /api/v1/events`: pushed metric events, all or nothing. A 2xx means durable. */

import type { MetricEvent } from '../../bus.ts';
import type { Failure } from '../answer.ts';
import { sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { BodyReader } from '../body.ts';
import { readQuery } from '../query.ts';
import type { PlainHandler } from '../route.ts';

/** Reads a body into events, or says what is wrong with each; `now` is our time. */
export type ParsePush = (
  body: Uint8Array,
  now: number,
) =>
  | { readonly ok: true; readonly events: readonly MetricEvent[] }
  | {
      readonly ok: false;
      readonly items: readonly { readonly index: number; readonly path: string; readonly message: string }[];
      /** False where so much was wrong that the rest was not looked at. */
      readonly complete: boolean;
    };

export interface EventsOptions {
  readonly backend: Backend;
  readonly readBody: BodyReader;
  readonly parsePush: ParsePush;
  readonly limitBytes: number;
}

export function eventsHandler({ backend, readBody, parsePush, limitBytes }: EventsOptions): PlainHandler {
  return async (request, response) => {
    const query = readQuery(request.url!, []);
    if (!query.ok) return sendFailure(response, query.failure);
    const body = await readBody(request, limitBytes);
    if (!body.ok) {
      if (body.failure) sendFailure(response, body.failure);
      return;
    }
    const result = parsePush(body.bytes, backend.now());
    if (!result.ok) return sendFailure(response, notValid(result));
    if (result.events.length > 0) await backend.push(result.events);
    response.writeHead(204).end();
  };
}

function notValid({ items, complete }: { items: readonly unknown[]; complete: boolean }): Failure {
  const rest = complete ? '' : '; those after them were not looked at';
  return {
    type: 'bad_data',
    message: `nothing was taken, because of the items listed${rest}`,
    details: { items },
  };
}
