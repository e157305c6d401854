/** What was asked of the pipeline, and what came of it. */
import { z } from 'zod';
import { retrain } from '../answers.ts';
import { cancelBody, outcomeBody, redeliverBody } from '../bodies.ts';
import type { Operations } from '../operation.ts';
import { data, fault, list } from '../operation.ts';
import { requestStatus } from '../words.ts';

const acted = {
  200: data('The request as it is now.', retrain),
  404: fault('No request has this id.'),
};

export const RETRAIN_OPERATIONS: Operations = {
  '/api/v1/retrains': {
    get: {
      id: 'listRetrains',
      tag: 'retrains',
      summary: 'Retrain requests, newest first',
      query: {
        ...list('The id of the last one of a page; gives the next page.'),
        status: { schema: requestStatus, description: 'Only those of this status.' },
      },
      answers: { 200: data('The requests.', z.array(retrain)) },
    },
  },
  '/api/v1/retrains/{id}': {
    get: {
      id: 'getRetrain',
      tag: 'retrains',
      summary: 'One retrain request',
      answers: { 200: data('The request.', retrain), 404: fault('No request has this id.') },
    },
  },
  '/api/v1/retrains/{id}/outcome': {
    post: {
      id: 'reportOutcome',
      tag: 'retrains',
      summary: 'The pipeline reports how the training goes',
      description:
        'With the token that came with the request, from any address. The same report again is answered like the first; one after `timed_out` is recorded.',
      access: 'token',
      body: { schema: outcomeBody },
      answers: {
        ...acted,
        409: fault('The request has ended otherwise.'),
      },
    },
  },
  '/api/v1/retrains/{id}/redeliver': {
    post: {
      id: 'redeliver',
      tag: 'retrains',
      summary: 'Sends a parked request again',
      body: {
        schema: redeliverBody,
        description: 'Through another trigger, where one is named. May be empty.',
      },
      answers: { ...acted, 409: fault('The request is not parked.') },
    },
  },
  '/api/v1/retrains/{id}/cancel': {
    post: {
      id: 'cancel',
      tag: 'retrains',
      summary: 'Gives a request up',
      body: { schema: cancelBody, description: 'May be empty.' },
      answers: { ...acted, 409: fault('The request has ended already.') },
    },
  },
};
