/** What drifts, since when and why. */
import { z } from 'zod';
import { episode, explainAnswer, signal, unknownModel } from '../answers.ts';
import type { Operations } from '../operation.ts';
import { data, fault, JSON_TYPE, LIMIT, list } from '../operation.ts';
import { phase } from '../words.ts';

export const STATE_OPERATIONS: Operations = {
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
  '/api/v1/explain': {
    get: {
      id: 'explain',
      tag: 'state',
      summary: 'Why a model version did, or did not, ask for a retrain',
      query: {
        model: { schema: z.string().min(1), description: 'The name of the model.', required: true },
        version: { schema: z.string().min(1), description: 'Default: every version, the newest first.' },
        limit: LIMIT,
      },
      answers: {
        200: { description: 'One explanation per version.', content: [JSON_TYPE, explainAnswer] },
        404: fault('No such model version has been seen.', unknownModel),
      },
    },
  },
};
