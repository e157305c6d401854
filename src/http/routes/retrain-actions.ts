/** What is said to a retrain request: the pipeline reports its outcome, a person sends it again or gives it up. */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { RetrainRequest } from '../../core/retrain.ts';
import { bearerToken } from '../access.ts';
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { BodyReader } from '../body.ts';
import { boundedText, readJson } from '../json-body.ts';
import { readQuery } from '../query.ts';
import type { Acted } from '../retrain-acts.ts';
import { cancel, redeliver, report } from '../retrain-acts.ts';
import type { Handler, Route, RouteRequest } from '../route.ts';
import { viewRetrain } from '../views.ts';

export const OUTCOME = z.strictObject({
  status: z.enum(['running', 'succeeded', 'failed'], { error: 'expected running, succeeded or failed' }),
  version: boundedText(1024).min(1, { error: 'must not be empty' }).optional(),
  message: boundedText(4096).optional(),
});
export const REDELIVER = z.strictObject({ trigger: z.string().optional() });
export const CANCEL = z.strictObject({});

export function retrainActionRoutes(backend: Backend, readBody: BodyReader): readonly Route[] {
  /** The shared beginning: the request that the path names, or the answer that there is none. */
  const withRetrain =
    (
      act: (retrain: RetrainRequest, request: RouteRequest, response: ServerResponse) => Promise<void>,
    ): Handler =>
    async (request, response) => {
      const query = readQuery(request.url!, []);
      if (!query.ok) return sendFailure(response, query.failure);
      const retrain = backend.history.request(request.params['id']!);
      if (!retrain) return sendError(response, 'not_found', 'no retrain request has this id');
      await act(retrain, request, response);
    };

  /** The shared end: answers with the request as it is then, or with what is wrong. */
  const answerActed = (acted: Acted, retrain: RetrainRequest, response: ServerResponse): void => {
    if (acted.ok) sendData(response, viewRetrain(backend.history.request(retrain.id) ?? retrain));
    else sendFailure(response, acted.failure);
  };

  const outcome = withRetrain(async (retrain, request, response) => {
    const token = bearerToken(request);
    if (!token || !backend.tokenFits(retrain.id, token)) {
      const headers = { 'WWW-Authenticate': 'Bearer realm="driftgauge"' };
      return sendError(response, 'unauthorized', 'an outcome needs the token of its request', headers);
    }
    const body = await readJson(request, { schema: OUTCOME, readBody });
    if (!body.ok) return answerUnread(response, body);
    const { status, version = null, message = null } = body.value;
    const acted = await report(backend, retrain, { kind: 'outcome', status, version, message });
    answerActed(acted, retrain, response);
  });

  const again = withRetrain(async (retrain, request, response) => {
    const body = await readJson(request, { schema: REDELIVER, readBody });
    if (!body.ok) return answerUnread(response, body);
    answerActed(await redeliver(backend, retrain, body.value.trigger), retrain, response);
  });

  const giveUp = withRetrain(async (retrain, request, response) => {
    const body = await readJson(request, { schema: CANCEL, readBody });
    if (!body.ok) return answerUnread(response, body);
    answerActed(await cancel(backend, retrain), retrain, response);
  });

  return [
    { path: '/api/v1/retrains/:id/outcome', methods: { post: outcome } },
    { path: '/api/v1/retrains/:id/redeliver', methods: { post: again } },
    { path: '/api/v1/retrains/:id/cancel', methods: { post: giveUp } },
  ];
}

function answerUnread(
  response: ServerResponse,
  { failure }: Extract<Awaited<ReturnType<typeof readJson>>, { ok: false }>,
): void {
  if (failure) sendFailure(response, failure);
}
