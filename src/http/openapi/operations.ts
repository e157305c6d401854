/** Every path of the API, what it takes and what it answers: the table that the OpenAPI document is made from. */
import { z } from 'zod';
import {
  answerOf,
  build,
  config,
  episode,
  error,
  explainAnswer,
  pushError,
  retrain,
  signal,
  unknownModel,
} from './answers.ts';
import { cancelBody, metricEvent, outcomeBody, pushBody, redeliverBody } from './bodies.ts';
import { changeMessage, eventMessage, missedMessage } from './messages.ts';
import { phase, requestStatus } from './words.ts';

export interface Answer {
  readonly description: string;
  /** Content type and schema; left out: no body. */
  readonly content?: readonly [type: string, schema: z.ZodType];
}

export interface Parameter {
  readonly schema: z.ZodType;
  readonly description: string;
  readonly required?: true;
}

export interface Operation {
  readonly id: string;
  readonly tag: 'state' | 'events' | 'retrains' | 'process';
  readonly summary: string;
  readonly description?: string;
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly schema: z.ZodType; readonly description?: string; readonly lines?: string };
  /** By status. What every operation of its kind may answer is added to these. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** `open`: for everybody. `token`: with the request's own token. Default: as the web config says. */
  readonly access?: 'open' | 'token';
}

export type Method = 'get' | 'post' | 'put';
export type Operations = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;

const JSON_TYPE = 'application/json';
const data = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: [JSON_TYPE, answerOf(schema)],
});
const text = (description: string): Answer => ({ description, content: ['text/plain', z.string()] });
const fault = (description: string, schema: z.ZodType = error): Answer => ({
  description,
  content: [JSON_TYPE, schema],
});

const MODEL: Parameter = { schema: z.string().min(1), description: 'Only of the model of this name.' };
const VERSION: Parameter = { schema: z.string().min(1), description: 'Only of this version.' };
const METRIC: Parameter = { schema: z.string().min(1), description: 'Only of this metric.' };

const list = (before: string) => ({
  model: MODEL,
  version: VERSION,
  metric: METRIC,
  limit: {
    schema: z.int().min(1).max(1000).meta({ default: 100 }),
    description: 'How many at most.',
  },
  before: { schema: z.string().min(1), description: before },
});

const reload: Operation = {
  id: 'reload',
  tag: 'process',
  summary: 'Reads the config file anew',
  description: 'Applies the whole file or nothing. Needs `--web.enable-lifecycle`, else 403.',
  answers: {
    200: data('The file is the live config now.', z.null()),
    500: fault('The file has problems: the error lists them, and the old config stays.'),
  },
};

const acted = {
  200: data('The request as it is now.', retrain),
  404: fault('No request has this id.'),
};

export const OPERATIONS: Operations = {
  '/metrics': {
    get: {
      id: 'metrics',
      tag: 'process',
      summary: 'The page for Prometheus',
      description: 'In OpenMetrics’ text format where `Accept` asks for it; compressed where gzip is taken.',
      answers: {
        200: text('The metrics, in Prometheus’ text format.'),
        503: fault('Too many scrapes at once; `Retry-After` says when to come back.'),
      },
    },
  },
  '/-/healthy': {
    get: {
      id: 'healthy',
      tag: 'process',
      summary: 'Whether the process answers',
      access: 'open',
      answers: { 200: text('It does.') },
    },
  },
  '/-/ready': {
    get: {
      id: 'ready',
      tag: 'process',
      summary: 'Whether start-up has ended',
      description: 'Nothing outside the process makes it unready.',
      access: 'open',
      answers: { 200: text('It has.'), 503: text('It has not.') },
    },
  },
  '/-/reload': { post: reload, put: { ...reload, id: 'reloadByPut' } },
  '/api/v1/events': {
    get: {
      id: 'streamEvents',
      tag: 'events',
      summary: 'What happens, as it happens, as Server-Sent Events',
      description:
        'Frames are of the kind `event` (data: EventMessage), `change` (data: ChangeMessage) and `missed` (data: MissedMessage): ' +
        'of a reader that is too slow, the oldest frames give way, and before the next one it is told how many it missed. ' +
        'A comment comes at once, and every 15 seconds. Nothing is sent again after a reconnection. At most 64 readers.',
      query: {
        type: {
          schema: z.enum(['event', 'change']),
          description: 'Only frames of this kind; default: both.',
        },
        model: MODEL,
        version: VERSION,
        metric: METRIC,
      },
      answers: {
        200: {
          description: 'A stream without an end.',
          content: ['text/event-stream', z.string()],
        },
        503: fault('There are as many readers as may be; `Retry-After` says when to come back.'),
      },
    },
    post: {
      id: 'pushEvents',
      tag: 'events',
      summary: 'Metric events: one object, an array, or an object per line',
      description:
        'All or nothing, and durable when it is answered. Told apart by the bytes alone; the content type is ignored. Late events are taken, dropped and counted.',
      body: { schema: pushBody, lines: 'One MetricEvent per line.', description: '10 MB at most, decoded.' },
      answers: {
        204: { description: 'All of them are stored.' },
        400: fault('Nothing was taken, because of the items listed.', pushError),
      },
    },
  },
  '/api/v1/signals': {
    get: {
      id: 'listSignals',
      tag: 'state',
      summary: 'Every signal as it is now, by model, version and metric',
      query: {
        ...list(
          'The last one of a page, `name:version:metric` with each part percent-encoded; gives the next page.',
        ),
        state: { schema: phase, description: 'Only those in this drift state.' },
      },
      answers: { 200: data('The signals.', z.array(signal)) },
    },
  },
  '/api/v1/episodes': {
    get: {
      id: 'listEpisodes',
      tag: 'state',
      summary: 'Drift episodes, newest first',
      query: {
        ...list('The id of the last one of a page; gives the next page.'),
        state: { schema: z.enum(['open', 'closed']), description: 'Only open or only closed ones.' },
      },
      answers: { 200: data('The episodes.', z.array(episode)) },
    },
  },
  '/api/v1/episodes/{id}': {
    get: {
      id: 'getEpisode',
      tag: 'state',
      summary: 'One drift episode',
      answers: { 200: data('The episode.', episode), 404: fault('No episode has this id.') },
    },
  },
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
  '/api/v1/explain': {
    get: {
      id: 'explain',
      tag: 'state',
      summary: 'Why a model version did, or did not, ask for a retrain',
      query: {
        model: { schema: z.string().min(1), description: 'The name of the model.', required: true },
        version: { schema: z.string().min(1), description: 'Default: every version.' },
      },
      answers: {
        200: { description: 'One explanation per version.', content: [JSON_TYPE, explainAnswer] },
        404: fault('No such model version has been seen.', unknownModel),
      },
    },
  },
  '/api/v1/status/config': {
    get: {
      id: 'getConfig',
      tag: 'process',
      summary: 'The live config, secrets redacted',
      answers: { 200: data('The config.', config) },
    },
  },
  '/api/v1/status/buildinfo': {
    get: {
      id: 'getBuild',
      tag: 'process',
      summary: 'Which build runs',
      answers: { 200: data('The build.', build) },
    },
  },
  '/api/v1/openapi.json': {
    get: {
      id: 'getOpenApi',
      tag: 'process',
      summary: 'This document',
      answers: {
        200: {
          description: 'An OpenAPI 3.1 document.',
          content: [JSON_TYPE, z.looseObject({ openapi: z.string() })],
        },
      },
    },
  },
};

/** In the document though no operation names them: what the frames and lines of text hold. */
export const MENTIONED: readonly z.ZodType[] = [metricEvent, eventMessage, changeMessage, missedMessage];
