/** `GET /api/v1/retrains` and `/{id}`: retrain requests of any status, newest first. */
import type { RequestStatus, RetrainRequest } from '../../core/retrain.ts';
import type { History, HistoryFilter } from '../../store/store.ts';
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { ListFilter } from '../query.ts';
import { readListQuery, readQuery } from '../query.ts';
import type { Route } from '../route.ts';
import { viewRetrain } from '../views.ts';

/** A record, so that no status can be forgotten. */
const STATUSES: Readonly<Record<RequestStatus, null>> = {
  requested: null,
  delivered: null,
  running: null,
  parked: null,
  succeeded: null,
  failed: null,
  timed_out: null,
  withdrawn: null,
  cancelled: null,
  dry_run: null,
};

export function retrainRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/api/v1/retrains',
      methods: {
        get(request, response) {
          const states = Object.keys(STATUSES) as RequestStatus[];
          const query = readListQuery(request.url!, { stateKey: 'status', states });
          if (!query.ok) return sendFailure(response, query.failure);
          const { before } = query.filter;
          if (before !== undefined && !backend.history.request(before)) {
            return sendError(response, 'bad_data', 'before: no retrain request has this id');
          }
          sendData(response, listRetrains(backend.history, query.filter).map(viewRetrain));
        },
      },
    },
    {
      path: '/api/v1/retrains/:id',
      methods: {
        get(request, response) {
          const query = readQuery(request.url!, []);
          if (!query.ok) return sendFailure(response, query.failure);
          const retrain = backend.history.request(request.params['id']!);
          if (!retrain) return sendError(response, 'not_found', 'no retrain request has this id');
          sendData(response, viewRetrain(retrain));
        },
      },
    },
  ];
}

const CHUNK = 1000;

/** A request's metrics are those of its episode, which history knows by id only: so they are filtered here. */
function listRetrains(
  history: History,
  { state, metric, ...filter }: ListFilter<RequestStatus>,
): RetrainRequest[] {
  const status = state === undefined ? {} : { status: state };
  if (metric === undefined) return history.requests({ ...filter, ...status });
  const found: RetrainRequest[] = [];
  let from: HistoryFilter = { ...filter, limit: CHUNK };
  for (;;) {
    const chunk = history.requests({ ...from, ...status });
    for (const request of chunk) {
      if (request.episode === null || !history.episode(request.episode)?.metrics.includes(metric)) continue;
      found.push(request);
      if (found.length === filter.limit) return found;
    }
    if (chunk.length < CHUNK) return found;
    from = { ...from, before: chunk.at(-1)!.id };
  }
}
