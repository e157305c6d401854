/**
 * `GET /api/v1/explain`: why a model version did, or did not, ask for a retrain; every version's where none is named.
 * Beside `data`, and beside the error where no version is known, the answer tells what concerns no single version.
 */
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { isExplained, viewExplain, viewExtras } from '../explain-view.ts';
import { readQuery } from '../query.ts';
import type { Route } from '../route.ts';

export function explainRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/api/v1/explain',
      methods: {
        get(request, response) {
          const query = readQuery(request.url!, ['model', 'version']);
          if (!query.ok) return sendFailure(response, query.failure);
          const name = query.values.get('model');
          if (name === undefined) return sendError(response, 'bad_data', 'model: missing');
          const only = query.values.get('version');
          const versions = [...(backend.world.models.get(name)?.versions.values() ?? [])].filter(
            (version) => (only === undefined || version.name.version === only) && isExplained(version),
          );
          if (versions.length === 0) {
            const message = 'no such model version has been seen';
            return sendFailure(response, { type: 'not_found', message, details: viewExtras(backend) });
          }
          sendData(
            response,
            versions.map((version) => viewExplain(version, backend)),
            viewExtras(backend),
          );
        },
      },
    },
  ];
}
