/** `GET /api/v1/episodes` and `/{id}`: open and ended ones, newest first. */
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { readListQuery, readQuery } from '../query.ts';
import type { Route } from '../route.ts';
import { viewEpisode } from '../views.ts';

export function episodeRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/api/v1/episodes',
      methods: {
        get(request, response) {
          const query = readListQuery(request.url!, { stateKey: 'state', states: ['open', 'closed'] });
          if (!query.ok) return sendFailure(response, query.failure);
          const { before } = query.filter;
          if (before !== undefined && !backend.history.episode(before)) {
            return sendError(response, 'bad_data', 'before: no episode has this id');
          }
          sendData(response, backend.history.episodes(query.filter).map(viewEpisode));
        },
      },
    },
    {
      path: '/api/v1/episodes/:id',
      methods: {
        get(request, response) {
          const query = readQuery(request.url!, []);
          if (!query.ok) return sendFailure(response, query.failure);
          const episode = backend.history.episode(request.params['id']!);
          if (!episode) return sendError(response, 'not_found', 'no episode has this id');
          sendData(response, viewEpisode(episode));
        },
      },
    },
  ];
}
